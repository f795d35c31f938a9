// Which part of the interface a method and a path mean. The table is openapi.yaml's list of paths;
// a test holds the two together.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/reply.h"

namespace groove::gateway {

enum class Route {
  kHealth,
  kReadiness,
  kMetrics,
  kSignIn,
  kSession,
  kSignOut,
  kMe,
  kSources,
  kLibrary,
  kBringSongs,
  kSearch,
  kTrack,
  kAudio,
  kLicence,
  kMap,
  kRecommend,
  kLatestBatch,
  kBatch,
  kReceipt,
  kPlaylist,
  kJudge,
  kEvents,
  kSpotifyLogin,
  kSpotifyCallback,
  kSpotify,
  kSpotifyDisconnect,
  kSpotifyLoginByHand,
  kSpotifyCallbackByHand,
  kSpotifyPlaylists,
  kSpotifyExport,
  kLedger,  // a file that the ledger has published
  kSite,    // a file of the page
};

struct RouteRule {
  Route route;
  std::string_view method;
  std::string_view pattern;  // a segment in braces is a parameter; {tile} takes all that follows
};
std::span<const RouteRule> route_rules();

struct Match {
  Route route = Route::kSite;
  std::vector<std::string> parameters;  // decoded, in order
};

// HEAD is routed as GET. A path outside /api that is in no rule is kSite. Otherwise a problem: 404,
// or 405 with Allow.
std::expected<Match, Reply> find_route(std::string_view method, std::string_view path);

// 405 that lists what is allowed.
Reply method_not_allowed(std::string_view allow);

// How the route is called in metrics: its pattern, so that ids do not make new series.
std::string_view pattern_of(Route route);

}  // namespace groove::gateway
