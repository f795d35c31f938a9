// Sessions without a store: what a token, its cookie, its key and its record look like, and when a
// session ends. The cookie holds 256 random bits; only their hash is ever stored, so what a thief
// reads in Redis opens nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/core/request.h"
#include "workers/base/ids.h"

namespace groove::gateway {

inline constexpr std::size_t kTokenBytes = 32;
inline constexpr std::size_t kTokenChars = 43;  // base64url without padding

struct Session {
  ListenerId listener;
  std::string name;            // as they wrote it
  std::int64_t created_s = 0;  // Unix seconds
  std::int64_t renewed_s = 0;  // when its expiry in the store was last set
};

std::string make_token(const std::array<std::uint8_t, kTokenBytes>& random);
// The token of the request's cookie; nothing when there is none of that form.
std::optional<std::string> session_token(const Request& request);
std::string session_key(std::string_view token);  // {sess}:<sha256 hex>

std::string session_cookie(std::string_view token);  // of Set-Cookie
std::string ended_session_cookie();

std::string encode_session(const Session& session);
std::optional<Session> decode_session(std::string_view record);

enum class SessionAge {
  kFresh,
  kRenew,  // set its expiry anew: once a day, for a write a request would be an fsync a request
  kEnded,  // older than a session may get, however much it is used
};
SessionAge age_of(const Session& session, std::int64_t now_s);

// The name without spaces at the ends. Nothing unless it then has 1 to 64 characters and is UTF-8
// without control characters.
std::optional<std::string> clean_name(std::string_view name);

}  // namespace groove::gateway
