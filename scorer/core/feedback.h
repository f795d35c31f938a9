// The book of a listener's verdicts, and what they changed.
//
// At most one verdict a song: a new one replaces the old, clearing removes it without a trace. What
// a taste is made of depends on which verdicts stand, never on the order they came in; only which
// are forgotten when the book is full does.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/core/score_plan.h"
#include "scorer/core/sound_table.h"

namespace groove::scorer {

enum class Opinion : std::uint8_t { kApproved, kDisapproved };

struct Judgement {
  std::string song_id;
  Opinion opinion = Opinion::kApproved;
  struct Shown {
    std::int32_t score_milli = 0;       // thousandths of a nat
    std::uint32_t verdicts_before = 0;  // that stood when the batch was made
    bool operator==(const Shown&) const = default;
  };
  std::optional<Shown> shown;  // if it was in a batch
  bool operator==(const Judgement&) const = default;
};

using Judgements = std::vector<Judgement>;  // in the order judged

// Enters a verdict; the oldest go when there would be more than `kept_max`.
void judge(Judgements& judgements, Judgement judgement, std::size_t kept_max);
// Takes a verdict back. Nothing happens if there is none.
void clear(Judgements& judgements, std::string_view song_id);

// What the verdicts between two preferences taught, in words, the strongest first: "more acoustic",
// "quieter". A taste leans towards its songs' mean and away from that of disapproved songs; what is
// told is where it leans further than kLearnedFrom deviations from before.
inline constexpr double kLearnedFrom = 0.03;
std::vector<std::string> learned(const Preference& before, const Preference& after,
                                 std::span<const std::string> features);

}  // namespace groove::scorer
