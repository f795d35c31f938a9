#include "gateway/core/oauth.h"

#include <utility>

#include "workers/base/percent.h"
#include "workers/base/sha256.h"

namespace groove::gateway {
namespace {

constexpr std::string_view kCookie = "groove-signin";
constexpr std::size_t kStateCharsMax = 128, kCodeCharsMax = 1'600, kUrlCharsMax = 2'048;

// The parameter when it is there once; nothing when it comes twice.
std::optional<std::string> once(const Request& request, std::string_view name) {
  std::optional<std::string> found = "";
  bool seen = false;
  for (const Field& field : request.query) {
    if (field.name != name) continue;
    if (std::exchange(seen, true)) return std::nullopt;
    found = field.value;
  }
  return found;
}

}  // namespace

std::string spotify_scopes(bool may_write) {
  std::string scopes =
      "user-top-read user-read-recently-played user-library-read playlist-read-private "
      "playlist-read-collaborative";
  if (may_write) scopes += " playlist-modify-private";
  return scopes;
}

std::string pkce_challenge(std::string_view verifier) { return make_token(sha256(verifier).bytes); }

std::string authorize_url(const AuthorizeAsk& ask) {
  std::string url = ask.accounts + "/authorize?response_type=code&code_challenge_method=S256";
  const std::pair<std::string_view, const std::string*> fields[] = {
      {"client_id", &ask.client_id},
      {"redirect_uri", &ask.redirect_uri},
      {"scope", &ask.scopes},
      {"state", &ask.state},
      {"code_challenge", &ask.challenge}};
  for (const auto& [name, value] : fields)
    url.append("&").append(name).append("=").append(percent_encode(*value));
  return url;
}

std::optional<OauthCallback> oauth_callback(const Request& request) {
  auto state = once(request, "state"), code = once(request, "code"), error = once(request, "error");
  if (!state || !code || !error) return std::nullopt;
  if (state->empty() || state->size() > kStateCharsMax || code->size() > kCodeCharsMax ||
      error->size() > kStateCharsMax || code->empty() == error->empty())
    return std::nullopt;
  return OauthCallback{std::move(*state), std::move(*code), std::move(*error)};
}

std::optional<OauthCallback> oauth_callback_of_url(std::string_view url) {
  url = trimmed(url);
  const std::size_t host = url.find("://");
  if (url.size() > kUrlCharsMax || host == url.npos) return std::nullopt;
  const std::size_t path = url.find('/', host + 3);
  if (path == url.npos) return std::nullopt;
  // Browsers keep what comes after '#'; some services have put "#_=_" there.
  const auto request = make_request("GET", url.substr(path, url.find('#', path) - path), {});
  if (!request || request->path != kSpotifyCallbackPath) return std::nullopt;
  return oauth_callback(*request);
}

std::string pending_key(std::string_view state) { return "{signin}:" + to_string(sha256(state)); }

std::string nonce_hash(std::string_view nonce) { return to_string(sha256(nonce)); }

std::string encode_pending(const PendingSignIn& pending) {
  return pending.nonce_hash + ' ' + pending.verifier;
}

std::optional<PendingSignIn> decode_pending(std::string_view record) {
  const std::size_t space = record.find(' ');
  if (space == record.npos || space == 0 || space + 1 == record.size()) return std::nullopt;
  return PendingSignIn{std::string(record.substr(0, space)), std::string(record.substr(space + 1))};
}

std::string nonce_cookie(std::string_view nonce) {
  return std::string(kCookie) + "=" + std::string(nonce) +
         "; HttpOnly; SameSite=Lax; Path=/; Max-Age=" + std::to_string(kPendingSeconds);
}

std::string ended_nonce_cookie() {
  return std::string(kCookie) + "=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0";
}

std::optional<std::string> nonce_of(const Request& request) {
  auto nonce = request.cookie(kCookie);
  if (!nonce || nonce->size() != kTokenChars) return std::nullopt;
  return nonce;
}

}  // namespace groove::gateway
