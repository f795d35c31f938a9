// How the work on the library stands: DATA/library.json, written by whoever imports (fetcher) or
// trains (clusterer), read by the gateway. A small notice for people, replaced whole; nothing is
// decided by it. What is really there, the files themselves say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "workers/base/result.h"
#include "workers/places.h"

namespace groove {

struct LibraryState {
  enum class State { kImporting, kTraining, kReady, kFailed };

  State state = State::kReady;
  std::string detail;  // a sentence for people
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: it cannot be counted
  bool operator==(const LibraryState&) const = default;
};

std::string_view name(LibraryState::State state);  // "importing", "training", "ready", "failed"

// Replaces the file atomically; an fsync each time, so a few times a second at most.
// Errors: kUnavailable.
Status write_library_state(const Places& places, const LibraryState& state);

// Nothing when no work was ever done, or the file cannot be understood.
std::optional<LibraryState> read_library_state(const Places& places);

}  // namespace groove
