// The catalogue and model in use, loaded anew when their files are replaced (import and training
// rename new ones into place). Whoever holds an old one keeps it alive until they let go.
//
// While a new catalogue has no model yet, or a new file cannot be read, the last good one stays in
// use. Safe from many threads; loading (tens of milliseconds) makes the other callers wait.
#pragma once

#include <chrono>
#include <memory>

#include "workers/base/result.h"
#include "workers/catalog.h"
#include "workers/model.h"
#include "workers/music_files.h"
#include "workers/places.h"

namespace groove {

// How often a file's identity is looked at.
inline constexpr auto kLookEvery = std::chrono::seconds(1);

// For who needs no model.
class CurrentCatalog {
 public:
  explicit CurrentCatalog(const Places& places, std::chrono::milliseconds look_every = kLookEvery);
  ~CurrentCatalog();

  // Errors, while none was ever loaded: kUnavailable (there is none yet, so come back; in
  // words for the listener), kCorrupt.
  Result<std::shared_ptr<const Catalog>> get();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Which song is which file, as the last scan of the music folders found it.
class CurrentMusicFiles {
 public:
  explicit CurrentMusicFiles(const Places& places,
                             std::chrono::milliseconds look_every = kLookEvery);
  ~CurrentMusicFiles();

  // nullptr when there are no music folders, or their list cannot be read.
  std::shared_ptr<const MusicFiles> get();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct Music {
  Catalog catalog;
  Model model;
};

class Library {
 public:
  explicit Library(const Places& places, std::chrono::milliseconds look_every = kLookEvery);
  ~Library();

  // The current pair. Errors, while none was ever loaded: kUnavailable (no catalogue yet, or no
  // model of it, so come back; in words for the listener), kCorrupt.
  Result<std::shared_ptr<const Music>> music();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace groove
