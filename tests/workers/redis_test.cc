#include "workers/redis.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/handoff.h"
#include "workers/redis_slots.h"

namespace groove {
namespace {

using test::RedisServer;
using test::TempDir;

std::string free_port() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
  return std::to_string(acceptor.local_endpoint().port());
}

TEST(RedisAddressTest, EveryFormIsRead) {
  const auto unix_socket = RedisAddress::parse("unix:/run/redis.sock");
  ASSERT_TRUE(unix_socket);
  EXPECT_EQ(unix_socket->unix_path, "/run/redis.sock");
  const auto cluster = RedisAddress::parse(
      "cluster+tls:10.0.0.1:7000,[::1]:7001?ca=/a.pem&user=groove&password-file=/p&replicas=2");
  ASSERT_TRUE(cluster);
  EXPECT_TRUE(cluster->cluster && cluster->tls);
  EXPECT_EQ(cluster->nodes, (std::vector<RedisNode>{{"10.0.0.1", "7000"}, {"::1", "7001"}}));
  EXPECT_EQ(cluster->ca, "/a.pem");
  EXPECT_EQ(cluster->user, "groove");
  EXPECT_EQ(cluster->replicas, 2);
  EXPECT_EQ(RedisAddress::parse("cluster:h:1")->replicas, 1)
      << "a cluster's promise needs a replica";
  EXPECT_EQ(RedisAddress::parse("tcp:h:1")->replicas, 0);
}

TEST(RedisAddressTest, AWrongOneIsRefusedWithHowToWriteIt) {
  for (const char* text :
       {"", "redis.sock", "unix:", "tcp:", "tcp:host", "tcp:host:", "tcp::1", "tcp:a:1,b:2",
        "http:a:1", "tcp:a:1?x=1", "tcp:a:1?replicas=-1", "tcp:a:1?replicas=one"}) {
    const auto address = RedisAddress::parse(text);
    ASSERT_FALSE(address) << text;
    EXPECT_NE(address.error().message.find("unix:/path"), std::string::npos) << text;
  }
}

// The vectors of the cluster specification, and of redis-cli's CLUSTER KEYSLOT.
TEST(RedisSlotsTest, KeysHashAsTheSpecificationSays) {
  EXPECT_EQ(redis_slot("123456789"), 0x31C3 % 16384);
  EXPECT_EQ(redis_slot("foo"), 12182);
  EXPECT_EQ(redis_slot("{foo}bar"), 12182);
  EXPECT_EQ(redis_slot("{}foo"), redis_slot("{}foo"));
  EXPECT_NE(redis_slot("{}foo"), redis_slot("{}bar")) << "an empty tag is no tag";
  EXPECT_EQ(redis_slot("a{foo}{bar}"), 12182) << "the first tag counts";
}

TEST(RedisSlotsTest, RedirectionsAreRead) {
  const RedisNode asked{"10.0.0.9", "7000"};
  const auto moved = redirect("MOVED 3999 127.0.0.1:6381", asked);
  ASSERT_TRUE(moved);
  EXPECT_FALSE(moved->ask);
  EXPECT_EQ(moved->slot, 3999);
  EXPECT_EQ(moved->node, (RedisNode{"127.0.0.1", "6381"}));
  EXPECT_TRUE(redirect("ASK 1 h:2", asked)->ask);
  EXPECT_EQ(redirect("MOVED 1 :6381", asked)->node, (RedisNode{"10.0.0.9", "6381"}));
  for (const char* text : {"MOVED", "MOVED 1", "MOVED x h:1", "MOVED 16384 h:1",
                           "MOVED 1 h:", "ERR no", "MOVEDX 1 h:1"})
    EXPECT_FALSE(redirect(text, asked)) << text;
}

// A node that answers its own scripts' errors and forgets them.
class RedisTest : public ::testing::Test {
 protected:
  static handoff::Accepted accept_one(Redis& redis, std::uint8_t n) {
    EventId id;
    id.bytes[0] = n;
    const std::string text = handoff::message(id, "fact");
    const ListenerId listener{7};
    const auto done = handoff::accepted(
        redis.roundtrip(handoff::accept(listener, Stage::kFetch, text)), listener, text);
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(handoff::Accepted{});
  }

