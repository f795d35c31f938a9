// groove-ledger with others about: a worker that has the ledger, a web server, a witness, a
// calendar.
#include <atomic>
#include <boost/json.hpp>
#include <fstream>
#include <thread>

#include "groove/v1/ledger.pb.h"
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/proof.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/log_key.h"
#include "ledger/public_log.h"
#include "tests/ledger/command.h"
#include "tests/ledger/refusals.h"
#include "tests/ledger/small_server.h"
#include "tests/ledger/small_witness.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;
using ::testing::HasSubstr;

class CommandsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    open();
    grow(300);
  }
  void open() {
    ledger_ =
        Ledger::open(system_io(), folder(), clock_, {.origin = kTestOrigin, .build = {}}).value();
  }
  void grow(int count) { record_refusals(*ledger_, count); }
  std::pair<int, std::string> run(const std::string& arguments) {
    return run_shell(GROOVE_LEDGER " " + arguments);
  }
  // While `work` goes on, a worker has the ledger and ticks.
  template <class Work>
  auto beside_the_worker(Work work) {
    std::atomic<bool> stop = false;
    std::jthread worker([&] {
      while (!stop) ledger_->tick();
    });
    const auto result = work();
    stop = true;
    return result;
  }
  fs::path folder() const { return data_ / "ledger"; }
  fs::path published() const { return public_folder(folder()); }
  VerifierKey key() { return load_log_key(system_io(), folder(), kTestOrigin)->verifier(); }
  // The published files, at an address.
  HttpReply file(const std::string& path) {
    const auto bytes = read_whole(system_io(), published() / path.substr(1));
    return bytes ? HttpReply{200, "", *bytes} : HttpReply{404, "", "not here"};
  }

  test::TempDir data_;
  SystemClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(CommandsTest, ErasureWhileTheWorkerRunsIsProved) {
  const std::string proof_file = data_ / "deleted.tlog-proof";
  const std::string erase = "erase --listener 0000000000000007 " + folder().string();
  const auto [code, text] = beside_the_worker([&] {
    return run_shell("(" GROOVE_LEDGER " " + erase + " 2>/dev/null > " + proof_file + ")");
  });
  EXPECT_EQ(code, 0) << text;
  const auto proof = decode_proof(read_whole(system_io(), proof_file).value());
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_TRUE(check_proof(*proof, leaf_hash(proof->extra), key()));
  EXPECT_EQ(decode_leaf(proof->extra)->kind, Kind::kErasure);
  EXPECT_FALSE(fs::exists(key_folder(folder()) / "0000000000000007.key"));
  EXPECT_EQ(run("verify " + proof_file + " --vkey " + key().text()).first, 0);
  EXPECT_EQ(beside_the_worker([&] { return run(erase); }).first, 1) << "there is no key any more";
}

TEST_F(CommandsTest, ReceiptIsVerifiedOfflineAndSaysTheAnswer) {
  v1::Event event;
  event.mutable_batch_scored()->add_recommendations()->set_title("A title");
  const std::uint64_t number = ledger_->size();
  const auto effect = ledger_->handle({.listener = {7},
                                       .sequence = number,
                                       .event = numbered_id(number),
                                       .fact = event,
                                       .state = ""});
  ASSERT_TRUE(effect && ledger_->publish());
  v1::Disclosure disclosed;
  ASSERT_TRUE(disclosed.ParseFromString(effect->output));
  v1::BatchRecorded output;
  *output.mutable_batch() = event.batch_scored();
  output.set_listener(7);
  output.set_sequence(number);
  output.set_event_id(std::string(as_bytes(numbered_id(number))));
  auto proof =
      PublicLog::open(system_io(), published(), key())->prove(number, std::nullopt).value();
  v1::Receipt receipt;
  receipt.set_leaf(proof.extra);
  receipt.set_part(disclosed.part());
  receipt.set_output_key(disclosed.output_key());
  receipt.set_output(output.SerializeAsString());
  const std::string file = data_ / "receipt.tlog-proof";
  const auto verify = [&] {
    proof.extra = receipt.SerializeAsString();
    std::ofstream(file, std::ios::binary) << encode_proof(proof);
    return run("verify " + file + " --json --vkey " + key().text());
  };
  const auto [code, text] = verify();
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(text, HasSubstr("A title"));
  output.mutable_batch()->mutable_recommendations(0)->set_title("B title");
  receipt.set_output(output.SerializeAsString());
  EXPECT_EQ(verify().first, 1);
}

