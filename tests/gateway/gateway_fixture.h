// A real gateway on a free port with a real Redis and a small library, and a stand-in for the
// pipeline behind it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "gateway/process.h"
#include "groove/v1/event.pb.h"
#include "tests/gateway/http_client.h"
#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/bus.h"
#include "workers/handoff.h"

namespace groove::gateway {

inline constexpr int kTestSongs = 60;

class GatewayTest : public testing::Test {
 protected:
  GatewayTest();
  ~GatewayTest() override { stop(); }

  // Files first, then start.
  void bring_library();
  void write_page();
  void start();
  void stop();

  Response ask(const Ask& ask);
  std::string text(const Ask& ask) const { return ask.text(host_); }
  // A session of that name; its cookie.
  std::string sign_in(const std::string& name = "Ada");
  Response get(const std::string& target, const std::string& cookie = "");
  Response post(const std::string& target, const std::string& body, const std::string& cookie);
  // Asks for recommendations; the event's id.
  std::string recommend(const std::string& cookie);
  // An open event stream, after its first event.
  std::unique_ptr<HttpClient> listen(const std::string& cookie, const std::string& last_seen = "");

  // What the stages do with all that waits: passes events on to the ledger, which answers with a
  // batch of one song. Tells nobody.
  void run_pipeline();
  void become_a_member();  // of the ledger stage, so that gateways listen to our notices

  void publish(ListenerId listener, const v1::Notice& notice) {
    publisher_->publish(listener, notice);
  }

  ListenerId listener_of(const std::string& cookie);

  Redis& redis() { return redis_client_; }

  test::TempDir folder_;
  test::RedisServer redis_{folder_.path()};
  Places places_;
  std::uint16_t port_ = 0;
  std::string host_;

 private:
  void pass_on(const handoff::Entry& entry);
  v1::BatchRecorded answer_to(const handoff::Entry& entry);

  boost::asio::io_context io_{1};
  Redis redis_client_{io_, *RedisAddress::parse(redis_.address())};
  BusHost bus_;
  std::optional<NoticePublisher> publisher_;
  std::uint64_t ledger_index_ = 0;
  std::atomic<bool> stop_{false};
  std::optional<Process> process_;
  std::jthread thread_;
};

// Looks until it is so; false after ten seconds.
bool becomes(const std::function<bool()>& condition);
std::string string_at(const std::string& json, const std::string& pointer);  // "/listener/id"
std::int64_t number_at(const std::string& json, const std::string& pointer);
std::size_t size_at(const std::string& json, const std::string& pointer);  // of an array

}  // namespace groove::gateway
