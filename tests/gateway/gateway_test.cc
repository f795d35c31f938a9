#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/core/session_rules.h"
#include "tests/gateway/gateway_fixture.h"
#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPick = R"({"basis":{"kind":"songs","songs":["song10001","song10002"]}})";

void expect_problem(const Response& response, int status, const std::string& detail_part = "") {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_EQ(response.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(number_at(response.body, "/status"), status);
  EXPECT_THAT(string_at(response.body, "/detail"), HasSubstr(detail_part));
}

// --- sessions -----------------------------------------------------------------------------------

TEST_F(GatewayTest, ASessionLastsUntilItIsEnded) {
  start();
  const std::string cookie = sign_in("Ada");
  EXPECT_EQ(string_at(get("/api/session", cookie).body, "/listener/name"), "Ada");
  const Response out = ask(Ask("DELETE", "/api/session").header("Cookie", cookie));
  EXPECT_EQ(out.status, 204);
  EXPECT_THAT(out.headers.at("set-cookie"), HasSubstr("Max-Age=0"));
  expect_problem(get("/api/session", cookie), 401, "Sign in");
}

TEST_F(GatewayTest, TheSameNameIsTheSameListenerInAnySpelling) {
  start();
  const auto id = [&](const char* name) {
    return string_at(get("/api/session", sign_in(name)).body, "/listener/id");
  };
  EXPECT_EQ(id("Zoë"), id("  zoe "));
  EXPECT_NE(id("Zoë"), id("Zoey"));
  EXPECT_NE(id("!"), id("?"));
}

TEST_F(GatewayTest, SigningInAnewEndsTheSessionThatWasThere) {
  start();
  const std::string planted = sign_in("Mallory");
  const Response response =
      ask(Ask("POST", "/api/session").header("Cookie", planted).json(R"({"name":"Ada"})"));
  EXPECT_EQ(response.status, 201);
  expect_problem(get("/api/session", planted), 401);
}

TEST_F(GatewayTest, TheStoreHoldsNoTokenThatWouldOpenASession) {
  start();
  const std::string cookie = sign_in();
  const std::string token = cookie.substr(cookie.find('=') + 1);
  const auto keys = redis().roundtrip(RedisCommand{"KEYS", "{sess}:*"});
  ASSERT_EQ(keys->list.size(), 1U);
  EXPECT_EQ(keys->list[0].text, session_key(token));
  const auto ttl = redis().roundtrip(RedisCommand{"TTL", keys->list[0].text});
  EXPECT_GT(ttl->integer, 0) << "a session must end by itself";
  // What a thief reads in the store opens nothing.
  expect_problem(get("/api/session", "groove=" + keys->list[0].text.substr(7, 43)), 401);
}

// --- who may ask, and how -----------------------------------------------------------------------

TEST_F(GatewayTest, NothingPersonalWithoutASession) {
  start();
  for (const char* target : {"/api/me", "/api/session", "/api/recommendations", "/api/events",
                             "/api/recommendations/00112233-4455-6677-8899-aabbccddeeff"})
    expect_problem(get(target), 401);
  expect_problem(post("/api/recommendations", kPick, "groove=x"), 401);
  expect_problem(post("/api/feedback", "{}", ""), 401);
  expect_problem(ask(Ask("POST", "/api/library?name=a.csv").header("Content-Type", "text/csv")),
                 401);
}

TEST_F(GatewayTest, AWrongHostIsMisdirected) {
  start();
  HttpClient client(port_);
  expect_problem(client.exchange(Ask("GET", "/healthz").text("evil.example")), 421);
  expect_problem(client.exchange(Ask("GET", "/").text("127.0.0.1:1")), 421);
}

TEST_F(GatewayTest, OtherSitesAreRefused) {
  start();
  const auto from = [&](const char* method, const char* target, const char* origin) {
    return ask(Ask(method, target).header("Origin", origin).json(R"({"name":"Ada"})"));
  };
  expect_problem(from("POST", "/api/session", "http://evil.example"), 403);
  expect_problem(from("POST", "/api/session", "null"), 403);
  expect_problem(from("DELETE", "/api/session", "http://evil.example"), 403);
  expect_problem(from("GET", "/api/events", "http://evil.example"), 403);
  EXPECT_EQ(from("POST", "/api/session", ("http://" + host_).c_str()).status, 201);
}

TEST_F(GatewayTest, EachWrongRequestIsToldWhatIsWrong) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const Response method = ask(Ask("PUT", "/api/feedback"));
  expect_problem(method, 405);
  EXPECT_EQ(method.headers.at("allow"), "POST");
  expect_problem(get("/api/nothing"), 404);
  expect_problem(ask(Ask("POST", "/api/session").header("Content-Type", "text/plain").body("{}")),
                 415, "application/json");
  expect_problem(post("/api/session", "{\"name\":", ""), 400, "JSON");
  expect_problem(post("/api/session", R"({"name":"a\nb"})", ""), 400, "control");
  expect_problem(post("/api/session", "\"" + std::string(70'000, 'a') + "\"", ""), 413, "64 KB");
  expect_problem(get("/api/tracks"), 400, "q");
  expect_problem(get("/api/tracks?q=a&limit=0"), 400, "limit");
  expect_problem(get("/api/tracks?q=a&limit=51"), 400, "limit");
  expect_problem(get("/api/tracks?q=" + std::string(201, 'a')), 400, "200");
  expect_problem(get("/api/recommendations/not-a-uuid", cookie), 404);
  expect_problem(get("/nothing.html"), 404);
}

// --- the library --------------------------------------------------------------------------------

TEST_F(GatewayTest, WithoutSongsTheAnswerSaysHowToBringSome) {
  start();
  const Response library = get("/api/library");
  EXPECT_EQ(number_at(library.body, "/songs"), 0);
  EXPECT_THAT(string_at(library.body, "/detail"), HasSubstr("no songs"));
  const std::string cookie = sign_in();
  expect_problem(get("/api/tracks?q=a"), 409);
  expect_problem(get("/api/map"), 409);
  expect_problem(post("/api/recommendations", kPick, cookie), 409);
}

TEST_F(GatewayTest, SongsAreSearchedAndShown) {
  bring_library();
  start();
  EXPECT_EQ(number_at(get("/api/library").body, "/songs"), kTestSongs);
  const Response found = get("/api/tracks?q=T%C3%8FTLE+7&limit=5");
  EXPECT_EQ(size_at(found.body, "/tracks"), 1U) << found.body;
  EXPECT_EQ(string_at(found.body, "/tracks/0/id"), "song10007");
  const Response track = get("/api/tracks/song10007");
  EXPECT_EQ(string_at(track.body, "/title"), "Title 7");
  EXPECT_THAT(track.body, HasSubstr("\"key\":7,"));
  expect_problem(get("/api/tracks/song99999"), 404);
}

TEST_F(GatewayTest, TheMapIsSentOnce) {
  bring_library();
  start();
  const Response map = get("/api/map");
  EXPECT_EQ(size_at(map.body, "/clusters"), 3U);
  EXPECT_EQ(size_at(map.body, "/points"), static_cast<std::size_t>(kTestSongs));
  const Response again =
      ask(Ask("GET", "/api/map").header("If-None-Match", map.headers.at("etag")));
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
}

TEST_F(GatewayTest, AnUploadIsStoredWholeUnderASafeName) {
  start();
  const std::string cookie = sign_in();
  const std::string csv = "id,name\n" + std::string(200'000, 'x');
  const Ask upload = Ask("POST", "/api/library?name=..%2F..%2Fmy+songs.csv")
                         .header("Cookie", cookie)
                         .header("Content-Type", "text/csv")
                         .body(csv);
  const Response response = ask(upload);
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(string_at(response.body, "/name"), "my-songs.csv");
  EXPECT_EQ(*read_file(places_.tracks() / "my-songs.csv"), csv);
}

TEST_F(GatewayTest, OneUploadAtATimeAndABrokenOneLeavesNothing) {
  start();
  const std::string cookie = sign_in();
  const auto head = [&](const std::string& rest) {
    return "POST /api/library?name=a.csv HTTP/1.1\r\nHost: " + host_ + "\r\nCookie: " + cookie +
           "\r\nContent-Type: text/csv\r\n" + rest + "\r\n\r\n";
  };
  HttpClient slow(port_);
  slow.send(head("Content-Length: 1000\r\nExpect: 100-continue"));
  EXPECT_THAT(slow.read_until("\r\n\r\n"), HasSubstr("100")) << "it has its turn";
  const Response second = HttpClient(port_).exchange(head("Content-Length: 2") + "ab");
  expect_problem(second, 429);
  EXPECT_EQ(second.headers.at("retry-after"), "5");
  EXPECT_TRUE(slow.closed()) << "the rest never came";
  EXPECT_TRUE(becomes([&] { return !std::filesystem::exists(places_.data / "upload.part"); }));
  EXPECT_FALSE(std::filesystem::exists(places_.tracks() / "a.csv"));
  EXPECT_EQ(HttpClient(port_).exchange(head("Content-Length: 2") + "ab").status, 202);
}

TEST_F(GatewayTest, UploadsHaveBounds) {
  start();
  const std::string cookie = sign_in();
  const auto upload = [&](const std::string& target, const std::string& type,
                          const std::string& size) {
    return ask(Ask("POST", target)
                   .header("Cookie", cookie)
                   .header("Content-Type", type)
                   .header("Content-Length", size));
  };
  expect_problem(upload("/api/library?name=a.csv", "text/csv", "536870913"), 413, "512 MB");
  expect_problem(upload("/api/library?name=a.exe", "text/csv", "1"), 400, ".csv");
  expect_problem(upload("/api/library", "text/csv", "1"), 400, "name");
  expect_problem(upload("/api/library?name=a.csv", "text/html", "1"), 415, "text/csv");
  expect_problem(upload("/api/library?name=a.csv", "text/csv", "0"), 400, "empty");
}

// --- events and answers -------------------------------------------------------------------------

TEST_F(GatewayTest, UnknownSongsAreNamed) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const Response response = post(
      "/api/recommendations", R"({"basis":{"kind":"songs","songs":["song10001","nope"]}})", cookie);
  expect_problem(response, 422, "nope");
  EXPECT_EQ(string_at(response.body, "/unknown/0"), "nope");
  EXPECT_EQ(size_at(response.body, "/unknown"), 1U);
  expect_problem(
      post("/api/feedback", R"({"verdicts":[{"id":"nope","verdict":"approve"}]})", cookie), 422,
      "nope");
}

TEST_F(GatewayTest, AnEventIsPendingUntilItsAnswerIsRecorded) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  expect_problem(get("/api/recommendations", cookie), 404);
  const Response accepted = post("/api/recommendations", kPick, cookie);
  EXPECT_EQ(accepted.status, 202) << accepted.body;
  EXPECT_EQ(number_at(accepted.body, "/sequence"), 1);
  const std::string place = accepted.headers.at("location");
  EXPECT_EQ(place, "/api/recommendations/" + string_at(accepted.body, "/id"));
  EXPECT_EQ(string_at(get(place, cookie).body, "/status"), "pending");
  EXPECT_EQ(number_at(get("/api/me", cookie).body, "/pending"), 1);
  run_pipeline();
  const Response answer = get(place, cookie);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(string_at(answer.body, "/recommendations/0/id"), "song10007");
  EXPECT_EQ(number_at(answer.body, "/recommendations/0/map/0"), 7);
  EXPECT_THAT(answer.body, HasSubstr("\"confidence\":0.731"));
  EXPECT_THAT(answer.body, HasSubstr("\"recorded_at\":\"2025-11-24T16:00:00.123456Z\""));
  EXPECT_EQ(get("/api/recommendations", cookie).body, answer.body);
  EXPECT_EQ(number_at(get("/api/me", cookie).body, "/pending"), 0);
}

TEST_F(GatewayTest, SayingAnEventAgainGivesItsFirstAnswer) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const std::string body =
      R"({"event_id":"00112233-4455-6677-8899-aabbccddeeff","basis":{"kind":"songs","songs":["song10001"]}})";
  const Response first = post("/api/recommendations", body, cookie);
  recommend(cookie);
  const Response again = post("/api/recommendations", body, cookie);
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.at("location"), first.headers.at("location"));
}

