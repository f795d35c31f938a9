#include "ledger/core/note.h"

#include <map>
#include <random>

#include "ledger/core/checkpoint.h"
#include "ledger/core/hash.h"
#include "ledger/core/merkle.h"
#include "ledger/core/proof.h"
#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

class NoteTest : public ::testing::Test {
 protected:
  NoteTest() {
    for (const Row& row : read_rows("tests/golden/ledger/keys.tsv")) keys_[row[0]] = row[1];
    log_ = parse_skey(keys_["skey"]).value();
    witness_ = parse_vkey(keys_["witness_vkey"]).value();
  }
  VerifierKey key() const { return log_.verifier(); }
  static std::string checkpoint(const std::string& size) {
    return read_text(fs::path("tests/golden/ledger/logB/checkpoints") / size);
  }

  std::map<std::string, std::string> keys_;
  SignerKey log_;
  VerifierKey witness_;
};

TEST_F(NoteTest, KeysAreThoseOfTheReference) {
  EXPECT_EQ(log_.seed, from_hex(keys_["seed_hex"]));
  EXPECT_EQ(log_.text(), keys_["skey"]);
  EXPECT_EQ(key().public_key, from_hex(keys_["public_hex"]));
  EXPECT_EQ(key().text(), keys_["vkey"]);
  EXPECT_EQ(parse_vkey(keys_["vkey"]).value(), key());
  EXPECT_EQ(witness_.text(), keys_["witness_vkey"]);
  EXPECT_EQ(witness_.public_key, from_hex(keys_["witness_public_hex"]));
}

TEST_F(NoteTest, ChangedKeysAreRefused) {
  const std::string good = keys_["vkey"];
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(parse_vkey(bad)) << bad;
    EXPECT_FALSE(parse_vkey(good.substr(0, i))) << i;
  }
}

TEST_F(NoteTest, SigningGivesTheReferencesCheckpointsByteForByte) {
  for (const auto& folder : vector_folders()) {
    for (const auto& file : fs::directory_iterator(folder / "logB/checkpoints")) {
      const std::string note = read_text(file.path());
      const auto checkpoint = open_checkpoint(note, key());
      ASSERT_TRUE(checkpoint) << file.path() << ": " << checkpoint.error().message;
      const std::string text = encode_checkpoint(*checkpoint);
      EXPECT_TRUE(note.starts_with(sign_note(text, log_))) << file.path();
    }
  }
}

TEST_F(NoteTest, CosignatureIsTheReferences) {
  const std::string note = checkpoint("300.cosigned");
  const SignerKey signer{keys_["witness_name"], from_hex(keys_["witness_seed_hex"])};
  const auto plain = checkpoint("300");
  const auto text = encode_checkpoint(open_checkpoint(plain, key()).value());
  EXPECT_EQ(plain + cosign(text, signer, std::stoull(keys_["witness_time"])), note);
  const VerifierKey both[] = {key(), witness_};
  EXPECT_EQ(open_note(note, both).value().keys.size(), 2U);
}

TEST_F(NoteTest, EveryFlippedBitOfACosignedCheckpointIsRefused) {
  const std::string note = checkpoint("300.cosigned");
  const VerifierKey both[] = {key(), witness_};
  for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
    std::string bad = note;
    bad[bit / 8] ^= static_cast<char>(1U << bit % 8);
    const auto opened = open_note(bad, both);
    // A line whose name or id has changed is one of an unknown key, and those are ignored.
    EXPECT_FALSE(opened && opened->keys.size() == 2) << "bit " << bit;
    if (opened) {
      EXPECT_TRUE(note.starts_with(opened->text));
    }
  }
}

TEST_F(NoteTest, NoteWithoutAKnownSignatureIsRefused) {
  EXPECT_FALSE(open_note(checkpoint("300"), {&witness_, 1}));
  const SignerKey other{log_.name, std::string(32, 'x')};
  const auto text = encode_checkpoint(open_checkpoint(checkpoint("300"), key()).value());
  EXPECT_FALSE(open_checkpoint(sign_note(text, other), key()));
}

