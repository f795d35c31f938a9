// Which song is which file in the chosen music folders: DATA/files.groove, written by the fetcher
// after each scan, read by the gateway to stream songs and by the fetcher's sources. It stays on
// this machine; the catalogue has no paths.
//
// The file: "GRVFIL01", SHA-256 of what follows, a serialised groove.v1.MusicFiles. Immutable once
// opened: const methods are safe from many threads. Views live as long as the object does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "groove/v1/music.pb.h"
#include "workers/base/result.h"

namespace groove {

class MusicFiles {
 public:
  // Errors: kNotFound (no music folder was ever scanned), kUnavailable, kCorrupt.
  static Result<MusicFiles> open(const std::filesystem::path& file);
  // Of one in memory. Errors: kCorrupt (a file of no root, a path that leads out of it).
  static Result<MusicFiles> from(v1::MusicFiles message);

  const v1::MusicFiles& message() const { return *message_; }
  std::filesystem::path root(const v1::MusicFile& file) const;

  // The first file of a song; nullptr when there is none.
  const v1::MusicFile* find(std::string_view song_id) const;

  // A folder or playlist as it is called in the interface: "root/sub/name", with U+FFFD for bytes
  // that are not UTF-8.
  std::string name(const v1::MusicFile& file) const;
  std::string name(const v1::PlaylistFile& playlist) const;

  struct Folder {
    std::string name;
    std::size_t files = 0;  // in it and below
  };
  // Every folder with songs in it or below, sorted by name.
  std::vector<Folder> folders() const;

 private:
  explicit MusicFiles(v1::MusicFiles message);
  Status check() const;
  std::string name(std::uint32_t root, std::string_view path) const;

  std::unique_ptr<const v1::MusicFiles> message_;
  std::unordered_map<std::string_view, const v1::MusicFile*> by_song_;
};

// Replaces the file atomically. Errors: kUnavailable.
Status write_music_files(const std::filesystem::path& file, const v1::MusicFiles& message);

}  // namespace groove