TEST_F(GatewayTest, AnotherListenersEventIsNotThere) {
  bring_library();
  start();
  const std::string id = recommend(sign_in("Ada"));
  run_pipeline();
  expect_problem(get("/api/recommendations/" + id, sign_in("Bob")), 404);
  expect_problem(get("/api/recommendations/" + id + "/receipt", sign_in("Bob")), 404);
}

TEST_F(GatewayTest, ReceiptComesOnceTheLedgerHasPublished) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const std::string place = "/api/recommendations/" + recommend(cookie);
  EXPECT_EQ(get(place + "/receipt", cookie).status, 202);
  run_pipeline();
  EXPECT_EQ(string_at(get(place, cookie).body, "/ledger/receipt"), place + "/receipt");
  expect_problem(get(place + "/receipt", cookie), 503);
}

TEST_F(GatewayTest, AListCanBeSavedAsAPlaylist) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const std::string place = "/api/recommendations/" + recommend(cookie) + "/playlist/";
  EXPECT_EQ(get(place + "csv", cookie).status, 202);
  run_pipeline();
  const Response saved = get(place + "m3u8", cookie);
  EXPECT_EQ(saved.status, 200);
  EXPECT_THAT(saved.body, HasSubstr("#EXTM3U\n#PLAYLIST:Groove, list 1\n#EXTINF:"));
  EXPECT_THAT(saved.headers.at("content-disposition"), HasSubstr("groove.m3u8"));
  expect_problem(get(place + "mp3", cookie), 404);
  expect_problem(get(place + "csv", sign_in("Bob")), 404);
}

