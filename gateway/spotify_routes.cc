#include "gateway/spotify_routes.h"

#include <spdlog/spdlog.h>

#include "gateway/convert.h"
#include "gateway/core/asks.h"
#include "gateway/spotify_convert.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr auto kComeBack = std::chrono::seconds(5);
constexpr std::string_view kNoDetail = "Spotify gave no reason";

Reply reply_to(const Error& error) {
  if (error.code == Errc::kNotFound)
    return problem(409, "Groove is not registered with Spotify yet: the page says how.");
  if (error.code == Errc::kInvalid) return problem(400, error.message);
  if (error.code == Errc::kBusy) return come_back(429, error.message, kComeBack);
  spdlog::warn("{}", error.message);
  return come_back(503, "Spotify or Groove's own store cannot be reached just now; try again.",
                   kComeBack);
}

// The page shows a sentence for the word; no text of a link is ever shown.
Reply back_to_page(std::string_view word) {
  const std::string where = word.empty() ? "/" : "/?spotify=" + std::string(word);
  return {303, {{"Location", where}, {"Set-Cookie", ended_nonce_cookie()}}, {}, nullptr};
}

std::string_view word_of(v1::SpotifyDone::Trouble trouble) {
  switch (trouble) {
    case v1::SpotifyDone::TROUBLE_SIGN_IN_AGAIN:
      return "again";
    case v1::SpotifyDone::TROUBLE_LATER:
      return "later";
    default:
      return "refused";
  }
}

Reply trouble_reply(const v1::SpotifyDone& done) {
  const std::string reason = done.reason().empty() ? std::string(kNoDetail) : done.reason();
  switch (done.trouble()) {
    case v1::SpotifyDone::TROUBLE_CONSENT_MISSING:
      return problem(403, reason, R"(,"consent":"/auth/spotify/login?write=true")");
    case v1::SpotifyDone::TROUBLE_SIGN_IN_AGAIN:
      return problem(403, reason, R"(,"consent":"/auth/spotify/login")");
    case v1::SpotifyDone::TROUBLE_LATER:
      return come_back(503, reason, kComeBack);
    default:
      return problem(409, reason);
  }
}

std::string_view authority_of(std::string_view url) { return url.substr(url.find("://") + 3); }

}  // namespace

SpotifyRoutes::Work SpotifyRoutes::serve(Route route, Call call) {
  switch (route) {
    case Route::kSpotifyLogin:
      co_return co_await login(call);
    case Route::kSpotifyCallback:
      co_return co_await callback(call);
    case Route::kSpotifyLoginByHand:
      co_return co_await login_by_hand(call);
    case Route::kSpotifyCallbackByHand:
      co_return co_await callback_by_hand(call);
    case Route::kSpotify:
      co_return co_await standing(call);
    case Route::kSpotifyPlaylists:
      co_return co_await playlists(call);
    case Route::kSpotifyExport:
      co_return co_await write_playlist(call);
    default:
      co_return co_await disconnect(call);
  }
}

SpotifyRoutes::Work SpotifyRoutes::login(const Call& call) {
  const auto config = door_.config();
  if (!config) co_return back_to_page("unregistered");
  const bool may_write = call.request.parameter("write") == "true";
  // Cookies belong to a host, and Spotify sends the browser back to this one.
  if (!same_ignoring_case(call.request.header("Host"), authority_of(config->public_url)))
    co_return Reply{303,
                    {{"Location", config->public_url + "/auth/spotify/login" +
                                      (may_write ? "?write=true" : "")}},
                    {},
                    nullptr};
  const auto begun = co_await door_.begin(may_write);
  if (!begun) co_return reply_to(begun.error());
  co_return Reply{303, {{"Location", begun->url}, {"Set-Cookie", begun->cookie}}, {}, nullptr};
}

SpotifyRoutes::Work SpotifyRoutes::callback(const Call& call) {
  auto said = oauth_callback(call.request);
  if (!said) co_return back_to_page("forged");
  if (said->code.empty()) co_return back_to_page("denied");
  if (!door_.config()) co_return back_to_page("unregistered");
  const auto done = co_await door_.finish(std::move(*said), nonce_of(call.request));
  if (!done) {
    if (done.error().code != Errc::kInvalid) spdlog::warn("{}", done.error().message);
    co_return back_to_page(done.error().code == Errc::kInvalid ? "forged" : "later");
  }
  if (done->trouble() != v1::SpotifyDone::TROUBLE_NONE)
    co_return back_to_page(word_of(done->trouble()));
  const auto begun = co_await begin_session(call, *done);
  if (!begun) co_return back_to_page("later");
  Reply reply = back_to_page("");
  reply.headers.push_back({"Set-Cookie", session_cookie(begun->token)});
  co_return reply;
}

