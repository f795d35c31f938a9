#include "gateway/gateway.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/convert.h"
#include "gateway/core/sse.h"
#include "gateway/entropy.h"
#include "gateway/music_replies.h"
#include "workers/base/check.h"
#include "workers/text.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::array<std::string_view, 1> kJsonTypes = {"application/json"};
constexpr std::array<std::string_view, 2> kUploadTypes = {"text/csv", "application/octet-stream"};
constexpr auto kComeBack = std::chrono::seconds(1);
constexpr auto kComeBackAfterUpload = std::chrono::seconds(5);
constexpr std::size_t kNamedUnknownMax = 20;
constexpr std::string_view kNoLibrary =
    "The library is not ready: GET /api/library says what it is waiting for.";

bool needs_session(Route route) {
  switch (route) {
    case Route::kSession:
    case Route::kMe:
    case Route::kBringSongs:
    case Route::kAudio:
    case Route::kLicence:
    case Route::kRecommend:
    case Route::kLatestBatch:
    case Route::kBatch:
    case Route::kReceipt:
    case Route::kPlaylist:
    case Route::kJudge:
    case Route::kEvents:
    case Route::kSpotifyPlaylists:
    case Route::kSpotifyExport:
    case Route::kSpotifyDisconnect:
      return true;
    default:
      return false;
  }
}

bool takes_json(Route route) {
  return route == Route::kSignIn || route == Route::kRecommend || route == Route::kJudge ||
         route == Route::kSpotifyLoginByHand || route == Route::kSpotifyCallbackByHand ||
         route == Route::kSpotifyExport;
}

// The reply that an error of the world means.
Reply reply_to(const Error& error) {
  switch (error.code) {
    case Errc::kInvalid:
      return problem(400, error.message);
    case Errc::kNotFound:
      return problem(404, error.message);
    case Errc::kConflict:
      return problem(409, error.message);
    case Errc::kBusy:
      return come_back(429, error.message, kComeBack);
    default:
      spdlog::warn("{}", error.message);
      return come_back(503, "Groove's store cannot be reached just now; send the same again.",
                       kComeBack);
  }
}

Reply too_large(std::string_view most) {
  return problem(413, fmt::format("The body is too large: at most {}.", most));
}

// 422 that names the songs the catalogue lacks; nothing when it has them all.
std::optional<Reply> refuse_unknown(const Catalog& catalog, const std::vector<std::string>& ids) {
  std::vector<std::string> unknown;
  for (const std::string& id : ids)
    if (!catalog.find(id)) unknown.push_back(id);
  if (unknown.empty()) return std::nullopt;
  std::string named;
  for (std::size_t i = 0; i < std::min(unknown.size(), kNamedUnknownMax); ++i)
    named.append(i == 0 ? "" : ", ").append(unknown[i]);
  if (unknown.size() > kNamedUnknownMax) named += ", …";
  JsonWriter list;
  list.array([&] {
    for (const std::string& id : unknown) list.value(id);
  });
  return problem(422,
                 fmt::format("The catalogue in use does not have: {}. Search at /api/tracks and "
                             "pick from what is found.",
                             named),
                 ",\"unknown\":" + list.take());
}

std::vector<std::string> judged_ids(const FeedbackAsk& ask) {
  std::vector<std::string> ids;
  for (const JudgedSong& judged : ask.verdicts)
    // A verdict on a song that has left the catalogue can still be taken back.
    if (judged.judgement != Judgement::kClear) ids.push_back(judged.id);
  return ids;
}

std::string accepted_json(const std::string& id, std::uint64_t sequence, bool pending) {
  JsonWriter json;
  json.object([&] {
    json.field("id", id);
    json.field("sequence", sequence);
    if (pending) json.field("status", "pending");
  });
  return json.take();
}

}  // namespace

asio::awaitable<Answer> Gateway::serve(Request request, BodySource& body) {
  Answer answer;
  std::string_view route = "none";
  if (!hosts_.allows(request.header("Host"))) {
    answer.reply = problem(421,
                           "This host name is not served here; use the address that "
                           "deploy/up printed, or start with --host NAME.");
  } else if (auto match = find_route(request.method, request.path); !match) {
    answer.reply = std::move(match.error());
  } else {
    route = pattern_of(match->route);
    answer = co_await pass(std::move(request), std::move(*match), body);
  }
  metrics_.count_request(route, answer.reply.status);
  co_return answer;
}

