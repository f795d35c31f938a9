// What lies in the music folders: a walk over names, sizes and times; no file is opened.
//
// Symbolic links below a folder are not followed (they could lead anywhere, and in circles), names
// that begin with a dot are passed over.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace groove::fetcher {

struct MusicFolder {
  std::string name;            // its last name; distinct
  std::filesystem::path path;  // absolute, without links
};

// The folders given, without those that are not there (`problems`), lie within another or are given
// twice.
struct Unread {
  std::string path;
  std::string reason;  // a sentence without its stop
  bool operator==(const Unread&) const = default;
};
std::vector<MusicFolder> music_folders(const std::vector<std::filesystem::path>& given,
                                       std::vector<Unread>& problems);

struct FoundFile {
  std::uint32_t folder = 0;  // its place among the folders
  std::string path;          // below the folder
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
};

struct FoundMusic {
  std::vector<MusicFolder> folders;
  std::vector<FoundFile> songs;      // by their names; sorted by folder, then path
  std::vector<FoundFile> playlists;  // likewise
  std::vector<FoundFile> licences;   // "copyright", "LICENSE", "LICENCE", "COPYING", also .txt
  std::vector<std::filesystem::path> directories;
  std::vector<Unread> unread;  // links, special files, what is no music, what may not be read

  std::string whole_path(const FoundFile& file) const;
  // Of the licences the one that lies nearest: beside the file or in the nearest folder above it.
  // Its path below the folder; empty when there is none.
  std::string licence_of(const FoundFile& file) const;
};

// `go_on` is asked now and then; after a no the result is not whole.
FoundMusic scan_music(const std::vector<std::filesystem::path>& folders,
                      const std::function<bool()>& go_on);

}  // namespace groove::fetcher