SpotifyRoutes::Work SpotifyRoutes::login_by_hand(const Call& call) {
  const auto ask = parse_spotify_login(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  const auto begun = co_await door_.begin(ask->may_write);
  if (!begun) co_return reply_to(begun.error());
  JsonWriter json;
  json.object([&] { json.field("url", begun->url); });
  Reply reply = json_reply(200, json.take());
  reply.headers.push_back({"Set-Cookie", begun->cookie});
  co_return reply;
}

SpotifyRoutes::Work SpotifyRoutes::callback_by_hand(const Call& call) {
  const auto ask = parse_spotify_callback(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  auto said = oauth_callback_of_url(ask->url);
  if (!said)
    co_return problem(400,
                      "That is not the address Spotify sent you to: it begins with http and has "
                      "/auth/spotify/callback?code=… in it.");
  if (said->code.empty()) co_return problem(403, "You did not consent at Spotify.");
  const auto done = co_await door_.finish(std::move(*said), nonce_of(call.request));
  if (!done) co_return reply_to(done.error());
  if (done->trouble() != v1::SpotifyDone::TROUBLE_NONE) co_return trouble_reply(*done);
  const auto begun = co_await begin_session(call, *done);
  if (!begun) co_return reply_to(begun.error());
  Reply reply = json_reply(201, session_json(begun->session));
  reply.headers.push_back({"Set-Cookie", session_cookie(begun->token)});
  co_return reply;
}

asio::awaitable<Result<Sessions::Begun>> SpotifyRoutes::begin_session(const Call& call,
                                                                      const v1::SpotifyDone& done) {
  auto begun = co_await sessions_.begin(ListenerId{done.listener()},
                                        clean_name(done.name()).value_or("Spotify listener"));
  if (!begun || call.token.empty()) co_return begun;
  const auto ended = co_await sessions_.end(call.token);
  if (!ended) co_return std::unexpected(ended.error());
  streams_.end_session(session_key(call.token));
  co_return begun;
}

SpotifyRoutes::Work SpotifyRoutes::standing(const Call& call) {
  const auto config = door_.config();
  std::optional<v1::SpotifyAccount> account;
  Result<std::optional<Session>> session = std::nullopt;
  if (!call.token.empty()) session = co_await sessions_.find(call.token);
  if (!session) co_return reply_to(session.error());
  if (*session) {
    auto found = co_await door_.account((*session)->listener);
    if (!found) co_return reply_to(found.error());
    account = std::move(*found);
  }
  co_return json_reply(200, spotify_json(config, account, clock_.unix_us() / 1'000'000));
}

SpotifyRoutes::Work SpotifyRoutes::playlists(const Call& call) {
  if (const auto config = door_.config(); !config) co_return reply_to(config.error());
  v1::SpotifyErrand errand;
  errand.mutable_list()->set_listener(call.session.listener.value);
  const auto done = co_await door_.send(std::move(errand));
  if (!done) co_return reply_to(done.error());
  if (done->trouble() != v1::SpotifyDone::TROUBLE_NONE) co_return trouble_reply(*done);
  co_return json_reply(200, spotify_playlists_json(*done));
}

SpotifyRoutes::Work SpotifyRoutes::write_playlist(const Call& call) {
  const auto ask = parse_spotify_export(call.request.body);
  if (!ask) co_return reply_to(ask.error());
  if (const auto config = door_.config(); !config) co_return reply_to(config.error());
  const auto found = co_await answers_.of_event(call.session.listener, ask->batch);
  if (!found) co_return reply_to(found.error());
  if (!found->answer || !found->answer->has_batch())
    co_return problem(404, "You have no batch of that id, or it is too old to be kept here.");
  v1::SpotifyErrand errand;
  v1::SpotifyExport& wanted = *errand.mutable_export_();
  wanted.set_listener(call.session.listener.value);
  wanted.set_name("Groove recommends");
  for (const auto& song : found->answer->batch().recommendations())
    wanted.add_song_ids(song.song_id());
  const auto done = co_await door_.send(std::move(errand));
  if (!done) co_return reply_to(done.error());
  if (done->trouble() != v1::SpotifyDone::TROUBLE_NONE) co_return trouble_reply(*done);
  co_return json_reply(200, spotify_export_json(*done));
}

SpotifyRoutes::Work SpotifyRoutes::disconnect(const Call& call) {
  const auto gone = co_await door_.disconnect(call.session.listener);
  if (!gone) co_return reply_to(gone.error());
  co_return Reply{204, {}, {}, nullptr};
}

}  // namespace groove::gateway