asio::awaitable<Answer> Gateway::pass(Request request, Match match, BodySource& body) {
  if (match.route == Route::kSite) co_return Answer{parts_.site.answer(request), nullptr};
  if (match.route == Route::kLedger)
    co_return Answer{parts_.ledger_files.answer(request.path), nullptr};
  Call call{std::move(request), std::move(match), {}, {}};
  const Route route = call.match.route;
  const bool is_api = call.request.path.starts_with("/api/");
  if (is_api)
    if (auto refusal = refuse_origin(call.request)) co_return Answer{std::move(*refusal), nullptr};
  auto refusal = co_await find_session(call);
  if (!refusal && takes_json(route)) refusal = co_await read_body(call, body);
  if (refusal) co_return Answer{std::move(*refusal), nullptr};
  if (route == Route::kEvents) co_return events(call);
  if (route == Route::kAudio)
    co_return parts_.audio.stream(music_files(), call.match.parameters[0], call.request);
  Answer answer;
  answer.reply = co_await work(call, body);
  co_return answer;
}

asio::awaitable<std::optional<Reply>> Gateway::find_session(Call& call) {
  call.token = session_token(call.request).value_or(std::string());
  if (!needs_session(call.match.route)) co_return std::nullopt;
  Result<std::optional<Session>> session = std::nullopt;
  if (!call.token.empty()) session = co_await parts_.sessions.find(call.token);
  if (!session) co_return reply_to(session.error());
  if (!*session) co_return problem(401, "Sign in first: POST /api/session with your name.");
  call.session = std::move(**session);
  co_return std::nullopt;
}

asio::awaitable<std::optional<Reply>> Gateway::read_body(Call& call, BodySource& body) {
  if (auto refusal = refuse_type(call.request, kJsonTypes)) co_return refusal;
  if (body.size() > limits::kHttpBodyBytesMax) co_return too_large("64 KB");
  const auto bytes = co_await body.next();
  if (!bytes) co_return problem(400, bytes.error().message);
  call.request.body = *bytes;
  co_return std::nullopt;
}

Gateway::Work Gateway::work(Call& call, BodySource& body) {
  switch (call.match.route) {
    case Route::kHealth:
      co_return json_reply(200, R"({"status":"ok"})");
    case Route::kReadiness:
      co_return readiness();
    case Route::kMetrics:
      co_return metrics();
    case Route::kSignIn:
      co_return co_await sign_in(call);
    case Route::kSession:
      co_return json_reply(200, session_json(call.session));
    case Route::kSignOut:
      co_return co_await sign_out(call);
    case Route::kMe:
      co_return co_await me(call);
    case Route::kSources:
      co_return co_await sources(call);
    case Route::kLibrary:
      co_return json_reply(200, library_.json);
    case Route::kBringSongs:
      co_return co_await bring_songs(call, body);
    case Route::kSearch:
      co_return shelf() ? search_reply(*shelf(), call.request) : no_library();
    case Route::kTrack:
      co_return shelf() ? track_reply(*shelf(), call.match.parameters[0]) : no_library();
    case Route::kLicence:
      co_return parts_.audio.licence(music_files(), call.match.parameters[0]);
    case Route::kMap:
      co_return shelf() ? map_reply(*shelf(), call.request) : no_library();
    case Route::kRecommend:
      co_return co_await recommend(call);
    case Route::kLatestBatch:
      co_return co_await latest_batch(call);
    case Route::kBatch:
    case Route::kReceipt:
    case Route::kPlaylist:
      co_return co_await batch(call);
    case Route::kJudge:
      co_return co_await judge(call);
    case Route::kSpotifyLogin:
    case Route::kSpotifyCallback:
    case Route::kSpotify:
    case Route::kSpotifyDisconnect:
    case Route::kSpotifyLoginByHand:
    case Route::kSpotifyCallbackByHand:
    case Route::kSpotifyPlaylists:
    case Route::kSpotifyExport:
      co_return co_await parts_.spotify.serve(call.match.route, about(call));
    case Route::kEvents:
    case Route::kAudio:
    case Route::kLedger:
    case Route::kSite:
      break;
  }
  GROOVE_CHECK(false);  // served before this
  co_return Reply();
}

SpotifyRoutes::Call Gateway::about(const Call& call) {
  return {call.request, call.session, call.token};
}

