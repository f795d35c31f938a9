// What others add to a log: witnesses sign its heads, a calendar timestamps them. Both stand-ins
// speak the protocols; that they speak them over HTTP is for commands_test.cc.
#include "ledger/anchor.h"
#include "ledger/ledger.h"
#include "ledger/log_key.h"
#include "ledger/public_log.h"
#include "ledger/witness.h"
#include "tests/ledger/refusals.h"
#include "tests/ledger/small_witness.h"
#include "tests/ledger/store_fixture.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;

class OutsideTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger_ = Ledger::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .build = {}}).value();
    grow(5);
  }
  void grow(int count) { record_refusals(*ledger_, count); }
  VerifierKey key() { return load_log_key(disk_, kFolder, kTestOrigin)->verifier(); }
  PublicLog log() { return PublicLog::open(disk_, public_folder(kFolder), key()).value(); }
  std::string published(const std::string& name) {
    return read_whole(disk_, public_folder(kFolder) / name).value_or("");
  }
  static Exchange to(SmallWitness& witness) {
    return [&witness](const std::string& url, const std::string* body) -> Result<HttpReply> {
      EXPECT_EQ(url, "http://w/add-checkpoint");
      return witness.add_checkpoint(*body);
    };
  }
  static Policy::Member member(const SmallWitness& witness) {
    return {witness.key().name, witness.key(), "http://w", 0, {}};
  }

  SimDisk disk_;
  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(OutsideTest, WitnessSignsHeadAfterHeadWhileTheLogGrows) {
  SmallWitness witness("w.example/one", 'w', key());
  for (const int more : {0, 1, 250, 3, 300}) {
    grow(more);
    const auto lines = ask_witness(to(witness), member(witness), log());
    ASSERT_TRUE(lines) << lines.error().message;
    EXPECT_EQ(witness.size(), log().head().size);
    ASSERT_TRUE(ledger_->cosigned(published("checkpoint") + *lines));
    const VerifierKey keys[] = {witness.key(), key()};
    EXPECT_EQ(open_note(published("checkpoint"), keys)->keys.size(), 2U);
    EXPECT_EQ(published("checkpoints/" + std::to_string(ledger_->published())),
              published("checkpoint"));
  }
}

TEST_F(OutsideTest, LogWithSignaturesOfWitnessesOpensAndGoesOn) {
  SmallWitness witness("w.example/one", 'w', key());
  ASSERT_TRUE(ledger_->cosigned(published("checkpoint") +
                                *ask_witness(to(witness), member(witness), log())));
  ledger_.reset();
  ledger_ = Ledger::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .build = {}}).value();
  grow(3);
  EXPECT_TRUE(log().verify(std::nullopt, nullptr));
}

TEST_F(OutsideTest, WitnessThatSawAnotherLogRefuses) {
  SmallWitness witness("w.example/one", 'w', key());
  // A fork of the same size and name, under the same key.
  const Checkpoint fork{kTestOrigin, 3, sha256("another log")};
  const std::string note =
      sign_note(encode_checkpoint(fork), *load_log_key(disk_, kFolder, kTestOrigin));
  ASSERT_EQ(witness.add_checkpoint(encode_growth({0, {}, note})).status, 200);
  const auto lines = ask_witness(to(witness), member(witness), log());
  ASSERT_FALSE(lines);
  EXPECT_THAT(lines.error().message, HasSubstr("422"));
}

TEST_F(OutsideTest, WhatIsNoSignatureOfTheWitnessIsRefused) {
  SmallWitness witness("w.example/one", 'w', key()), other("w.example/two", 'o', key());
  for (const std::string& lines :
       {""s, "hello\n"s, other.add_checkpoint(encode_growth({0, {}, log().note()})).body}) {
    const Exchange liar = [&](const std::string&, const std::string*) -> Result<HttpReply> {
      return HttpReply{200, "", lines};
    };
    EXPECT_EQ(ask_witness(liar, member(witness), log()).error().code, Errc::kCorrupt) << lines;
  }
}

TEST_F(OutsideTest, WitnessThatKeepsChangingItsMindIsGivenUp) {
  int asked = 0;
  const Exchange moody = [&](const std::string&, const std::string*) -> Result<HttpReply> {
    return HttpReply{409, "text/x.tlog.size", std::to_string(1 + asked++ % 2) + "\n"};
  };
  SmallWitness witness("w.example/one", 'w', key());
  EXPECT_EQ(ask_witness(moody, member(witness), log()).error().code, Errc::kConflict);
  EXPECT_LE(asked, 5);
}

TEST_F(OutsideTest, OnlyHeadsThatTheLogSignedAreKept) {
  const SignerKey forger{kTestOrigin, std::string(32, 'f')};
  EXPECT_FALSE(ledger_->cosigned(sign_note(encode_checkpoint(log().head()), forger)));
  const Checkpoint fork{kTestOrigin, log().head().size, sha256("another log")};
  EXPECT_FALSE(ledger_->cosigned(
      sign_note(encode_checkpoint(fork), *load_log_key(disk_, kFolder, kTestOrigin))));
  EXPECT_TRUE(log().verify(std::nullopt, nullptr));
}

