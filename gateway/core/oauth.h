// Signing in with Spotify, as far as it is rules about text: Authorization Code with PKCE (RFC
// 7636, S256), the state that ties a callback to the browser that began (RFC 9700 4.7), and what a
// callback says. The verifier never leaves the server; the browser has only a nonce in a cookie.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/request.h"
#include "gateway/core/session_rules.h"

namespace groove::gateway {

inline constexpr std::string_view kSpotifyCallbackPath = "/auth/spotify/callback";

// What a sign-in needs; writing playlists is asked for only when somebody wants that.
std::string spotify_scopes(bool may_write);

std::string pkce_challenge(std::string_view verifier);

struct AuthorizeAsk {
  std::string accounts;  // "https://accounts.spotify.com"
  std::string client_id, redirect_uri, scopes, state, challenge;
};
std::string authorize_url(const AuthorizeAsk& ask);

// What the browser, or somebody who pastes, brings back.
struct OauthCallback {
  std::string state;
  std::string code;   // empty: there is an error
  std::string error;  // "access_denied"
};
// Nothing when it is no callback: no state, or neither or both of code and error, or one twice.
std::optional<OauthCallback> oauth_callback(const Request& request);
// The same, of the address a browser ended at: any host, for it may be one that nothing answers at.
std::optional<OauthCallback> oauth_callback_of_url(std::string_view url);

// A sign-in that was begun: kept in the store under the state, for ten minutes and one use.
struct PendingSignIn {
  std::string nonce_hash;
  std::string verifier;
};
std::string pending_key(std::string_view state);
std::string nonce_hash(std::string_view nonce);
std::string encode_pending(const PendingSignIn& pending);
std::optional<PendingSignIn> decode_pending(std::string_view record);

inline constexpr int kPendingSeconds = 600;
std::string nonce_cookie(std::string_view nonce);
std::string ended_nonce_cookie();
std::optional<std::string> nonce_of(const Request& request);

}  // namespace groove::gateway