  TempDir folder_;
  boost::asio::io_context io_;
};

TEST_F(RedisTest, ForgottenScriptsAreLoadedAgainAndTheCommandSaidAgain) {
  RedisServer server(folder_.path());
  Redis redis(io_, *RedisAddress::parse(server.address()));
  EXPECT_EQ(accept_one(redis, 1).sequence, 1u);
  ASSERT_TRUE(redis.roundtrip(RedisCommand{"SCRIPT", "FLUSH"}));
  EXPECT_EQ(accept_one(redis, 2).sequence, 2u);
}

// Asks until it is answered; what was said on the way, in order.
class RedisLinkTest : public RedisTest {
 protected:
  void SetUp() override {
    redis_.on_new_link([this](const Redis::Concerns& concerns, Redis::Settled settled) {
      EXPECT_TRUE(concerns({"PING"})) << "one Redis holds everything";
      redis_.send_urgent({"PING"}, [this, settled](const Result<RedisReply>&) {
        order_.push_back(settles_ ? "link" : "no link");
        settled(settles_);
      });
    });
  }
  bool ask() {
    const auto reply = redis_.roundtrip(RedisCommand{"PING"});
    if (reply) order_.push_back("asked");
    return reply.has_value();
  }

  using Order = std::vector<std::string>;
  RedisServer server_{folder_.path()};
  Redis redis_{io_, *RedisAddress::parse(server_.address())};
  Order order_;
  bool settles_ = true;
};

TEST_F(RedisLinkTest, ANewLinkIsSettledBeforeWhatWaitsIsSaid) {
  ASSERT_TRUE(ask());
  EXPECT_EQ(order_, (Order{"link", "asked"}));
  ASSERT_TRUE(ask());
  server_.kill();
  server_.start();
  while (!ask()) {
  }
  EXPECT_EQ(order_, (Order{"link", "asked", "asked", "link", "asked"}));
}

TEST_F(RedisLinkTest, WhatWaitsIsNotSaidOnALinkThatCouldNotBeSettled) {
  settles_ = false;
  EXPECT_FALSE(ask());
  settles_ = true;
  EXPECT_TRUE(ask());
  EXPECT_EQ(order_, (Order{"no link", "link", "asked"}));
}

// A primary whose replica hears nothing promises nothing, over whichever connection it is asked.
TEST_F(RedisTest, NothingIsPromisedThatNoReplicaHolds) {
  const std::string port = free_port();
  RedisServer primary(folder_.path(), {"--port", port, "--bind", "127.0.0.1"});
  TempDir other;
  RedisServer replica(other.path(), {"--replicaof", "127.0.0.1", port});
  const auto address = *RedisAddress::parse("tcp:127.0.0.1:" + port + "?replicas=1");
  const auto accept_over = [&](Redis& redis, std::uint8_t n) {
    EventId id;
    id.bytes[0] = n;
    std::optional<Result<RedisReply>> reply;
    redis.send_replicated(
        handoff::accept(ListenerId{7}, Stage::kFetch, handoff::message(id, "fact")),
        [&](Result<RedisReply> came) { reply = std::move(came); });
    while (!reply) {
      io_.restart();
      io_.run_one();
    }
    return reply->has_value();
  };
  Redis first(io_, address), second(io_, address);
  // A browser sends the same event again until it is promised.
  const auto comes_through = [&](Redis& redis, std::uint8_t n) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    bool promised = false;
    while (!promised && std::chrono::steady_clock::now() < deadline)
      promised = accept_over(redis, n);
    return promised;
  };
  ASSERT_TRUE(comes_through(first, 1)) << "the replica has not joined";
  replica.signal(SIGSTOP);
  EXPECT_FALSE(accept_over(first, 2));
  EXPECT_FALSE(accept_over(second, 2)) << "the second connection has written nothing itself";
  replica.signal(SIGCONT);
  EXPECT_TRUE(comes_through(second, 2));
}

