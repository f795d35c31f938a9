// A receipt made from a real ledger's published files: it verifies with the code that checks it
// offline, carries the very answer, and is not to be had before the record is published.
#include "gateway/receipts.h"

#include <gtest/gtest.h>

#include <fstream>

#include "groove/v1/ledger.pb.h"
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/proof.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/log_key.h"
#include "tests/support/temp_dir.h"

namespace groove::gateway {
namespace {

class ReceiptsTest : public testing::Test {
 protected:
  ReceiptsTest() : ledger_(open()) {}
  std::unique_ptr<ledger::Ledger> open() {
    return ledger::Ledger::open(ledger::system_io(), folder(), clock_,
                                {.origin = "groove.test/ledger", .build = {}})
        .value();
  }
  std::filesystem::path folder() const { return data_ / "ledger"; }
  v1::BatchRecorded record(std::uint64_t number) {
    v1::Event event;
    event.mutable_batch_scored()->add_recommendations()->set_title("Song " +
                                                                   std::to_string(number));
    EventId id;
    id.bytes[0] = static_cast<std::uint8_t>(number);
    id.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    id.bytes[15] = 1;
    const auto effect = ledger_->handle(
        {.listener = {7}, .sequence = number, .event = id, .fact = event, .state = ""});
    EXPECT_TRUE(effect);
    v1::BatchRecorded recorded;
    EXPECT_TRUE(recorded.ParseFromString(effect->output));
    return recorded;
  }
  ledger::VerifierKey key() {
    return ledger::load_log_key(ledger::system_io(), folder(), "")->verifier();
  }

  test::TempDir data_;
  SystemClock clock_;
  std::unique_ptr<ledger::Ledger> ledger_;
  Receipts receipts_{ledger::public_folder(folder())};
};

TEST_F(ReceiptsTest, ProvesTheAnswerThatItCarries) {
  for (const std::uint64_t last : {1, 3, 255, 256, 600}) {
    std::vector<v1::BatchRecorded> answers;
    for (std::uint64_t number = ledger_->size(); ledger_->size() <= last; ++number)
      answers.push_back(record(number));
    ASSERT_TRUE(ledger_->publish());
    for (const v1::BatchRecorded& answer : {answers.front(), answers.back()}) {
      const Reply reply = receipts_.answer(answer);
      ASSERT_EQ(reply.status, 200) << reply.body;
      const auto proof = ledger::decode_proof(reply.body);
      ASSERT_TRUE(proof) << proof.error().message;
      const auto content = ledger::open_receipt(proof->extra);
      ASSERT_TRUE(content) << content.error().message;
      EXPECT_TRUE(ledger::check_proof(*proof, ledger::leaf_hash(content->leaf), key()));
      v1::BatchRecorded carried;
      ASSERT_TRUE(carried.ParseFromString(content->answer));
      EXPECT_EQ(carried.batch().recommendations(0).title(),
                answer.batch().recommendations(0).title());
    }
  }
}

TEST_F(ReceiptsTest, ComesLaterWhileTheRecordIsNotPublished) {
  EXPECT_EQ(receipts_.answer(record(1)).status, 503) << "nothing is published at all";
  ASSERT_TRUE(ledger_->publish());
  const v1::BatchRecorded second = record(2);
  EXPECT_EQ(receipts_.answer(second).status, 503);
  ASSERT_TRUE(ledger_->publish());
  EXPECT_EQ(receipts_.answer(second).status, 200);
}

TEST_F(ReceiptsTest, AnswerOfAnotherLedgerGetsNone) {
  v1::BatchRecorded answer = record(1);
  ASSERT_TRUE(ledger_->publish());
  answer.set_leaf_hash(std::string(32, 'h'));
  EXPECT_EQ(receipts_.answer(answer).status, 503);
}

TEST_F(ReceiptsTest, AnotherSongInTheReceiptIsNoticed) {
  const v1::BatchRecorded answer = record(1);
  ASSERT_TRUE(ledger_->publish());
  const auto proof = ledger::decode_proof(receipts_.answer(answer).body);
  v1::Receipt receipt;
  ASSERT_TRUE(receipt.ParseFromString(proof->extra));
  std::string& output = *receipt.mutable_output();
  const std::size_t at = output.find("Song 1");
  ASSERT_NE(at, output.npos);
  output[at] = 'B';
  EXPECT_FALSE(ledger::open_receipt(receipt.SerializeAsString()));
  (*receipt.mutable_part())[3] ^= 1;
  EXPECT_FALSE(ledger::open_receipt(receipt.SerializeAsString()));
  receipt.mutable_part()->resize(3);
  EXPECT_FALSE(ledger::open_receipt(receipt.SerializeAsString()));
}

TEST_F(ReceiptsTest, AnswersThatWereRecordedWithoutDisclosureGetTheLeafAlone) {
  v1::BatchRecorded answer = record(1);
  ASSERT_TRUE(ledger_->publish());
  answer.DiscardUnknownFields();
  const auto proof = ledger::decode_proof(receipts_.answer(answer).body);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(ledger::check_proof(*proof, ledger::leaf_hash(proof->extra), key()));
}

}  // namespace
}  // namespace groove::gateway
