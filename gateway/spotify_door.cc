#include "gateway/spotify_door.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/entropy.h"
#include "workers/spotify_account.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

using namespace std::chrono_literals;

constexpr auto kLookAgain = 40ms;
constexpr auto kErrandPatience = 25s;  // Spotify may be slow; two calls of ten seconds each
constexpr std::int64_t kErrandsMax = 64;

}  // namespace

asio::awaitable<Result<SpotifyDoor::Begun>> SpotifyDoor::begin(bool may_write) {
  const auto registered = config();
  if (!registered) co_return std::unexpected(registered.error());
  const std::string state = make_token(random_token_bytes());
  const std::string nonce = make_token(random_token_bytes());
  const std::string verifier = make_token(random_token_bytes());
  RedisCommand store = {"SET", pending_key(state), encode_pending({nonce_hash(nonce), verifier}),
                        "EX", std::to_string(kPendingSeconds)};
  const auto stored = co_await redis_.call(std::move(store));
  if (!stored) co_return std::unexpected(stored.error());
  co_return Begun{
      authorize_url({registered->accounts, registered->client_id, registered->redirect_uri(),
                     spotify_scopes(may_write), state, pkce_challenge(verifier)}),
      nonce_cookie(nonce)};
}

asio::awaitable<Result<v1::SpotifyDone>> SpotifyDoor::finish(OauthCallback callback,
                                                             std::optional<std::string> nonce) {
  const auto registered = config();
  if (!registered) co_return std::unexpected(registered.error());
  // Taken away before it is looked at: a state is good once.
  RedisCommand take = {"GETDEL", pending_key(callback.state)};
  const auto record = co_await redis_.call(std::move(take));
  if (!record) co_return std::unexpected(record.error());
  const auto pending = decode_pending(record->text);
  if (!pending || !nonce || nonce_hash(*nonce) != pending->nonce_hash)
    co_return fail(Errc::kInvalid,
                   "This sign-in was not begun in this browser, or it is over: begin again.");
  v1::SpotifyErrand errand;
  v1::SpotifySignIn& sign_in = *errand.mutable_sign_in();
  sign_in.set_code(std::move(callback.code));
  sign_in.set_verifier(pending->verifier);
  sign_in.set_redirect_uri(registered->redirect_uri());
  co_return co_await send(std::move(errand));
}

asio::awaitable<Result<v1::SpotifyDone>> SpotifyDoor::send(v1::SpotifyErrand errand) {
  errand.set_id(make_token(random_token_bytes()));
  errand.set_asked_us(clock_.unix_us());
  const std::string list(kSpotifyErrands);
  RedisCommand push = {"LPUSH", list, errand.SerializeAsString()};
  const auto pushed = co_await redis_.call(std::move(push));
  if (!pushed) co_return std::unexpected(pushed.error());
  redis_.send({"EXPIRE", list, std::to_string(kSpotifyErrandSeconds)},
              [](const Result<RedisReply>&) {});
  if (pushed->integer > kErrandsMax)
    co_return fail(Errc::kBusy, "Too many are asking Spotify just now; try again in a minute.");
  asio::steady_timer timer(io_);
  const auto end = std::chrono::steady_clock::now() + kErrandPatience;
  while (std::chrono::steady_clock::now() < end) {
    timer.expires_after(kLookAgain);
    co_await timer.async_wait(asio::use_awaitable);
    RedisCommand look = {"GETDEL", spotify_done_key(errand.id())};
    const auto answer = co_await redis_.call(std::move(look));
    if (!answer) co_return std::unexpected(answer.error());
    v1::SpotifyDone done;
    if (!answer->nil() && done.ParseFromString(answer->text)) co_return done;
  }
  co_return fail(Errc::kUnavailable, "The fetcher did not ask Spotify in time.");
}

asio::awaitable<Result<std::optional<v1::SpotifyAccount>>> SpotifyDoor::account(
    ListenerId listener) {
  RedisCommand read = {"GET", spotify_account_key(listener)};
  const auto record = co_await redis_.call(std::move(read));
  if (!record) co_return std::unexpected(record.error());
  v1::SpotifyAccount account;
  if (record->nil() || !account.ParseFromString(record->text)) co_return std::nullopt;
  co_return account;
}

asio::awaitable<Status> SpotifyDoor::disconnect(ListenerId listener) {
  RedisCommand remove = {"DEL", spotify_account_key(listener)};
  const auto removed = co_await redis_.call(std::move(remove));
  if (!removed) co_return std::unexpected(removed.error());
  co_return Status();
}

}  // namespace groove::gateway