TEST_F(GatewayTest, TooMuchPendingIsTheListenersOwnLimit) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  for (std::size_t i = 0; i < limits::kPendingPerListenerMax; ++i) recommend(cookie);
  const Response more = post("/api/recommendations", kPick, cookie);
  expect_problem(more, 429);
  EXPECT_EQ(more.headers.at("retry-after"), "1");
  recommend(sign_in("Bob"));
  EXPECT_THAT(get("/metrics").body, HasSubstr("groove_events_refused_total 1\n"));
}

TEST_F(GatewayTest, AStreamGetsTheBatchWhenItIsPublished) {
  bring_library();
  start();
  become_a_member();
  const std::string cookie = sign_in();
  const auto stream = listen(cookie);
  const auto other = listen(sign_in("Bob"));
  // This batch is not in Redis: what arrives came over the bus. Said until the bus is connected,
  // heard once.
  v1::Notice notice;
  notice.mutable_recorded()->set_sequence(1);
  notice.mutable_recorded()->mutable_batch();
  EXPECT_TRUE(becomes([&] {
    publish(listener_of(cookie), notice);
    return stream->readable();
  }));
  EXPECT_THAT(stream->read_until("\n\n"), testing::StartsWith("event: batch\nid: 1\ndata: {"));
  stop();
  EXPECT_EQ(stream->read_until("retry: 1000\n\n"), "retry: 1000\n\n");
  EXPECT_EQ(other->read_until("retry: 1000\n\n"), "retry: 1000\n\n")
      << "another listener's stream stays silent, and says goodbye";
}

