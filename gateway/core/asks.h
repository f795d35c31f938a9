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

enum class BasisKind { kSongs, kLibrary, kFolder, kPlaylist, kRecent };
struct BasisAsk {
  BasisKind kind = BasisKind::kSongs;
  std::vector<std::string> songs;  // of kSongs: 1 to kPickedSongsMax, distinct
  std::string name;                // of kFolder and kPlaylist
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

}  // namespace groove::gateway
