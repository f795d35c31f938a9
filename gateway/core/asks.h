// What the bodies of requests say, as plain values. Each reader takes exactly what openapi.yaml
// describes: a missing, unknown or repeated key, a wrong type or a number out of its bounds is
// kInvalid with a sentence that names it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::gateway {

struct SignInAsk {
  std::string name;  // as sent; clean_name() decides
};
Result<SignInAsk> parse_sign_in(std::string_view body);

struct FeatureWeightAsk {
  std::string feature;
  std::uint32_t percent = 100;  // 0..200
};

enum class BasisKind { kSongs, kLibrary, kFolder, kPlaylist, kRecent, kSpotify };
enum class SpotifyList { kTopSongs, kTopArtists, kPlaylist, kRecent, kSaved };
enum class SpotifyRange { kWeeks, kMonths, kYears };
struct BasisAsk {
  BasisKind kind = BasisKind::kSongs;
  std::vector<std::string> songs;  // of kSongs: 1 to kPickedSongsMax, distinct
  std::string name;                // of kFolder and kPlaylist; the id of a SpotifyList::kPlaylist
  SpotifyList list = SpotifyList::kTopSongs;   // of kSpotify
  SpotifyRange range = SpotifyRange::kMonths;  // of its two top lists
};

struct RecommendationAsk {
  std::optional<EventId> event;
  BasisAsk basis;
  std::uint32_t adventurousness = 0;
  bool no_explicit = false;
  std::uint32_t year_from = 0, year_to = 0;       // 0: no bound
  std::vector<FeatureWeightAsk> feature_weights;  // distinct features
};
Result<RecommendationAsk> parse_recommendation_ask(std::string_view body);

enum class Judgement { kApprove, kDisapprove, kClear };
struct JudgedSong {
  std::string id;
  Judgement judgement = Judgement::kApprove;
};
struct FeedbackAsk {
  std::optional<EventId> event;
  std::vector<JudgedSong> verdicts;  // 1 to kVerdictsPerEventMax
};
Result<FeedbackAsk> parse_feedback_ask(std::string_view body);

struct SpotifyLoginAsk {
  bool may_write = false;  // playlists
};
Result<SpotifyLoginAsk> parse_spotify_login(std::string_view body);

struct SpotifyCallbackAsk {
  std::string url;  // as pasted; oauth_callback_of_url() decides
};
Result<SpotifyCallbackAsk> parse_spotify_callback(std::string_view body);

struct SpotifyExportAsk {
  EventId batch;
};
Result<SpotifyExportAsk> parse_spotify_export(std::string_view body);

}  // namespace groove::gateway