TEST_F(GatewayTest, ALostNoticeCostsTwoSecondsAtMost) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  const auto stream = listen(cookie);
  recommend(cookie);
  run_pipeline();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(stream->read_until("\n\n"), HasSubstr("id: 1\n"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(4));
}

TEST_F(GatewayTest, AStreamTakesUpWhereTheBrowserLeftOff) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  for (int i = 0; i < 6; ++i) recommend(cookie);
  run_pipeline();
  EXPECT_THAT(listen(cookie, "4")->read_until("\nid: 6\n"), HasSubstr("\nid: 5\n"));
  EXPECT_THAT(listen(cookie)->read_until("\nid: 6\n"), Not(HasSubstr("id: 5\n"))) << "newest only";
  EXPECT_THAT(listen(cookie, "1")->read_until("\nid: 6\n"), Not(HasSubstr("id: 2\n")))
      << "four at most";
  EXPECT_THAT(listen(cookie, "18446744073709551615")->read_until("\nid: 6\n"), HasSubstr("id: 6\n"))
      << "a number from the future does not silence the stream";
}

TEST_F(GatewayTest, ProgressIsToldToItsListener) {
  start();
  become_a_member();
  const std::string cookie = sign_in();
  const auto stream = listen(cookie);
  v1::Notice notice;
  notice.mutable_progressed()->set_stage("score");
  notice.mutable_progressed()->set_state(v1::StageProgressed::STATE_DONE);
  EXPECT_TRUE(becomes([&] {
    publish(listener_of(cookie), notice);
    return stream->readable();
  }));
  const std::string event = stream->read_until("\n\n");
  EXPECT_THAT(event, testing::StartsWith("event: progress\ndata: {"));
  EXPECT_THAT(event, HasSubstr("\"stage\":\"score\",\"state\":\"done\""));
}