TEST_F(CommandsTest, MissingAndDamagedTilesAreMadeAnew) {
  ledger_.reset();
  fs::remove(published() / "tile/0/000");
  fs::remove_all(published() / "tile/entries/001.p");
  std::ofstream(published() / "tile/1/000.p/1") << "damage";
  EXPECT_EQ(run("fsck " + folder().string()).first, 3);
  const auto [code, text] = run("fsck --rebuild-tiles " + folder().string());
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(text, HasSubstr("3 published files"));
  EXPECT_EQ(run("fsck " + folder().string()).first, 0);
  open();
  grow(300);
  EXPECT_EQ(run("verify " + folder().string()).first, 0);
  EXPECT_EQ(run("fsck --rebuild-tiles " + folder().string()).first, 4) << "a worker has it";
}

TEST_F(CommandsTest, ArchiveHoldsAllThatVerifies) {
  const std::string zip = data_ / "log.zip", again = data_ / "again.zip";
  const std::string command = GROOVE_LEDGER " export --format tiles-zip " + folder().string();
  ASSERT_EQ(run_shell(command + " > " + zip).first, 0);
  ASSERT_EQ(run_shell(command + " > " + again).first, 0);
  EXPECT_EQ(read_whole(system_io(), zip).value(), read_whole(system_io(), again).value());
  const std::string unpacked = data_ / "unpacked";
  ASSERT_EQ(run_shell("python3 -m zipfile -e " + zip + " " + unpacked).first, 0);
  const auto [code, text] = run("verify " + unpacked + " --vkey " + key().text());
  EXPECT_EQ(code, 0) << text;
}

TEST_F(CommandsTest, LedgerAtAnAddressIsVerified) {
  SmallServer server([this](const std::string& path, const std::string&) { return file(path); });
  const std::string with_key = "verify " + server.url() + " --vkey " + key().text();
  const auto [code, text] = run(with_key);
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(text, HasSubstr("size     301"));
  EXPECT_EQ(run("verify " + server.url()).first, 2) << "whose log it is must be said";
  std::fstream(published() / "tile/0/000", std::ios::in | std::ios::out).put('x');
  EXPECT_EQ(run(with_key).first, 1);
  EXPECT_EQ(run("verify http://127.0.0.1:1 --vkey " + key().text()).first, 2);
}

TEST_F(CommandsTest, WitnessesSignWhileTheWorkerRunsAndThePolicyIsMet) {
  SmallWitness witness("w.example/one", 'w', key());
  SmallServer server([&](const std::string& path, const std::string& body) {
    return path == "/add-checkpoint" ? witness.add_checkpoint(body) : HttpReply{404, "", ""};
  });
  const std::string policy = data_ / "policy";
  std::ofstream(policy) << "log " << key().text() << "\nwitness one " << witness.key().text() << " "
                        << server.url() << "\nquorum one\n";
  const std::string verify = "verify " + published().string() + " --policy " + policy;
  EXPECT_EQ(run(verify).first, 1) << "nobody has signed yet";
  const std::string ask = "witness --policy " + policy + " " + folder().string();
  const auto [code, text] = beside_the_worker([&] { return run(ask); });
  EXPECT_EQ(code, 0) << text;
  EXPECT_EQ(run(verify).first, 0);
  grow(3);
  EXPECT_THAT(run(verify).second, HasSubstr("size     301")) << "the newest that is cosigned";
  ledger_.reset();
  EXPECT_EQ(run(ask).first, 0) << "without a worker it keeps the head itself";
  EXPECT_THAT(run(verify).second, HasSubstr("size     304"));
}

TEST_F(CommandsTest, AnchorsWaitForTheCalendarAndAreShown) {
  const std::string at = " " + folder().string();
  EXPECT_EQ(run("anchor --calendar http://127.0.0.1:1" + at).first, 1);
  SmallServer server([](const std::string& path, const std::string& body) {
    EXPECT_EQ(path, "/digest");
    EXPECT_EQ(body.size(), 32U);
    return HttpReply{200, "", "\x08\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x09\x08"s + "http://c"s};
  });
  const auto [code, text] = run("anchor --calendar " + server.url() + at);
  EXPECT_EQ(code, 0) << text;
  EXPECT_THAT(run("anchor --show 301" + at).second, HasSubstr("promised by http://c"));
}

TEST_F(CommandsTest, SampleIsDrawnByTheRootThatWasSigned) {
  const auto [code, text] = run("replay --sample 2 --json --data " + data_.path().string());
  EXPECT_EQ(code, 0) << text;
  const auto json = boost::json::parse(text).as_object();
  EXPECT_EQ(json.at("not_replayed").to_number<int>(), 301) << "refusals all: it looks on";
}

}  // namespace
}  // namespace groove::ledger
