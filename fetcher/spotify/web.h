// Spotify's two services, spoken to: bodies out, bodies or the trouble in. Blocks its thread, for
// ten seconds at most. No token is in anything it says or logs.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fetcher/core/spotify_replies.h"
#include "workers/http_client.h"
#include "workers/spotify_config.h"

namespace groove::fetcher {

template <class T>
using SpotifyAnswer = std::expected<T, SpotifyTrouble>;

inline std::unexpected<SpotifyTrouble> passing(std::string said) {
  return std::unexpected(SpotifyTrouble{SpotifyTrouble::Kind::kPassing, 0, std::move(said)});
}

class SpotifyWeb {
 public:
  SpotifyWeb(SpotifyConfig config, HttpExchange exchange, std::function<bool()> stop)
      : config_(std::move(config)), exchange_(std::move(exchange)), stop_(std::move(stop)) {}

  // `path` as in "/v1/me/tracks?limit=50". `json`: the body; empty: none.
  SpotifyAnswer<std::string> call(const std::string& method, const std::string& path,
                                  const std::string& token, const std::string& json = {}) const;

  // Of the accounts service: a grant for these fields and our client id.
  using Form = std::vector<std::pair<std::string, std::string>>;
  SpotifyAnswer<SpotifyGrant> grant(Form form) const;

 private:
  SpotifyAnswer<std::string> ask(HttpRequest request) const;

  SpotifyConfig config_;
  HttpExchange exchange_;
  std::function<bool()> stop_;
};

// The value of a body that was asked for; a body that cannot be read is passing trouble.
template <class T>
SpotifyAnswer<T> readable(Result<T> value) {
  if (!value) return passing(value.error().message);
  return std::move(*value);
}

}  // namespace groove::fetcher
