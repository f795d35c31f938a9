// Publishing: what strangers see verifies, only grows, and is never signed in two ways.
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/log_key.h"
#include "ledger/public_log.h"
#include "tests/ledger/ledger_fixture.h"
#include "tests/ledger/vectors.h"

namespace groove::ledger {
namespace {

using ::testing::HasSubstr;

class PublishTest : public LedgerFixture {
 protected:
  std::string open_error() {
    const auto ledger = try_open();
    return ledger ? "opened" : ledger.error().message;
  }
  Status add(int count) {
    v1::Event event;
    event.mutable_event_refused()->set_reason("no songs");
    for (int i = 0; i < count; ++i) {
      ++number_;
      auto done = ledger_->handle({.listener = {7},
                                   .sequence = number_,
                                   .event = numbered_id(number_),
                                   .fact = event,
                                   .state = ""});
      if (!done) return std::unexpected(done.error());
    }
    return ledger_->flush();
  }
  VerifierKey key() { return load_log_key(disk_, kFolder, kTestOrigin)->verifier(); }
  std::filesystem::path file(const std::string& name) { return public_folder(kFolder) / name; }
  std::string verdict() {
    const auto log = PublicLog::open(disk_, public_folder(kFolder), key());
    if (!log) return log.error().message;
    const auto ok = log->verify(std::nullopt, nullptr);
    return ok ? "ok " + std::to_string(log->head().size) : ok.error().message;
  }

  std::uint64_t number_ = 0;
};

TEST_F(PublishTest, EveryHeadVerifiesWhileTheLogGrows) {
  open();
  for (const int count : {0, 1, 3, 250, 1, 1, 1, 200, 54, 300}) {
    ASSERT_TRUE(add(count));
    ASSERT_TRUE(ledger_->publish());
    ASSERT_EQ(verdict(), "ok " + std::to_string(number_ + 1));
  }
}

TEST_F(PublishTest, EachRecordIsProvedAndNoOther) {
  open();
  ASSERT_TRUE(add(300));
  ASSERT_TRUE(ledger_->publish());
  const auto log = PublicLog::open(disk_, public_folder(kFolder), key());
  for (const std::uint64_t index : {0, 1, 255, 256, 300}) {
    const auto proof = log->prove(index, std::nullopt);
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_TRUE(check_proof(*proof, leaf_hash(proof->extra), key()));
    EXPECT_EQ(leaf_hash(proof->extra), read_entry(disk_, kFolder, index)->leaf_hash);
  }
  EXPECT_EQ(log->prove(301, std::nullopt).error().code, Errc::kNotFound);
}

TEST_F(PublishTest, FirstHeadIsKeptAndTheLogProvablyGrewFromIt) {
  open();
  ASSERT_TRUE(ledger_->publish());
  ASSERT_TRUE(add(20));
  ASSERT_TRUE(ledger_->publish());
  const auto log = PublicLog::open(disk_, public_folder(kFolder), key());
  const auto growth = log->prove_growth(1, std::nullopt);
  ASSERT_TRUE(growth);
  EXPECT_FALSE(growth->hashes.empty());
  EXPECT_TRUE(log->prove(0, 1));
}

TEST_F(PublishTest, EveryFlippedByteOfWhatIsPublishedIsFound) {
  open();
  ASSERT_TRUE(add(258));
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  for (const std::string name : {"checkpoint", "tile/0/000", "tile/0/001.p/3", "tile/1/000.p/1",
                                 "tile/entries/000", "tile/entries/001.p/3", "checkpoints/259"}) {
    std::string& bytes = disk_.bytes(file(name));
    const std::string good = bytes;
    for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 97) {
      bytes[at] ^= 0x10;
      EXPECT_NE(verdict(), "ok 259") << name << " byte " << at;
      bytes = good;
    }
  }
  EXPECT_EQ(verdict(), "ok 259");
}

TEST_F(PublishTest, OldCopyOfTheLedgerRefusesToSign) {
  open();
  ASSERT_TRUE(add(3));
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  const std::string segment = disk_.bytes(segment_folder(kFolder) / segment_name(0));
  const std::string guard = disk_.bytes(guard_file(kFolder));
  open();
  ASSERT_TRUE(add(3));
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  disk_.bytes(segment_folder(kFolder) / segment_name(0)) = segment;
  EXPECT_THAT(open_error(), HasSubstr("signed records are gone"));
  disk_.bytes(guard_file(kFolder)) = guard;
  EXPECT_THAT(open_error(), HasSubstr("old copy"));
}

TEST_F(PublishTest, AnotherLogUnderTheSameKeyIsNeverSigned) {
  open();
  ASSERT_TRUE(add(3));
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  ASSERT_TRUE(disk_.remove(segment_folder(kFolder) / segment_name(0)));
  number_ = 0;
  EXPECT_THAT(open_error(), HasSubstr("signed records are gone"));
}

TEST_F(PublishTest, GuardChangedBySomebodyElseStopsTheSigning) {
  open();
  ASSERT_TRUE(ledger_->publish());
  ASSERT_TRUE(add(1));
  disk_.bytes(guard_file(kFolder)) += " ";
  EXPECT_EQ(ledger_->publish().error().code, Errc::kCorrupt);
  EXPECT_EQ(verdict(), "ok 1");
}

TEST_F(PublishTest, LostKeyIsNotReplacedOnceHeadsAreSigned) {
  open();
  ASSERT_TRUE(ledger_->publish());
  ledger_.reset();
  ASSERT_TRUE(disk_.remove(log_key_file(kFolder)));
  EXPECT_THAT(open_error(), HasSubstr("restore it"));
}

TEST_F(PublishTest, TileThatIsPublishedWithOtherBytesStopsTheSigning) {
  open();
  ASSERT_TRUE(add(3));
  ASSERT_TRUE(disk_.make_folder(file("tile/0/000.p")));
  ASSERT_TRUE(replace_whole(disk_, file("tile/0/000.p/4"), "x"));
  EXPECT_EQ(ledger_->publish().error().code, Errc::kCorrupt);
  ASSERT_TRUE(add(1));
  EXPECT_EQ(ledger_->publish().error().code, Errc::kCorrupt) << "it stays stopped";
}

// Whatever is lost, what is published verifies and only grows, and the ledger opens again.
TEST_F(PublishTest, PowerCutsAtEveryStepOfPublishingLeaveTheLogVerifiable) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ledger_.reset();
    disk_ = SimDisk(seed);
    number_ = 0;
    std::mt19937_64 random(seed);
    std::string last;
    for (int life = 0; life < 12; ++life) {
      auto ledger = try_open();
      ASSERT_TRUE(ledger) << "life " << life << ": " << ledger.error().message;
      ledger_ = std::move(*ledger);
      number_ = ledger_->size() - 1;
      if (ledger_->published() > 0) {
        const auto log = PublicLog::open(disk_, public_folder(kFolder), key());
        ASSERT_TRUE(log) << log.error().message;
        const auto ok = log->verify(last.empty() ? std::nullopt : std::optional(last), nullptr);
        ASSERT_TRUE(ok) << ok.error().message;
        last = disk_.bytes(file("checkpoint"));
      }
      disk_.die_after(static_cast<int>(random() % 90));
      while (!disk_.dead())
        if (!add(1 + static_cast<int>(random() % 90)) || !ledger_->publish()) break;
      ledger_.reset();
      disk_.lose_power();
    }
  }
}