TEST_F(NoteTest, WrongCheckpointTextsAreRefused) {
  const std::string root = "hagc2vvAgDBByi3bE+wF263WzNRMFHCMiMFTOex275Y=";
  EXPECT_TRUE(decode_checkpoint("o\n300\n" + root + "\n"));
  for (const std::string& text : std::vector<std::string>{
           "o\n0300\n" + root + "\n", "o\n+1\n" + root + "\n", "o\n\n" + root + "\n",
           "\n300\n" + root + "\n", "o\n300\n" + root, "o\n300\n" + root.substr(1) + "\n",
           "o\n0\n" + root + "\n", "o\n99999999999999999999\n" + root + "\n",
           std::string("o\n300\nhagc2vvAgDBByi3bE+wF263WzNRMFHCMiMFTOex275Z=\n"),
           std::string("o\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")})
    EXPECT_FALSE(decode_checkpoint(text)) << text;
}

TEST_F(NoteTest, ProofsOfTheReferenceHoldForTheirLeafAlone) {
  for (const auto& folder : vector_folders()) {
    for (const auto& file : fs::directory_iterator(folder / "logB/leaves")) {
      const auto path = folder / "logB/proofs" / (file.path().stem().string() + ".tlog-proof");
      const std::string text = read_text(path);
      const auto proof = decode_proof(text);
      ASSERT_TRUE(proof) << path << ": " << proof.error().message;
      EXPECT_EQ(encode_proof(*proof), text);
      const std::string leaf = read_text(file.path());
      EXPECT_TRUE(check_proof(*proof, leaf_hash(leaf), key())) << path;
      EXPECT_FALSE(check_proof(*proof, leaf_hash(leaf + "x"), key())) << path;
      TlogProof other = *proof;
      other.index ^= 1;
      EXPECT_FALSE(check_proof(other, leaf_hash(leaf), key())) << path;
    }
  }
}

TEST_F(NoteTest, GrowthOfTheReferenceHolds) {
  for (const auto& folder : vector_folders()) {
    const auto roots = read_rows(folder / "rootsB.tsv");
    for (const auto& file : fs::directory_iterator(folder / "logB/proofs")) {
      if (file.path().extension() == ".tlog-proof") continue;
      const std::string text = read_text(file.path());
      const auto growth = decode_growth(text);
      ASSERT_TRUE(growth) << file.path() << ": " << growth.error().message;
      EXPECT_EQ(encode_growth(*growth), text);
      const auto to = open_checkpoint(growth->checkpoint, key()).value();
      if (growth->old_size >= roots.size()) continue;  // an excerpt
      EXPECT_TRUE(verify_consistency(growth->old_size, digest(roots[growth->old_size][1]), to.size,
                                     to.root, growth->hashes))
          << file.path();
    }
  }
}

TEST_F(NoteTest, ProofWithExtraBytesSurvivesTheRoundTrip) {
  const TlogProof proof{"receipt", 3, {leaf_hash("a")}, checkpoint("7")};
  EXPECT_EQ(decode_proof(encode_proof(proof)).value(), proof);
}

TEST_F(NoteTest, MalformedProofsAreRefused) {
  const std::string good = read_text("tests/golden/ledger/logB/proofs/2.tlog-proof");
  const auto body = good.substr(good.find('\n') + 1);
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  for (const std::string& text : std::vector<std::string>{
           "", body, "c2sp.org/tlog-proof@v2\n" + body, header + "extra !\n" + body,
           header + "extra \n" + body, header + "index 02\n\n", header + "index 2\nAA==\n\n",
           header + "index 2\n"})
    EXPECT_FALSE(decode_proof(text)) << text;
}

}  // namespace
}  // namespace groove::ledger