TEST_F(RedisTest, APasswordIsSaidFirstAndAWrongOneIsReported) {
  RedisServer server(folder_.path(), {"--user", "groove", "on", ">secret", "~*", "+@all"});
  std::ofstream(folder_.path() / "right") << "secret\n";
  std::ofstream(folder_.path() / "wrong") << "guess\n";
  const auto with = [&](const std::string& file) {
    return *RedisAddress::parse(server.address() +
                                "?user=groove&password-file=" + (folder_.path() / file).string());
  };
  Redis right(io_, with("right")), wrong(io_, with("wrong")), none(io_, with("none"));
  EXPECT_EQ(accept_one(right, 1).sequence, 1u);
  const auto refused = wrong.roundtrip(RedisCommand{"PING"});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("WRONGPASS"), std::string::npos)
      << refused.error().message;
  EXPECT_FALSE(none.roundtrip(RedisCommand{"PING"}));
}

// Certificates made by the openssl program, for 127.0.0.1 and for nobody.
class RedisTlsTest : public RedisTest {
 protected:
  void SetUp() override {
    make("ca", "-x509 -days 2 -subj /CN=groove-test");
    sign("server", "subjectAltName=IP:127.0.0.1");
    sign("client", "subjectAltName=DNS:client");
    make("stranger", "-x509 -days 2 -subj /CN=stranger");
    port_ = free_port();
    server_.emplace(folder_.path(), std::vector<std::string>{
                                        "--tls-port", port_, "--bind", "127.0.0.1",
                                        "--tls-cert-file", file("server.pem"), "--tls-key-file",
                                        file("server.key"), "--tls-ca-cert-file", file("ca.pem")});
  }

  std::string file(const std::string& name) const { return (folder_.path() / name).string(); }
  void make(const std::string& name, const std::string& how) {
    shell("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " +
          file(name + ".key") + " -out " + file(name + ".pem") + " " + how);
  }
  void sign(const std::string& name, const std::string& extension) {
    make(name, "-subj /CN=" + name);
    std::ofstream(file(name + ".ext")) << extension << '\n';
    shell("openssl x509 -req -days 2 -in " + file(name + ".pem") + " -CA " + file("ca.pem") +
          " -CAkey " + file("ca.key") + " -CAcreateserial -extfile " + file(name + ".ext") +
          " -out " + file(name + ".pem"));
  }
  void shell(const std::string& command) {
    ASSERT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
  }
  RedisAddress address(const std::string& ca, const std::string& who) const {
    return *RedisAddress::parse("tls:127.0.0.1:" + port_ + "?ca=" + file(ca + ".pem") +
                                "&cert=" + file(who + ".pem") + "&key=" + file(who + ".key"));
  }

  std::string port_;
  std::optional<RedisServer> server_;
};

TEST_F(RedisTlsTest, BothSidesMustShowACertificateOfTheAuthority) {
  Redis good(io_, address("ca", "client"));
  EXPECT_EQ(accept_one(good, 1).sequence, 1u);
  Redis stranger(io_, address("ca", "stranger"));
  EXPECT_FALSE(stranger.roundtrip(RedisCommand{"PING"})) << "the server lets anybody in";
  Redis deceived(io_, address("stranger", "client"));
  EXPECT_FALSE(deceived.roundtrip(RedisCommand{"PING"})) << "any server is believed";
}

TEST_F(RedisTlsTest, AFileThatIsNotThereIsNamed) {
  Redis redis(io_, address("nobody", "client"));
  const auto reply = redis.roundtrip(RedisCommand{"PING"});
  ASSERT_FALSE(reply);
  EXPECT_NE(reply.error().message.find("nobody.pem"), std::string::npos) << reply.error().message;
}

}  // namespace
}  // namespace groove
