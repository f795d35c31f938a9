#include "fetcher/spotify/accounts.h"

#include <sodium.h>

namespace groove::fetcher {
namespace {

using namespace std::chrono_literals;
using Kind = SpotifyTrouble::Kind;

constexpr std::int64_t kRenewBefore_s = 60;  // while it holds that long, a token is used
constexpr auto kLockFor = 30s;               // longer than the one call made under it
constexpr auto kLookForLock = 50ms;
constexpr int kLooks = 400;

std::string whose(ListenerId listener) { return "spotify:" + to_string(listener); }
std::string lock_key(ListenerId listener) { return spotify_account_key(listener) + ":lock"; }

std::unexpected<SpotifyTrouble> unreachable(const Error& error) { return passing(error.message); }
std::unexpected<SpotifyTrouble> sign_in_again() {
  return std::unexpected(SpotifyTrouble{Kind::kSignInAgain, 0, ""});
}

// The lock of an account. Its owner may die: it ends by itself.
class Lock {
 public:
  Lock(Store& store, ListenerId listener, const Clock& clock)
      : store_(store), key_(lock_key(listener)), token_(16, '\0') {
    randombytes_buf(token_.data(), token_.size());
    const std::string ms = std::to_string(std::chrono::milliseconds(kLockFor).count());
    for (int look = 0; look < kLooks && !held_; ++look) {
      if (look > 0) clock.pause(kLookForLock);
      const auto got = store_.roundtrip(RedisCommand{"SET", key_, token_, "NX", "PX", ms});
      held_ = got && !got->nil();
    }
  }
  ~Lock() {
    if (!held_) return;
    const auto owner = store_.roundtrip(RedisCommand{"GET", key_});
    if (owner && owner->text == token_)
      static_cast<void>(store_.roundtrip(RedisCommand{"DEL", key_}));
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool held() const { return held_; }

 private:
  Store& store_;
  std::string key_, token_;
  bool held_ = false;
};

}  // namespace

SpotifyAnswer<SpotifyAccounts::SignedIn> SpotifyAccounts::sign_in(const v1::SpotifySignIn& errand) {
  const auto grant = web_.grant({{"grant_type", "authorization_code"},
                                 {"code", errand.code()},
                                 {"redirect_uri", errand.redirect_uri()},
                                 {"code_verifier", errand.verifier()}});
  if (!grant) return std::unexpected(grant.error());
  if (grant->refresh.empty()) return passing("Spotify gave no refresh token");
  const auto said = web_.call("GET", "/v1/me", grant->access);
  if (!said) return std::unexpected(said.error());
  const auto me = readable(parse_spotify_me(*said));
  if (!me) return std::unexpected(me.error());
  const ListenerId listener = spotify_listener(me->account);
  v1::SpotifyTokens tokens;
  tokens.set_refresh_token(grant->refresh);
  tokens.set_access_token(grant->access);
  tokens.set_expires_s(now_s() + grant->seconds);
  v1::SpotifyAccount account;
  account.set_since_s(now_s());
  account.set_scope(grant->scope);
  account.set_user(me->user);
  seal_into(account, listener, tokens);
  const Lock lock(store_, listener, clock_);
  if (const auto before = find(listener); before && *before)
    account.set_playlist_id((*before)->playlist_id());
  if (auto kept = keep(listener, account, /*is_new=*/true); !kept)
    return std::unexpected(kept.error());
  return SignedIn{listener, me->name.empty() ? me->user : me->name};
}

SpotifyAnswer<std::optional<v1::SpotifyAccount>> SpotifyAccounts::find(ListenerId listener) {
  const auto record = store_.roundtrip(RedisCommand{"GET", spotify_account_key(listener)});
  if (!record) return unreachable(record.error());
  v1::SpotifyAccount account;
  if (record->nil() || !account.ParseFromString(record->text)) return std::nullopt;
  return account;
}

SpotifyAnswer<std::string> SpotifyAccounts::access_token(ListenerId listener,
                                                         const std::string& refused) {
  const auto account = find(listener);
  if (!account) return std::unexpected(account.error());
  const auto tokens = *account ? tokens_of(**account, listener) : std::nullopt;
  if (!tokens) return sign_in_again();
  if (tokens->expires_s() - now_s() > kRenewBefore_s && tokens->access_token() != refused)
    return tokens->access_token();
  return refresh(listener, tokens->access_token());
}

SpotifyAnswer<std::string> SpotifyAccounts::refresh(ListenerId listener,
                                                    const std::string& refused) {
  const Lock lock(store_, listener, clock_);
  if (!lock.held()) return passing("another fetcher is refreshing the same account");
  auto account = find(listener);
  if (!account) return std::unexpected(account.error());
  auto tokens = *account ? tokens_of(**account, listener) : std::nullopt;
  if (!tokens) return sign_in_again();
  if (tokens->access_token() != refused) return tokens->access_token();  // somebody just did
  auto grant =
      web_.grant({{"grant_type", "refresh_token"}, {"refresh_token", tokens->refresh_token()}});
  if (!grant) return std::unexpected(grant.error());
  tokens->set_access_token(grant->access);
  tokens->set_expires_s(now_s() + grant->seconds);
  if (!grant->refresh.empty()) tokens->set_refresh_token(grant->refresh);
  seal_into(**account, listener, *tokens);
  if (auto kept = keep(listener, **account, /*is_new=*/false); !kept)
    return std::unexpected(kept.error());
  return grant->access;
}

SpotifyAnswer<std::string> SpotifyAccounts::call(ListenerId listener, const std::string& method,
                                                 const std::string& path, const std::string& json) {
  auto token = access_token(listener);
  if (!token) return token;
  auto answer = web_.call(method, path, *token, json);
  if (answer || answer.error().kind != Kind::kExpired) return answer;
  token = access_token(listener, *token);
  if (!token) return token;
  answer = web_.call(method, path, *token, json);
  if (!answer && answer.error().kind == Kind::kExpired) return sign_in_again();
  return answer;
}

void SpotifyAccounts::change(ListenerId listener, const Change& change) {
  const Lock lock(store_, listener, clock_);
  auto account = find(listener);
  if (!lock.held() || !account || !*account) return;
  change(**account);
  static_cast<void>(keep(listener, **account, /*is_new=*/false));
}

void SpotifyAccounts::wait_until(ListenerId listener, std::int64_t until_s,
                                 const std::string& why) {
  change(listener, [&](v1::SpotifyAccount& account) {
    account.set_until_s(until_s);
    account.set_why(why);
  });
}

std::optional<v1::SpotifyTokens> SpotifyAccounts::tokens_of(const v1::SpotifyAccount& account,
                                                            ListenerId listener) const {
  const auto opened = seal_.open_sealed(account.tokens(), whose(listener));
  v1::SpotifyTokens tokens;
  if (!opened || !tokens.ParseFromString(*opened)) return std::nullopt;
  return tokens;
}

void SpotifyAccounts::seal_into(v1::SpotifyAccount& account, ListenerId listener,
                                const v1::SpotifyTokens& tokens) const {
  account.set_tokens(seal_.seal(tokens.SerializeAsString(), whose(listener)));
}

SpotifyAnswer<void> SpotifyAccounts::keep(ListenerId listener, const v1::SpotifyAccount& account,
                                          bool is_new) {
  RedisCommand command{"SET", spotify_account_key(listener), account.SerializeAsString()};
  if (!is_new) command.emplace_back("XX");
  const auto kept = store_.roundtrip(std::move(command));
  if (!kept) return unreachable(kept.error());
  if (kept->nil()) return sign_in_again();  // disconnected in the meantime
  return {};
}

}  // namespace groove::fetcher
