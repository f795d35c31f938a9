// Playlists to evaluate with: a file of one JSON object a line, {"name", "tracks": [id, ...]} and,
// where it is known, a "group" of playlists that one listener would like.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "scorer/core/sound_table.h"
#include "workers/base/result.h"
#include "workers/catalog.h"

namespace groove::scorer {

struct Playlist {
  std::string name;
  std::string group;        // its name, where none is given
  std::vector<Song> songs;  // ascending, distinct
};

struct Playlists {
  std::vector<Playlist> lists;  // in the file's order
  std::size_t unknown = 0;      // ids that the catalogue lacks, each time they are met
};

// By which playlists are parted and halved: the same on every machine.
std::uint64_t name_hash(std::string_view name);

// Errors: kNotFound (no such file), kInvalid (a line that is not such an object; it is named).
Result<Playlists> read_playlists(const std::filesystem::path& file, const Catalog& catalog);

}  // namespace groove::scorer
