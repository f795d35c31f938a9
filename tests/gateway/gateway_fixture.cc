#include "tests/gateway/gateway_fixture.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "tests/workers/model_fixture.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

boost::json::value at(const std::string& json, const std::string& pointer) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(json, error);
  if (error) return nullptr;
  const boost::json::value* const found = value.find_pointer(pointer, error);
  return found == nullptr ? boost::json::value(nullptr) : *found;
}

}  // namespace

bool becomes(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::string string_at(const std::string& json, const std::string& pointer) {
  const boost::json::value value = at(json, pointer);
  return value.is_string() ? std::string(value.get_string()) : "";
}

std::int64_t number_at(const std::string& json, const std::string& pointer) {
  const boost::json::value value = at(json, pointer);
  return value.is_int64() ? value.get_int64() : -1;
}

std::size_t size_at(const std::string& json, const std::string& pointer) {
  const boost::json::value value = at(json, pointer);
  return value.is_array() ? value.get_array().size() : 0;
}

GatewayTest::GatewayTest()
    : places_(find_places(folder_.path(), folder_.path(), redis_.address()).value()) {}

void GatewayTest::bring_library() {
  CatalogBuilder builder(spotify_v1());
  for (int i = 0; i < kTestSongs; ++i) builder.add(test::song(i));
  ASSERT_TRUE(builder.write(places_.catalog()).has_value());
  const Catalog catalog = Catalog::open(places_.catalog()).value();
  ASSERT_TRUE(
      replace_file(places_.model(), test::model_of(catalog).SerializeAsString()).has_value());
}

void GatewayTest::write_page() {
  std::filesystem::create_directories(folder_ / "web" / "assets");
  ASSERT_TRUE(replace_file(folder_ / "web" / "index.html", "<!doctype html>hello").has_value());
  ASSERT_TRUE(replace_file(folder_ / "web" / "assets" / "index-1a2b.js", std::string(5'000, ';'))
                  .has_value());
}

void GatewayTest::start() {
  auto site = Site::load(folder_ / "web");
  ASSERT_TRUE(site.has_value());
  Settings settings;
  settings.port = 0;
  settings.server.body_deadline = std::chrono::milliseconds(500);
  settings.server.sweep = std::chrono::milliseconds(10);
  process_.emplace(settings, places_, *RedisAddress::parse(redis_.address()), std::move(*site),
                   std::make_unique<BusHost>());
  ASSERT_TRUE(process_->listen().has_value());
  port_ = process_->port();
  host_ = "127.0.0.1:" + std::to_string(port_);
  thread_ = std::jthread([this] { process_->run([this] { return stop_.load(); }); });
  const bool has_library = std::filesystem::exists(places_.model());
  ASSERT_TRUE(becomes([&] {
    return string_at(get("/api/library").body, "/state") == (has_library ? "ready" : "empty") &&
           get("/readyz").status == 200;
  }));
}

void GatewayTest::stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

Response GatewayTest::ask(const Ask& ask) { return HttpClient(port_).exchange(text(ask)); }

std::string GatewayTest::sign_in(const std::string& name) {
  const Response response = ask(Ask("POST", "/api/session").json("{\"name\":\"" + name + "\"}"));
  EXPECT_EQ(response.status, 201) << response.body;
  const std::string& cookie = response.headers.at("set-cookie");
  return cookie.substr(0, cookie.find(';'));
}

Response GatewayTest::get(const std::string& target, const std::string& cookie) {
  Ask request("GET", target);
  if (!cookie.empty()) request.header("Cookie", cookie);
  return ask(request);
}

Response GatewayTest::post(const std::string& target, const std::string& body,
                           const std::string& cookie) {
  return ask(Ask("POST", target).header("Cookie", cookie).json(body));
}

std::string GatewayTest::recommend(const std::string& cookie) {
  const Response response =
      post("/api/recommendations", R"({"basis":{"kind":"songs","songs":["song10001"]}})", cookie);
  EXPECT_EQ(response.status, 202) << response.body;
  return string_at(response.body, "/id");
}

std::unique_ptr<HttpClient> GatewayTest::listen(const std::string& cookie,
                                                const std::string& last_seen) {
  auto client = std::make_unique<HttpClient>(port_);
  Ask request("GET", "/api/events");
  request.header("Cookie", cookie);
  if (!last_seen.empty()) request.header("Last-Event-ID", last_seen);
  client->send(text(request));
  EXPECT_EQ(client->receive(true).value_or(Response{}).status, 200);
  EXPECT_NE(client->read_until("\n\n").find("event: library"), std::string::npos);
  return client;
}

void GatewayTest::become_a_member() {
  const handoff::Member self{"ledger-1", places_.inbox("ledger-1"), places_.notices("ledger-1")};
  publisher_ = std::move(*NoticePublisher::open(bus_, self.notices));
  ASSERT_TRUE(redis_client_.roundtrip(handoff::register_member(Stage::kLedger, &self)).has_value());
}

void GatewayTest::run_pipeline() {
  for (const Stage stage : kStages) {
    std::vector<RedisCommand> pulls;
    for (std::uint32_t partition = 0; partition < kPartitionCount; ++partition)
      pulls.push_back(handoff::pull(partition, stage, 100));
    const auto replies = redis_client_.roundtrip(std::move(pulls));
    for (const auto& reply : replies) {
      const auto entries = handoff::pulled(reply, stage);
      ASSERT_TRUE(entries.has_value());
      for (const handoff::Entry& entry : *entries) pass_on(entry);
    }
  }
}

// An entry that is ahead of its turn (kGap) waits for the next run.
void GatewayTest::pass_on(const handoff::Entry& entry) {
  const std::string output =
      next(entry.stage) ? entry.message : answer_to(entry).SerializeAsString();
  const auto committed =
      handoff::committed(redis_client_.roundtrip(handoff::commit(entry, std::nullopt, output)));
  ASSERT_TRUE(committed.has_value());
  ASSERT_NE(committed->outcome, handoff::Outcome::kForged);
}

ListenerId GatewayTest::listener_of(const std::string& cookie) {
  return parse_listener_id(string_at(get("/api/session", cookie).body, "/listener/id")).value();
}

v1::BatchRecorded GatewayTest::answer_to(const handoff::Entry& entry) {
  v1::BatchRecorded recorded;
  recorded.set_listener(entry.listener.value);
  recorded.set_sequence(entry.sequence);
  recorded.set_event_id(std::string(as_bytes(entry.event())));
  recorded.set_ledger_index(ledger_index_++);
  recorded.set_leaf_hash(std::string(32, 'h'));
  recorded.set_recorded_at_us(1'764'000'000'123'456);
  v1::BatchScored& batch = *recorded.mutable_batch();
  batch.set_catalog_digest(std::string(32, 'c'));
  batch.set_model_digest(std::string(32, 'm'));
  batch.set_confidence_basis(v1::CONFIDENCE_BASIS_PRIOR);
  batch.add_liked()->set_song_id("song10001");
  batch.add_liked()->set_song_id("left the catalogue");
  v1::Recommendation& song = *batch.add_recommendations();
  song.set_song_id("song10007");
  song.set_title("Title 7");
  song.add_artists("Artist 0");
  song.set_confidence_permille(731);
  song.set_score_milli(-250);
  song.add_because()->mutable_near_liked_song()->set_song_id("song10001");
  song.add_because()->mutable_feature_agrees()->set_feature("tempo");
  song.add_because()->mutable_in_cluster()->set_name("cluster 1");
  song.mutable_would_change()->mutable_disapproved()->set_song_id("song10001");
  song.mutable_would_change()->set_behind_song_id("song10002");
  return recorded;
}

}  // namespace groove::gateway