TEST_F(GatewayTest, SigningOutEndsTheStream) {
  start();
  const std::string cookie = sign_in();
  const auto stream = listen(cookie);
  ask(Ask("DELETE", "/api/session").header("Cookie", cookie));
  EXPECT_TRUE(stream->closed());
}

TEST_F(GatewayTest, StreamsOfOneListenerAreBounded) {
  start();
  const std::string cookie = sign_in();
  std::vector<std::unique_ptr<HttpClient>> streams;
  for (int i = 0; i < 16; ++i) streams.push_back(listen(cookie));
  expect_problem(get("/api/events", cookie), 429);
  streams.clear();
  EXPECT_TRUE(becomes([&] {
    HttpClient client(port_);
    client.send(text(Ask("GET", "/api/events").header("Cookie", cookie)));
    return client.receive(true).value_or(Response{}).status == 200;
  }));
}

TEST_F(GatewayTest, ALibraryThatArrivesIsTold) {
  start();
  const auto stream = listen(sign_in());
  bring_library();
  EXPECT_THAT(stream->read_until("\"state\":\"ready\""), HasSubstr("event: library"));
}

// --- operation ----------------------------------------------------------------------------------

TEST_F(GatewayTest, WithoutRedisNothingIsPromised) {
  bring_library();
  start();
  const std::string cookie = sign_in();
  redis_.kill();
  expect_problem(post("/api/recommendations", kPick, cookie), 503, "again");
  expect_problem(post("/api/session", R"({"name":"Ada"})", ""), 503);
  EXPECT_TRUE(becomes([&] { return get("/readyz").status == 503; }));
  EXPECT_EQ(get("/healthz").status, 200);
  redis_.start();
  EXPECT_TRUE(becomes([&] { return get("/readyz").status == 200; }));
  EXPECT_EQ(post("/api/recommendations", kPick, cookie).status, 202) << "the session outlived it";
}

TEST_F(GatewayTest, ReadinessTellsWhichWorkersAreThere) {
  start();
  EXPECT_THAT(get("/readyz").body, HasSubstr("\"ledger\":false"));
  become_a_member();
  EXPECT_TRUE(
      becomes([&] { return get("/readyz").body.find("\"ledger\":true") != std::string::npos; }));
}

TEST_F(GatewayTest, RequestsAreCountedByTheirPattern) {
  bring_library();
  start();
  get("/api/tracks/song10001");
  get("/api/tracks/song10002");
  const std::string text = get("/metrics").body;
  EXPECT_THAT(text, HasSubstr("{route=\"/api/tracks/{id}\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("groove_songs 60\n"));
}

TEST_F(GatewayTest, ThePageIsServedPackedAndItsAssetsForEver) {
  write_page();
  start();
  const Response page = get("/");
  EXPECT_EQ(page.body, "<!doctype html>hello");
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.at("cache-control"), "no-cache");
  EXPECT_THAT(page.headers.at("content-security-policy"), HasSubstr("default-src 'none'"));
  const Response same = ask(Ask("GET", "/").header("If-None-Match", page.headers.at("etag")));
  EXPECT_EQ(same.status, 304);
  const Response script =
      ask(Ask("GET", "/assets/index-1a2b.js").header("Accept-Encoding", "br, gzip;q=0.5"));
  EXPECT_EQ(script.headers.at("content-encoding"), "gzip");
  EXPECT_LT(script.body.size(), 200U);
  EXPECT_THAT(script.headers.at("cache-control"), HasSubstr("immutable"));
  EXPECT_EQ(get("/assets/index-1a2b.js").body, std::string(5'000, ';'));
  EXPECT_EQ(ask(Ask("GET", "/assets/index-1a2b.js").header("Accept-Encoding", "gzip;q=0"))
                .headers.count("content-encoding"),
            0U);
  expect_problem(ask(Ask("POST", "/").json("{}")), 405);
  expect_problem(get("/assets/../index.html"), 404);
  expect_problem(get("/index-1a2b.js"), 404);
}

}  // namespace
}  // namespace groove::gateway
