// The bus between hosts: two of them in one process, over tcp and CURVE.
#include "workers/bus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>

#include "tests/support/temp_dir.h"
#include "workers/bus_host.h"
#include "workers/durable_file.h"
#include "workers/envelope.h"

namespace groove {
namespace {

using namespace std::chrono_literals;
using handoff::Entry;
using handoff::Member;
using testing::HasSubstr;

constexpr ListenerId kAda{42};
constexpr auto kTcp = "tcp://127.0.0.1:*";

Entry entry(std::uint64_t sequence) {
  return {Stage::kScore, "1-1", kAda, sequence, handoff::message(EventId{}, "fact")};
}

bool becomes(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition())
    if (std::chrono::steady_clock::now() > deadline) return false;
  return true;
}

// A host's folder of keys, and what it opens with them.
struct Host {
  explicit Host(std::filesystem::path folder) : files{std::move(folder)} { new_keys(); }

  void new_keys() {
    keys = BusKeys::make();
    ASSERT_TRUE(write_bus_keys(files, keys).has_value());
    bus = BusHost::open(files).value();
  }
  void allow(const std::vector<std::string>& public_keys) {
    std::string text = "# who may take part\n";
    for (const std::string& key : public_keys) text += key + "  some host\n";
    ASSERT_TRUE(replace_file(files.allowed(), text).has_value());
  }

  BusKeyFiles files;
  BusKeys keys;
  std::unique_ptr<BusHost> bus;
};

class BusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    there_.allow({there_.keys.public_key, here_.keys.public_key});
    here_.allow({there_.keys.public_key, here_.keys.public_key});
  }

  static Member member_at(const BusInbox& inbox) { return {"score-1", inbox.endpoint(), ""}; }

  // Whether a frame gets from `sender` to `inbox` before ten seconds are over or `until` is so.
  static bool arrives(
      BusSender& sender, BusInbox& inbox,
      const std::function<bool()>& until = [] { return false; }) {
    static std::uint64_t sequence = 0;
    const std::uint64_t first = sequence + 1;
    bool arrived = false;
    const bool ended = becomes([&] {
      sender.send(entry(++sequence));
      const auto frame = inbox.receive(10ms);
      if (!frame) return until();
      const auto got = decode_frame(*frame, Stage::kScore, handoff::target_of(member_at(inbox)));
      return arrived = got && got->sequence >= first;
    });
    return ended && arrived;
  }

  test::TempDir folder_;
  Host there_{folder_ / "there"}, here_{folder_ / "here"};
};

TEST_F(BusTest, AListedHostsFramesArrive) {
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  BusSender sender(here_.bus.get());
  sender.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_TRUE(arrives(sender, inbox));
  EXPECT_EQ(there_.bus->refused(), 0U);
}

TEST_F(BusTest, AnUnlistedHostsFramesNeverArrive) {
  there_.allow({there_.keys.public_key});
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  BusSender sender(here_.bus.get());
  sender.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_FALSE(arrives(sender, inbox, [&] { return there_.bus->refused() > 0; }));
  EXPECT_GT(there_.bus->refused(), 0U) << "it must have tried";
  there_.allow({here_.keys.public_key});
  EXPECT_TRUE(arrives(sender, inbox)) << "once it is listed it comes in by itself";
}

TEST_F(BusTest, WithoutAListNobodyComesIn) {
  std::filesystem::remove(there_.files.allowed());
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  BusSender sender(here_.bus.get());
  sender.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_FALSE(arrives(sender, inbox, [&] { return there_.bus->refused() > 0; }));
}

