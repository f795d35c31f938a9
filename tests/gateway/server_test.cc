// The server alone, with a service that says back what it got.
#include "gateway/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <optional>
#include <thread>

#include "gateway/core/sse.h"
#include "tests/gateway/http_client.h"

namespace groove::gateway {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class Echo : public Service {
 public:
  explicit Echo(asio::io_context& io) : io_(io) {}

  asio::awaitable<Answer> serve(Request request, BodySource& body) override {
    Answer answer;
    if (request.path == "/stream") {
      answer.stream = std::make_shared<EventStream>(io_.get_executor());
      answer.reply.headers.push_back({"Content-Type", "text/event-stream"});
      stream = answer.stream;
      answer.stream->push(sse_event("hello", "x"));
      co_return answer;
    }
    std::string text;
    while (request.path != "/unread") {
      const auto piece = co_await body.next();
      if (!piece) {
        broken = true;
        break;
      }
      if (piece->empty()) break;
      text += *piece;
    }
    answer.reply.body = request.method + " " + request.path + " " + text;
    co_return answer;
  }

  std::weak_ptr<EventStream> stream;
  bool broken = false;

 private:
  asio::io_context& io_;
};

class ServerTest : public testing::Test {
 protected:
  void start(ServerOptions options = {}) {
    options.sweep = 10ms;
    server_.emplace(io_, echo_, options);
    ASSERT_TRUE(server_->listen("127.0.0.1", 0).has_value());
    port_ = server_->port();
    thread_ = std::jthread([this] { io_.run(); });
  }
  void TearDown() override { io_.stop(); }

  void on_server(std::function<void()> use) { asio::post(io_, std::move(use)); }
  bool ask_server(std::function<bool()> question) {
    std::promise<bool> answer;
    on_server([&] { answer.set_value(question()); });
    return answer.get_future().get();
  }
  int status_of(std::string_view bytes) {
    HttpClient c(port_);
    const int status = c.exchange(bytes).status;
    EXPECT_TRUE(c.closed()) << "after " << bytes.substr(0, 60);
    return status;
  }

  asio::io_context io_{1};
  Echo echo_{io_};
  std::optional<Server> server_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

std::string get(const std::string& target) { return Ask("GET", target).text("a"); }

TEST_F(ServerTest, RequestsFollowEachOtherOnOneConnection) {
  start();
  HttpClient c(port_);
  EXPECT_EQ(c.exchange(get("/1")).body, "GET /1 ");
  EXPECT_EQ(c.exchange(Ask("POST", "/2").body("hello").text("a")).body, "POST /2 hello");
  c.send(get("/3") + get("/4"));
  EXPECT_EQ(c.receive()->body, "GET /3 ");
  EXPECT_EQ(c.receive()->body, "GET /4 ");
}

TEST_F(ServerTest, ARequestMayComeByteByByte) {
  start();
  HttpClient c(port_);
  for (const char byte : Ask("POST", "/").body("hi").text("a")) c.send({&byte, 1});
  EXPECT_EQ(c.receive()->body, "POST / hi");
}

TEST_F(ServerTest, HeadIsAnsweredWithoutABody) {
  start();
  HttpClient c(port_);
  c.send(Ask("HEAD", "/x").text("a"));
  EXPECT_EQ(c.receive(true)->headers["content-length"], "8");
  EXPECT_EQ(c.exchange(get("/y")).body, "GET /y ") << "the next answer is in its place";
}

TEST_F(ServerTest, CloseIsHeeded) {
  start();
  HttpClient c(port_);
  EXPECT_EQ(
      c.exchange(Ask("GET", "/").header("Connection", "close").text("a")).headers["connection"],
      "close");
  EXPECT_TRUE(c.closed());
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), 200);
}