Gateway::Work Gateway::sign_in(Call& call) {
  const auto ask = parse_sign_in(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  const auto name = clean_name(ask->name);
  if (!name) co_return problem(400, "A name has 1 to 64 characters and no control characters.");
  const auto begun = co_await parts_.sessions.begin(listener_named(*name), *name);
  if (!begun) co_return reply_to(begun.error());
  if (!call.token.empty()) {
    // A session that was put into this browser by somebody else must not live on beside the new
    // one.
    const auto ended = co_await parts_.sessions.end(call.token);
    if (!ended) co_return reply_to(ended.error());
    parts_.streams.end_session(session_key(call.token));
  }
  Reply reply = json_reply(201, session_json(begun->session));
  reply.headers.push_back({"Set-Cookie", session_cookie(begun->token)});
  co_return reply;
}

Gateway::Work Gateway::sign_out(Call& call) {
  if (!call.token.empty()) {
    const auto ended = co_await parts_.sessions.end(call.token);
    if (!ended) co_return reply_to(ended.error());
    parts_.streams.end_session(session_key(call.token));
  }
  co_return Reply{204, {{"Set-Cookie", ended_session_cookie()}}, {}, nullptr};
}

Gateway::Work Gateway::me(Call& call) {
  const ListenerId listener = call.session.listener;
  auto scorer = co_await parts_.answers.scorer_state(listener);
  if (!scorer) co_return reply_to(scorer.error());
  const auto progress = co_await parts_.answers.progress(listener);
  if (!progress) co_return reply_to(progress.error());
  const Standing standing{call.session, std::move(*scorer),
                          progress->accepted - std::min(progress->accepted, progress->recorded)};
  co_return json_reply(200, me_json(standing, shelf()));
}

// Anybody may know the kinds there are; the names of folders are for who is signed in.
Gateway::Work Gateway::sources(Call& call) {
  Result<std::optional<Session>> session = std::nullopt;
  if (!call.token.empty()) session = co_await parts_.sessions.find(call.token);
  if (!session) co_return reply_to(session.error());
  co_return sources_reply(shelf(), music_files(), session->has_value());
}

Gateway::Work Gateway::bring_songs(Call& call, BodySource& body) {
  if (auto refusal = refuse_type(call.request, kUploadTypes)) co_return std::move(*refusal);
  if (body.size() > limits::kUploadBytesMax) co_return too_large("512 MB");
  const auto name = upload_name(call.request.parameter("name").value_or(std::string()));
  if (!name)
    co_return problem(400,
                      "Give the file's name as ?name=…; it ends in .csv, .csv.xz, .csv.gz, "
                      ".csv.zst or .zip and has at most 100 characters.");
  const auto stored = co_await parts_.uploads.store(*name, body);
  if (!stored && stored.error().code == Errc::kBusy)
    co_return come_back(429, stored.error().message, kComeBackAfterUpload);
  if (!stored && stored.error().code == Errc::kUnavailable)
    co_return come_back(503, stored.error().message, kComeBackAfterUpload);
  if (!stored) co_return reply_to(stored.error());
  JsonWriter json;
  json.object([&] {
    json.field("name", *name);
    json.field("bytes", *stored);
  });
  co_return json_reply(202, json.take());
}

Gateway::Work Gateway::recommend(Call& call) {
  const auto ask = parse_recommendation_ask(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  if (shelf() == nullptr) co_return no_library();
  if (auto refusal = refuse_unknown(shelf()->catalog(), ask->basis.songs))
    co_return std::move(*refusal);
  const EventId event = ask->event ? *ask->event : random_event_id();
  v1::Event fact = to_login(call.session.listener, *ask, parts_.clock.unix_us());
  co_return co_await accept(call, Stage::kFetch, event, std::move(fact));
}

Gateway::Work Gateway::judge(Call& call) {
  const auto ask = parse_feedback_ask(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  if (shelf() == nullptr) co_return no_library();
  if (auto refusal = refuse_unknown(shelf()->catalog(), judged_ids(*ask)))
    co_return std::move(*refusal);
  const EventId event = ask->event ? *ask->event : random_event_id();
  v1::Event fact = to_feedback(call.session.listener, *ask, parts_.clock.unix_us());
  co_return co_await accept(call, Stage::kScore, event, std::move(fact));
}

Gateway::Work Gateway::accept(Call& call, Stage first, EventId event, v1::Event fact) {
  const ListenerId listener = call.session.listener;
  const auto accepted = co_await parts_.intake.accept(listener, first, event, std::move(fact));
  if (!accepted) {
    metrics_.count_refused();
    if (accepted.error().code == Errc::kBusy)
      co_return co_await busy(listener, accepted.error().message);
    co_return reply_to(accepted.error());
  }
  if (accepted->repeated) {
    metrics_.count_repeated();
  } else {
    metrics_.count_accepted();
  }
  const std::string id = to_string(event);
  Reply reply = json_reply(202, accepted_json(id, accepted->sequence, false));
  reply.headers.push_back({"Location", "/api/recommendations/" + id});
  co_return reply;
}

// Whose bound was reached: this listener's own (429) or everybody's (503).
Gateway::Work Gateway::busy(ListenerId listener, std::string detail) {
  const auto progress = co_await parts_.answers.progress(listener);
  const bool own =
      progress && progress->accepted - progress->recorded >= limits::kPendingPerListenerMax;
  co_return come_back(own ? 429 : 503, detail, kComeBack);
}

Gateway::Work Gateway::latest_batch(Call& call) {
  const auto answer = co_await parts_.answers.latest(call.session.listener);
  if (!answer) co_return reply_to(answer.error());
  if (!*answer)
    co_return problem(404, "There is no batch yet: POST /api/recommendations with songs you like.");
  co_return json_reply(200, answer_json(**answer, shelf()));
}

Gateway::Work Gateway::batch(Call& call) {
  const auto event = parse_event_id(call.match.parameters[0]);
  if (!event) co_return problem(404, "That is not an event's id: it is a UUID.");
  const auto found = co_await parts_.answers.of_event(call.session.listener, *event);
  if (!found) co_return reply_to(found.error());
  if (found->answer) co_return recorded_reply(call.match, *found->answer);
  if (!found->pending)
    co_return problem(404,
                      "You have no event of that id, or its answer is too old to be kept here.");
  Reply reply = json_reply(202, accepted_json(to_string(*event), found->sequence, true));
  reply.headers.push_back({"Retry-After", "1"});
  co_return reply;
}

Reply Gateway::recorded_reply(const Match& match, const v1::BatchRecorded& recorded) const {
  if (match.route == Route::kReceipt) return parts_.receipts.answer(recorded);
  if (match.route == Route::kPlaylist)
    return recorded.has_batch()
               ? playlist_reply(to_playlist(recorded, shelf()), match.parameters[1])
               : problem(404, "No list came of that event, so there is none to save.");
  return json_reply(200, answer_json(recorded, shelf()));
}

Answer Gateway::events(const Call& call) {
  const std::uint64_t last_seen = parse_last_event_id(call.request.header("Last-Event-ID"));
  auto stream = parts_.streams.open(call.session.listener, session_key(call.token), last_seen);
  if (!stream)
    return {come_back(429, "You have too many event streams open; close some pages.", kComeBack),
            nullptr};
  return {Reply{200, {{"Content-Type", "text/event-stream"}}, {}, nullptr}, std::move(stream)};
}

// Not opened yet is a moment; not there is the listener's to mend.
Reply Gateway::no_library() const {
  if (!library_opened_) return come_back(503, "The library is being opened.", kComeBack);
  return problem(409, kNoLibrary);
}

Reply Gateway::readiness() const {
  const bool ready = parts_.roster.redis_answers() && library_opened_ && !stopping_;
  JsonWriter json;
  json.object([&] {
    json.field("ready", ready);
    json.object_field("checks", [&] {
      json.field("redis", parts_.roster.redis_answers());
      json.field("library", library_opened_);
      json.field("serving", !stopping_);
      for (const Stage stage : kStages) json.field(name(stage), parts_.roster.has_worker(stage));
    });
  });
  Reply reply = json_reply(ready ? 200 : 503, json.take());
  if (!ready) reply.headers.push_back({"Retry-After", "1"});
  return reply;
}

Reply Gateway::metrics() const {
  const std::string text =
      metrics_.text({.streams = parts_.streams.size(), .songs = library_.songs});
  return {200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, text, nullptr};
}

void Gateway::library_changed(LibraryNews news) {
  library_opened_ = true;
  library_ = std::move(news);
  parts_.streams.library_changed(library_.json);
}

void Gateway::stop() {
  stopping_ = true;
  parts_.streams.close_all();
}

}  // namespace groove::gateway