TEST_F(PublishTest, ErasureIsRecordedAndNothingOpensTheRecordsAfterwards) {
  open();
  ASSERT_TRUE(add(2));
  const auto index = ledger_->erase({7});
  ASSERT_TRUE(index) << index.error().message;
  EXPECT_EQ(read_entry(disk_, kFolder, *index)->leaf.kind, Kind::kErasure);
  EXPECT_EQ(ledger_->erase({7}).error().code, Errc::kNotFound);
  KeyStore keys(disk_, key_folder(kFolder));
  EXPECT_FALSE(keys.find({7}));
  ASSERT_TRUE(ledger_->publish());
  EXPECT_EQ(verdict(), "ok 4");
  EXPECT_EQ(verify_text(disk_), "ok");
  number_ = 10;
  EXPECT_TRUE(add(1)) << "a listener who comes back gets a new key";
}

// Whenever the power goes, a key that is destroyed is on record once, and none that is on record is
// still there.
TEST_F(PublishTest, PowerCutsAtEveryStepOfAnErasureHideNothing) {
  for (int step = 0; step < 30; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    ledger_.reset();
    disk_ = SimDisk(static_cast<std::uint64_t>(step) + 1);
    number_ = 0;
    open();
    ASSERT_TRUE(add(2));
    disk_.die_after(step);
    const auto erased = ledger_->erase({7});
    ledger_.reset();
    disk_.lose_power();
    open();
    int recorded = 0;
    for (std::uint64_t i = 0; i < ledger_->size(); ++i)
      recorded += read_entry(disk_, kFolder, i)->leaf.kind == Kind::kErasure;
    const auto key = KeyStore(disk_, key_folder(kFolder)).find({7});
    const bool opens = key && key->secret != std::string(kSealKeyBytes, '\0');
    EXPECT_LE(recorded, 1);
    EXPECT_FALSE(erased && recorded == 0) << "it was acknowledged";
    EXPECT_FALSE(opens && recorded == 1) << "there is a record of a key that is still there";
    EXPECT_EQ(verify_text(disk_), "ok");
  }
}

TEST_F(PublishTest, NothingThatCanBeGuessedIsInARecord) {
  open();
  ASSERT_TRUE(add(1));
  const Entry entry = read_entry(disk_, kFolder, 1).value();
  EXPECT_EQ(entry.payload.find("no songs"), std::string::npos);
  const auto key = KeyStore(disk_, key_folder(kFolder)).find({7});
  const auto content = open_payload(*key, kTestOrigin, entry.leaf.entry_id, entry.payload);
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_NE(content->output.find("no songs"), std::string::npos);
}

}  // namespace
}  // namespace groove::ledger
