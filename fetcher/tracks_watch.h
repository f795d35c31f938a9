// Keeps DATA/catalog.groove made of the files in DATA/tracks and of the songs that were heard in
// the music folders (DATA/files.groove), by make's rule: when the folder or a file in it, or the
// list of music files, is not older than the catalogue, all of them are imported, in the order of
// their names. The catalogue bears the time at which its import began, so what comes during an
// import makes the next one.
//
// How it stands is told in DATA/library.json. A file that cannot be read is left out and named
// there. Files whose names begin with a dot or end in .tmp are not looked at: somebody is still
// writing them. Of several fetchers on one data folder, one imports at a time (a lock on
// DATA/tracks.lock).
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fetcher/import.h"
#include "workers/file_identity.h"
#include "workers/places.h"

namespace groove::fetcher {

// One look and what follows from it. Belongs to one thread.
class TracksFolder {
 public:
  explicit TracksFolder(Places places) : places_(std::move(places)) {}

  // Imports if something changed since the catalogue was made, and since the last attempt of this
  // object: what could not be read is not tried again and again. Nothing when there was nothing to
  // do; else a sentence on what came of it. `stop` gives an import up.
  std::optional<Result<std::string>> refresh(const std::function<bool()>& stop);

 private:
  struct Track {
    std::filesystem::path file;
    FileIdentity identity;
    bool operator==(const Track&) const = default;
  };
  struct Tracks {
    FileTime folder;
    std::vector<Track> files;
    std::optional<FileIdentity> music;  // of DATA/files.groove
    bool operator==(const Tracks&) const = default;
  };

  std::optional<Tracks> look() const;
  bool newer_than_catalog(const Tracks& tracks) const;
  Result<std::string> import(const Tracks& tracks, FileTime now, const std::function<bool()>& stop);
  void settle(const std::string& detail) const;

  Places places_;
  std::optional<Tracks> tried_;
};

// Looks once a second, on a thread of its own, until it is destroyed.
class TracksWatch {
 public:
  using Log = std::function<void(const Result<std::string>& outcome)>;

  TracksWatch(Places places, Log log);

 private:
  void run(const std::stop_token& stop);

  TracksFolder folder_;
  Log log_;
  std::jthread thread_;
};

}  // namespace groove::fetcher