TEST_F(OutsideTest, NewestHeadOfAQuorumIsFoundAmongTheKept) {
  SmallWitness one("w.example/one", '1', key()), two("w.example/two", '2', key());
  const auto policy =
      parse_policy("log " + key().text() + "\nwitness one " + one.key().text() + "\nwitness two " +
                   two.key().text() + "\ngroup both all one two\nquorum both\n");
  ASSERT_TRUE(policy) << policy.error().message;
  const auto newest = [&] {
    return log().newest([&](const std::string& note) { return open_cosigned(note, *policy); });
  };
  EXPECT_FALSE(newest());
  std::string note = published("checkpoint") + *ask_witness(to(one), member(one), log());
  ASSERT_TRUE(ledger_->cosigned(note));
  EXPECT_FALSE(newest()) << "one of two";
  note += *ask_witness(to(two), member(two), log());
  ASSERT_TRUE(ledger_->cosigned(note));
  const std::uint64_t size = log().head().size;
  EXPECT_EQ(newest()->size, size);
  grow(4);
  EXPECT_EQ(newest()->size, size) << "the newer head is not cosigned";
}

// --- anchors

// Appends its mark and promises to have it in a block later.
std::string promise() {
  const std::string calendar = "http://calendar.example";
  std::string payload;
  payload += static_cast<char>(calendar.size());
  payload += calendar;
  return "\xf0\x04mark\x08\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e"s +
         static_cast<char>(payload.size()) + payload;
}

TEST_F(OutsideTest, HeadsWaitWhileTheCalendarIsAwayAndAreTimestampedLater) {
  const auto published = public_folder(kFolder);
  const Exchange away = [](const std::string&, const std::string*) -> Result<HttpReply> {
    return fail(Errc::kUnavailable, "no route");
  };
  std::vector<std::uint64_t> sizes;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(queue_anchor(disk_, published, log().note(), log().head().size));
    sizes.push_back(log().head().size);
    grow(3);
  }
  const auto waiting = anchor_queued(disk_, published, "http://calendar.example", away);
  EXPECT_EQ(waiting->waiting, 2U);
  EXPECT_EQ(waiting->why, "no route");
  EXPECT_EQ(read_anchor(disk_, published, sizes[0], key()).error().code, Errc::kNotFound);

  std::vector<std::string> asked;
  const Exchange calendar = [&](const std::string& url, const std::string* body) {
    EXPECT_EQ(url, "http://calendar.example/digest");
    asked.push_back(*body);
    return Result<HttpReply>(HttpReply{200, "", promise()});
  };
  const auto done = anchor_queued(disk_, published, "http://calendar.example", calendar);
  EXPECT_EQ(done->done, 2U);
  EXPECT_EQ(done->waiting, 0U);
  EXPECT_EQ(anchor_queued(disk_, published, "http://calendar.example", calendar)->done, 0U);
  ASSERT_EQ(asked.size(), 2U);
  for (const std::uint64_t size : sizes) {
    const auto timestamp = read_anchor(disk_, published, size, key());
    ASSERT_TRUE(timestamp) << timestamp.error().message;
    ASSERT_EQ(timestamp->attestations.size(), 1U);
    EXPECT_EQ(timestamp->attestations[0].calendar, "http://calendar.example");
    const std::string& sent = asked[size == sizes[0] ? 0 : 1];
    EXPECT_EQ(sent.size(), 32U);
    EXPECT_EQ(timestamp->attestations[0].message, as_bytes(sha256(sent + "mark")));
  }
}

TEST_F(OutsideTest, AnswerOfACalendarThatCannotBeReadIsNotKept) {
  const auto published = public_folder(kFolder);
  ASSERT_TRUE(queue_anchor(disk_, published, log().note(), log().head().size));
  const std::string good = promise();
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    const Exchange calendar = [&](const std::string&, const std::string*) {
      return Result<HttpReply>(HttpReply{200, "", good.substr(0, cut)});
    };
    EXPECT_EQ(anchor_queued(disk_, published, "http://c", calendar)->waiting, 1U) << cut;
  }
}

TEST_F(OutsideTest, TimestampOfAnotherHeadIsNoticed) {
  const auto published = public_folder(kFolder);
  const std::uint64_t size = log().head().size;
  ASSERT_TRUE(queue_anchor(disk_, published, log().note(), size));
  const Exchange calendar = [&](const std::string&, const std::string*) {
    return Result<HttpReply>(HttpReply{200, "", promise()});
  };
  ASSERT_EQ(anchor_queued(disk_, published, "http://c", calendar)->done, 1U);
  std::string& ots = disk_.bytes(published / "anchors" / (std::to_string(size) + ".ots"));
  ots[40] ^= 1;
  EXPECT_EQ(read_anchor(disk_, published, size, key()).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace groove::ledger