TEST_F(ServerTest, SmugglingIsRefusedAndTheConnectionClosed) {
  start();
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  const std::string inner = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(status_of(head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + inner),
            400);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + inner),
            400);
  EXPECT_EQ(status_of(head + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n" + inner), 400);
  EXPECT_EQ(status_of(head + "Content-Length: 4\r\nContent-Length: 4\r\n\r\n" + inner), 400);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: chunked\r\n\r\n" + inner), 411);
  EXPECT_EQ(status_of(head + "Transfer-Encoding: xchunked\r\n\r\n" + inner), 411);
  EXPECT_EQ(status_of(head +
                      "Transfer-Encoding:\x0b"
                      "chunked\r\n\r\n" +
                      inner),
            400);
  EXPECT_EQ(status_of(head + "Content-Length : 4\r\n\r\nbody"), 400);
  EXPECT_EQ(status_of(head + "X: 1\r\n Content-Length: 4\r\n\r\nbody"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: a\n\n"), 400);
  EXPECT_EQ(status_of("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("\x16\x03\x01\x02garbage\r\n\r\n"), 400) << "TLS to a plain port";
}

TEST_F(ServerTest, TooLargeAHeadIsRefusedBeforeItsEnd) {
  start();
  EXPECT_EQ(status_of("GET /" + std::string(9'000, 'a')), 414);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'a')), 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 100; ++i) many += "a: 1\r\n";
  EXPECT_EQ(status_of(many), 431);
}

TEST_F(ServerTest, ASlowHeadIsCutOffAsAWhole) {
  start({.header_deadline = 60ms});
  HttpClient c(port_);
  const auto began = std::chrono::steady_clock::now();
  c.send("GET / HT");
  bool ended = false;  // a reset is an end too: the client was still sending
  while (!ended && std::chrono::steady_clock::now() - began < 5s) {
    c.send("T");  // never 60 ms without a byte
    ended = c.readable(5ms);
  }
  EXPECT_TRUE(ended);
}

TEST_F(ServerTest, ASlowBodyIsCutOff) {
  start({.body_deadline = 60ms});
  HttpClient c(port_);
  c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, AnIdleConnectionIsClosed) {
  start({.idle_deadline = 60ms});
  HttpClient c(port_);
  EXPECT_EQ(c.exchange(get("/")).status, 200);
  EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, AClientThatWaitsIsToldToGoOn) {
  start();
  HttpClient c(port_);
  c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(c.exchange("hi").body, "POST / hi");
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: x\r\n\r\n"), 417);
}

TEST_F(ServerTest, ABodyNobodyReadIsDroppedOrEndsTheConnection) {
  start();
  HttpClient c(port_);
  EXPECT_EQ(c.exchange(Ask("POST", "/unread").body(std::string(1'000, 'x')).text("a")).status, 200);
  EXPECT_EQ(c.exchange(get("/next")).body, "GET /next ");
  c.send("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nstart");
  EXPECT_EQ(c.receive()->headers["connection"], "close");
  EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, TheCapTurnsFurtherClientsAway) {
  start({.connections_max = 2});
  HttpClient one(port_), two(port_);
  EXPECT_EQ(one.exchange(get("/")).status, 200);
  EXPECT_EQ(two.exchange(get("/")).status, 200);
  HttpClient three(port_);
  const auto refusal = three.receive();
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->status, 503);
  EXPECT_EQ(refusal->headers.at("retry-after"), "1");
  EXPECT_EQ(one.exchange(get("/")).status, 200) << "those inside go on";
}

TEST_F(ServerTest, AStreamHeartbeatsUntilItIsClosed) {
  start({.heartbeat = 20ms});
  HttpClient c(port_);
  c.send(get("/stream"));
  EXPECT_EQ(c.receive(true)->headers["content-type"], "text/event-stream");
  EXPECT_EQ(c.read_until("\n\n"), "event: hello\ndata: x\n\n");
  EXPECT_EQ(c.read_until("\n\n"), ":\n\n");
  on_server([&] {
    if (const auto stream = echo_.stream.lock()) {
      stream->push(sse_retry(1s));
      stream->close();
    }
  });
  EXPECT_THAT(c.read_until("retry: 1000\n\n"), testing::EndsWith("retry: 1000\n\n"));
  EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, AStreamWhoseBrowserLeftIsClosed) {
  start();
  {
    HttpClient c(port_);
    c.send(get("/stream"));
    c.read_until("data: x\n\n");
  }
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  const auto gone = [&] { return ask_server([&] { return echo_.stream.expired(); }); };
  while (!gone() && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_TRUE(gone());
}

TEST_F(ServerTest, StopEndsWhatIsIdleAndTakesNobodyNew) {
  start();
  HttpClient c(port_);
  EXPECT_EQ(c.exchange(get("/")).status, 200);
  on_server([&] { server_->stop(); });
  EXPECT_TRUE(c.closed());
}

TEST_F(ServerTest, StopLetsARequestFinish) {
  start();
  HttpClient c(port_);
  c.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh");
  HttpClient other(port_);  // served after the half request above was read
  EXPECT_EQ(other.exchange(get("/")).status, 200);
  on_server([&] { server_->stop(); });
  EXPECT_TRUE(other.closed());
  const Response response = c.exchange("i");
  EXPECT_EQ(response.body, "POST / hi");
  EXPECT_EQ(response.headers.at("connection"), "close");
}

TEST_F(ServerTest, ATakenPortIsSaid) {
  start();
  Server second(io_, echo_);
  const auto listening = second.listen("127.0.0.1", port_);
  ASSERT_FALSE(listening.has_value());
  EXPECT_THAT(listening.error().message, testing::HasSubstr(std::to_string(port_)));
}

}  // namespace
}  // namespace groove::gateway
