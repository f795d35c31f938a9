#include "gateway/core/session_rules.h"

#include <algorithm>
#include <charconv>

#include "gateway/core/utf8.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"

namespace groove::gateway {
namespace {

constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kNameCharsMax = 64;
constexpr std::int64_t kRenewEvery_s = 24 * 3600;

template <class Number>
std::optional<Number> take_number(std::string_view& text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop == text.data() + text.size() || *stop != ' ')
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  return value;
}

bool is_control(std::uint32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

}  // namespace

std::string make_token(const std::array<std::uint8_t, kTokenBytes>& random) {
  std::string token;
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : random) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 6; held -= 6) token += kBase64Url[bits >> (held - 6) & 63];
  }
  token += kBase64Url[bits << (6 - held) & 63];
  return token;
}

std::optional<std::string> session_token(const Request& request) {
  auto token = request.cookie("groove");
  if (!token || token->size() != kTokenChars || token->find_first_not_of(kBase64Url) != token->npos)
    return std::nullopt;
  return token;
}

std::string session_key(std::string_view token) { return "{sess}:" + to_string(sha256(token)); }

std::string session_cookie(std::string_view token) {
  const auto age = std::chrono::seconds(limits::kSessionIdle).count();
  return "groove=" + std::string(token) +
         "; HttpOnly; SameSite=Lax; Path=/; Max-Age=" + std::to_string(age);
}

std::string ended_session_cookie() { return "groove=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"; }

std::string encode_session(const Session& session) {
  return to_string(session.listener) + ' ' + std::to_string(session.created_s) + ' ' +
         std::to_string(session.renewed_s) + ' ' + session.name;
}

std::optional<Session> decode_session(std::string_view record) {
  const auto listener = parse_listener_id(record.substr(0, 16));
  if (!listener || record.size() < 17 || record[16] != ' ') return std::nullopt;
  record.remove_prefix(17);
  const auto created = take_number<std::int64_t>(record);
  const auto renewed = created ? take_number<std::int64_t>(record) : std::nullopt;
  if (!renewed) return std::nullopt;
  return Session{*listener, std::string(record), *created, *renewed};
}

SessionAge age_of(const Session& session, std::int64_t now_s) {
  if (now_s - session.created_s > std::chrono::seconds(limits::kSessionLife).count())
    return SessionAge::kEnded;
  return now_s - session.renewed_s > kRenewEvery_s ? SessionAge::kRenew : SessionAge::kFresh;
}

std::optional<std::string> clean_name(std::string_view name) {
  const std::string_view kept = trimmed(name);
  std::size_t count = 0;
  for (std::string_view rest = kept; !rest.empty(); ++count) {
    const Utf8Char c = first_utf8(rest);
    if (c.size == 0 || is_control(c.code)) return std::nullopt;
    rest.remove_prefix(c.size);
  }
  if (count == 0 || count > kNameCharsMax) return std::nullopt;
  return std::string(kept);
}

}  // namespace groove::gateway
