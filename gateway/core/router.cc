#include "gateway/core/router.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace groove::gateway {
namespace {

constexpr std::array kRules = {
    RouteRule{Route::kHealth, "GET", "/healthz"},
    RouteRule{Route::kReadiness, "GET", "/readyz"},
    RouteRule{Route::kMetrics, "GET", "/metrics"},
    RouteRule{Route::kSignIn, "POST", "/api/session"},
    RouteRule{Route::kSession, "GET", "/api/session"},
    RouteRule{Route::kSignOut, "DELETE", "/api/session"},
    RouteRule{Route::kMe, "GET", "/api/me"},
    RouteRule{Route::kSources, "GET", "/api/sources"},
    RouteRule{Route::kLibrary, "GET", "/api/library"},
    RouteRule{Route::kBringSongs, "POST", "/api/library"},
    RouteRule{Route::kSearch, "GET", "/api/tracks"},
    RouteRule{Route::kTrack, "GET", "/api/tracks/{id}"},
    RouteRule{Route::kAudio, "GET", "/api/tracks/{id}/audio"},
    RouteRule{Route::kLicence, "GET", "/api/tracks/{id}/licence"},
    RouteRule{Route::kMap, "GET", "/api/map"},
    RouteRule{Route::kRecommend, "POST", "/api/recommendations"},
    RouteRule{Route::kLatestBatch, "GET", "/api/recommendations"},
    RouteRule{Route::kBatch, "GET", "/api/recommendations/{id}"},
    RouteRule{Route::kReceipt, "GET", "/api/recommendations/{id}/receipt"},
    RouteRule{Route::kPlaylist, "GET", "/api/recommendations/{id}/playlist/{format}"},
    RouteRule{Route::kJudge, "POST", "/api/feedback"},
    RouteRule{Route::kEvents, "GET", "/api/events"},
    RouteRule{Route::kSpotifyLogin, "GET", "/auth/spotify/login"},
    RouteRule{Route::kSpotifyCallback, "GET", "/auth/spotify/callback"},
    RouteRule{Route::kSpotify, "GET", "/api/spotify"},
    RouteRule{Route::kSpotifyDisconnect, "DELETE", "/api/spotify"},
    RouteRule{Route::kSpotifyLoginByHand, "POST", "/api/spotify/login"},
    RouteRule{Route::kSpotifyCallbackByHand, "POST", "/api/spotify/callback"},
    RouteRule{Route::kSpotifyPlaylists, "GET", "/api/spotify/playlists"},
    RouteRule{Route::kSpotifyExport, "POST", "/api/spotify/playlists"},
    RouteRule{Route::kLedger, "GET", "/ledger/anchors/{name}"},
    RouteRule{Route::kLedger, "GET", "/ledger/checkpoint"},
    RouteRule{Route::kLedger, "GET", "/ledger/checkpoints/{size}"},
    RouteRule{Route::kLedger, "GET", "/ledger/ledger.json"},
    RouteRule{Route::kLedger, "GET", "/ledger/tile/{level}/{tile}"},
    RouteRule{Route::kLedger, "GET", "/ledger/vkey"},
    RouteRule{Route::kLedger, "GET", "/ledger/{log}/{tile}"},
};

// The text before the next slash; `path` is left after it.
std::string_view take_segment(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

// The parameters when `path` fits `pattern`.
std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
  const bool takes_rest = pattern.ends_with("/{tile}");
  const auto slashes = std::ranges::count(pattern, '/'),
             given_slashes = std::ranges::count(path, '/');
  if (takes_rest ? given_slashes < slashes : given_slashes != slashes) return std::nullopt;
  std::vector<std::string> parameters;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view wanted = take_segment(pattern);
    const std::string_view given =
        wanted == "{tile}" ? std::exchange(path, std::string_view()) : take_segment(path);
    if (!wanted.starts_with('{')) {
      if (wanted != given) return std::nullopt;
      continue;
    }
    auto decoded = percent_decode(given, false);
    if (!decoded || decoded->empty()) return std::nullopt;
    parameters.push_back(std::move(*decoded));
  }
  return parameters;
}

}  // namespace

std::span<const RouteRule> route_rules() { return kRules; }

std::expected<Match, Reply> find_route(std::string_view method, std::string_view path) {
  if (method == "HEAD") method = "GET";
  std::string allow;
  for (const RouteRule& rule : kRules) {
    auto parameters = fit(rule.pattern, path);
    if (!parameters) continue;
    if (rule.method == method) return Match{rule.route, std::move(*parameters)};
    allow.append(allow.empty() ? "" : ", ")
        .append(rule.method == "GET" ? "GET, HEAD" : rule.method);
  }
  if (!allow.empty()) return std::unexpected(method_not_allowed(allow));
  if (path == "/api" || path.starts_with("/api/"))
    return std::unexpected(
        problem(404, "There is nothing at this address; see the API's description."));
  return Match{Route::kSite, {std::string(path)}};
}

Reply method_not_allowed(std::string_view allow) {
  Reply reply = problem(405, "This address takes " + std::string(allow) + ".");
  reply.headers.push_back({"Allow", std::string(allow)});
  return reply;
}

std::string_view pattern_of(Route route) {
  for (const RouteRule& rule : kRules)
    if (rule.route == route) return rule.pattern;
  return "/";
}

}  // namespace groove::gateway