TEST_F(BusTest, AClientWithoutKeysIsTurnedAway) {
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  zmq::context_t context;
  zmq::socket_t plain(context, zmq::socket_type::push);
  plain.set(zmq::sockopt::linger, 0);
  zmq_socket_monitor(plain.handle(), "inproc://watch",
                     ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
  zmq::socket_t watch(context, zmq::socket_type::pair);
  watch.connect("inproc://watch");
  plain.connect(inbox.endpoint().substr(0, inbox.endpoint().find('?')));
  plain.send(zmq::buffer(encode_frame(entry(1), handoff::target_of(member_at(inbox)))),
             zmq::send_flags::dontwait);
  zmq::message_t event;
  ASSERT_TRUE(watch.recv(event));
  EXPECT_EQ(*event.data<std::uint16_t>(), ZMQ_EVENT_DISCONNECTED);
  EXPECT_FALSE(inbox.receive(0ms));
}

TEST_F(BusTest, AKeyTakenOffTheListIsRefusedFromTheNextConnectionOn) {
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  {
    BusSender before(here_.bus.get());
    before.set_members(Stage::kScore, {member_at(inbox)});
    ASSERT_TRUE(arrives(before, inbox));
  }
  there_.allow({there_.keys.public_key});
  BusSender after(here_.bus.get());
  after.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_FALSE(arrives(after, inbox, [&] { return there_.bus->refused() > 0; }));
}

TEST_F(BusTest, AWorkerWithAnUnlistedKeyIsNotTalkedTo) {
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  BusSender sender(here_.bus.get());
  sender.set_members(Stage::kScore, {member_at(inbox)});
  ASSERT_TRUE(arrives(sender, inbox));
  here_.allow({here_.keys.public_key});  // a registration in Redis alone is not trusted
  sender.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_FALSE(sender.send(entry(1)));
  here_.allow({here_.keys.public_key, there_.keys.public_key});
  sender.set_members(Stage::kScore, {member_at(inbox)});
  EXPECT_TRUE(arrives(sender, inbox));
}

TEST_F(BusTest, OnlyIpcAndKeyedTcpAreConnectedTo) {
  for (const char* endpoint :
       {"", "tcp://127.0.0.1:9", "inproc://x", "udp://127.0.0.1:9", "rubbish"})
    EXPECT_FALSE(here_.bus->may_connect(endpoint)) << endpoint;
  EXPECT_TRUE(here_.bus->may_connect("ipc:///tmp/x"));
}

TEST_F(BusTest, KeysAreRotatedUnderLoadWithoutAPause) {
  BusInbox inbox = BusInbox::open(*there_.bus, kTcp).value();
  BusSender with_old(here_.bus.get());
  with_old.set_members(Stage::kScore, {member_at(inbox)});
  ASSERT_TRUE(arrives(with_old, inbox));

  // The one who connects: the new key is allowed, then used, then the old one is taken off.
  Host renewed(folder_ / "renewed");
  renewed.allow({there_.keys.public_key});
  there_.allow({there_.keys.public_key, here_.keys.public_key, renewed.keys.public_key});
  ASSERT_TRUE(arrives(with_old, inbox));
  BusSender with_new(renewed.bus.get());
  with_new.set_members(Stage::kScore, {member_at(inbox)});
  ASSERT_TRUE(arrives(with_new, inbox));
  ASSERT_TRUE(arrives(with_old, inbox)) << "both count while the change is under way";
  there_.allow({there_.keys.public_key, renewed.keys.public_key});
  EXPECT_TRUE(arrives(with_new, inbox));
  EXPECT_EQ(there_.bus->refused(), 0U);

  // The one who binds: it registers its new key, which has been allowed before.
  Host moved(folder_ / "moved");
  moved.allow({renewed.keys.public_key});
  renewed.allow({there_.keys.public_key, moved.keys.public_key});
  BusInbox next = BusInbox::open(*moved.bus, kTcp).value();
  with_new.set_members(Stage::kScore, {member_at(next)});
  EXPECT_TRUE(arrives(with_new, next));
}

TEST_F(BusTest, OneEarHearsHostsWithAndWithoutTcp) {
  BusHost local;
  const std::string ipc = "ipc://" + (folder_ / "n.pub").string();
  NoticePublisher near = NoticePublisher::open(local, ipc).value();
  NoticePublisher far = NoticePublisher::open(*there_.bus, kTcp).value();
  NoticePublisher second = NoticePublisher::open(local, ipc + "2").value();
  NoticeSubscriber ear(*here_.bus);
  ear.set_publishers({near.endpoint(), far.endpoint(), second.endpoint()});
  std::uint64_t round = 0;
  for (NoticePublisher* publisher : {&near, &far, &second}) {
    v1::Notice notice;
    notice.mutable_progressed()->set_sequence(++round);
    EXPECT_TRUE(becomes([&] {
      publisher->publish(kAda, notice);
      const auto heard = ear.receive(10ms);
      return heard && heard->listener == kAda && heard->notice.progressed().sequence() == round;
    })) << "publisher "
        << round;
  }
}

TEST_F(BusTest, AMessageOfSeveralFramesIsRefusedWholeAndTheNextOneArrives) {
  BusHost local;
  BusInbox inbox = BusInbox::open(local, "ipc://" + (folder_ / "a.z").string()).value();
  const std::string frame = encode_frame(entry(1), handoff::target_of(member_at(inbox)));
  zmq::context_t context;
  zmq::socket_t push(context, zmq::socket_type::push);
  push.set(zmq::sockopt::linger, 0);
  push.connect(inbox.endpoint());
  push.send(zmq::buffer(frame), zmq::send_flags::sndmore);
  push.send(zmq::buffer(frame), zmq::send_flags::none);
  push.send(zmq::buffer(frame), zmq::send_flags::none);
  const auto target = handoff::target_of(member_at(inbox));
  const auto first = inbox.receive(10s);
  ASSERT_TRUE(first);
  EXPECT_FALSE(decode_frame(*first, Stage::kScore, target));
  const auto second = inbox.receive(10s);
  ASSERT_TRUE(second);
  EXPECT_TRUE(decode_frame(*second, Stage::kScore, target));
  EXPECT_FALSE(inbox.receive(0ms));
}

TEST(BusKeysTest, BetweenHostsThereIsNothingWithoutKeys) {
  test::TempDir folder;
  const auto host = BusHost::open({folder / "bus"}).value();
  const auto inbox = BusInbox::open(*host, kTcp);
  ASSERT_FALSE(inbox);
  EXPECT_THAT(inbox.error().message, HasSubstr("groove keys make"));
}

TEST(BusKeysTest, ASecretThatOthersCanReadIsRefused) {
  test::TempDir folder;
  const BusKeyFiles files{folder / "bus"};
  ASSERT_TRUE(write_bus_keys(files, BusKeys::make()));
  ASSERT_TRUE(read_bus_keys(files));
  std::filesystem::permissions(files.secret(), std::filesystem::perms(0640));
  const auto keys = read_bus_keys(files);
  ASSERT_FALSE(keys);
  EXPECT_THAT(keys.error().message, HasSubstr("chmod 600"));
}

TEST(BusKeysTest, KeysThatDoNotBelongTogetherAreRefused) {
  test::TempDir folder;
  const BusKeyFiles files{folder / "bus"};
  BusKeys mixed = BusKeys::make();
  mixed.public_key = BusKeys::make().public_key;
  ASSERT_TRUE(write_bus_keys(files, mixed));
  EXPECT_FALSE(read_bus_keys(files));
}

TEST(BusKeysTest, AListIsAKeyALineWithWordsForPeople) {
  const BusKeys a = BusKeys::make(), b = BusKeys::make();
  const auto keys = parse_allowed("# hosts\n\n" + a.public_key + " kitchen\r\n  " + b.public_key +
                                  "\nnot a key\n" + a.public_key.substr(1));
  EXPECT_EQ(keys.size(), 2U);
  EXPECT_TRUE(keys.contains(a.public_key) && keys.contains(b.public_key));
}

}  // namespace
}  // namespace groove
