#include "fetcher/spotify/web.h"

#include <array>
#include <string_view>

#include "workers/base/percent.h"

namespace groove::fetcher {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::uint64_t kAnswerBytesMax = 8 * 1024 * 1024;  // of tokens and pages of 50

}  // namespace

SpotifyAnswer<std::string> SpotifyWeb::ask(HttpRequest request) const {
  request.headers.emplace_back("User-Agent", "groove");
  request.headers.emplace_back("Accept", "application/json");
  request.patience = kPatience;
  request.answer_bytes_max = kAnswerBytesMax;
  request.stop = stop_;
  auto reply = exchange_(request);
  if (!reply) return passing(reply.error().message);
  if (reply->status >= 200 && reply->status < 300) return std::move(reply->body);
  return std::unexpected(
      read_spotify_trouble(reply->status, reply->header("Retry-After"), reply->body));
}

SpotifyAnswer<std::string> SpotifyWeb::call(const std::string& method, const std::string& path,
                                            const std::string& token,
                                            const std::string& json) const {
  HttpRequest request{.method = method,
                      .url = config_.api + path,
                      .headers = {{"Authorization", "Bearer " + token}},
                      .body = json};
  if (!json.empty()) request.headers.emplace_back("Content-Type", "application/json");
  return ask(std::move(request));
}

SpotifyAnswer<SpotifyGrant> SpotifyWeb::grant(Form form) const {
  form.emplace_back("client_id", config_.client_id);
  std::string body;
  for (const auto& [name, value] : form)
    body.append(body.empty() ? "" : "&").append(name).append("=").append(percent_encode(value));
  auto reply = ask({.method = "POST",
                    .url = config_.accounts + "/api/token",
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = std::move(body)});
  if (!reply) return std::unexpected(reply.error());
  return readable(parse_spotify_grant(*reply));
}

}  // namespace groove::fetcher
