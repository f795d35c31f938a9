// The stages an event goes through, in order, and the names they have in keys and messages.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace groove {

enum class Stage : std::uint8_t { kFetch = 0, kCluster = 1, kScore = 2, kLedger = 3 };

inline constexpr std::array kStages = {Stage::kFetch, Stage::kCluster, Stage::kScore,
                                       Stage::kLedger};
inline constexpr Stage kLastStage = Stage::kLedger;

constexpr std::string_view name(Stage stage) {
  constexpr std::array<std::string_view, 4> kNames = {"fetch", "cluster", "score", "ledger"};
  return kNames[static_cast<std::size_t>(stage)];
}

constexpr std::optional<Stage> next(Stage stage) {
  if (stage == kLastStage) return std::nullopt;
  return static_cast<Stage>(static_cast<std::uint8_t>(stage) + 1);
}

}  // namespace groove
