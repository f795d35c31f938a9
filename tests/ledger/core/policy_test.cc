#include "ledger/core/policy.h"

namespace groove::ledger {
namespace {

using ::testing::HasSubstr;

const SignerKey kLog{"log.example/a", std::string(32, 'l')};

SignerKey witness(int number) {
  return {"w.example/" + std::to_string(number), std::string(32, static_cast<char>('a' + number))};
}
std::string vkey(const SignerKey& signer, KeyType type) {
  VerifierKey key = signer.verifier();
  key.type = type;
  return key.text();
}
// A log and four witnesses, w0 to w3.
std::string base() {
  std::string text = "# whom we trust\n\nlog " + kLog.verifier().text() + "\n";
  for (int i = 0; i < 4; ++i)
    text += "witness w" + std::to_string(i) + " " + vkey(witness(i), KeyType::kCosignature) +
            (i == 0 ? " https://w.example/0\n" : "\n");
  return text;
}
std::string note_signed_by(const std::vector<int>& witnesses) {
  const std::string text = encode_checkpoint({kLog.name, 7, Digest{}});
  std::string note = sign_note(text, kLog);
  for (const int number : witnesses) note += cosign(text, witness(number), 1'700'000'000);
  return note;
}
bool holds(const std::string& rest, const std::vector<int>& witnesses) {
  const auto policy = parse_policy(base() + rest);
  EXPECT_TRUE(policy) << policy.error().message;
  return open_cosigned(note_signed_by(witnesses), *policy).has_value();
}

TEST(PolicyTest, QuorumsCountWhoSigned) {
  EXPECT_TRUE(holds("quorum none\n", {}));
  EXPECT_FALSE(holds("quorum w1\n", {0}));
  EXPECT_TRUE(holds("quorum w1\n", {0, 1}));
  const std::string two = "group g 2 w0 w1 w2\nquorum g\n";
  EXPECT_FALSE(holds(two, {0}));
  EXPECT_FALSE(holds(two, {0, 3}));
  EXPECT_FALSE(holds(two, {0, 0})) << "twice the same is once";
  EXPECT_TRUE(holds(two, {0, 2}));
  EXPECT_TRUE(holds("group g any w0 w1\nquorum g", {1})) << "the last line needs no end";
  EXPECT_FALSE(holds("group g all w0 w1\nquorum g\n", {1}));
  const std::string nested = "group a any w0 w1\ngroup b any w2 w3\ngroup g all a b\nquorum g\n";
  EXPECT_FALSE(holds(nested, {0, 1}));
  EXPECT_TRUE(holds(nested, {1, 2}));
}

TEST(PolicyTest, AddressesAreKept) {
  const auto policy = parse_policy(base() + "quorum w0\n");
  EXPECT_EQ(policy->members[0].url, "https://w.example/0");
  EXPECT_EQ(policy->members[1].url, "");
}

TEST(PolicyTest, LogMustHaveSigned) {
  const auto policy = parse_policy(base() + "quorum none\n");
  const std::string text = encode_checkpoint({kLog.name, 7, Digest{}});
  EXPECT_FALSE(open_cosigned(sign_note(text, witness(1)), *policy));
}

TEST(PolicyTest, WhatIsWrongIsNamedByItsLine) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"group g 2 w0\n", "line 8"},
      {"group g 0 w0\n", "line 8"},
      {"group g any w0 w0\n", "twice"},
      {"group g any later\n", "not named above"},
      {"group w0 any w1\n", "taken"},
      {"witness w0 " + vkey(witness(1), KeyType::kCosignature) + "\n", "taken"},
      {"witness w9 " + witness(1).verifier().text() + "\n", "cosignatures"},
      {"witness w9 nonsense\n", "verifier key"},
      {"log " + kLog.verifier().text() + "\n", "second log"},
      {"quorum later\n", "not named above"},
      {"quorum w0\nquorum w1\n", "second quorum"},
      {"", "no quorum"},
      {"hello world\n", "none of"},
  };
  for (const auto& [rest, why] : wrong) {
    const auto policy = parse_policy(base() + rest);
    ASSERT_FALSE(policy) << rest;
    EXPECT_THAT(policy.error().message, HasSubstr(why));
  }
}

}  // namespace
}  // namespace groove::ledger
