// What a listener's recommendations are asked from, and what of their listening was found there.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace groove::fetcher {

// Songs of the catalogue chosen by hand.
struct PickedSongs {
  std::vector<std::string> song_ids;
};

// All songs of the music folders.
struct MusicLibrary {};

// The songs of a folder and those below it.
struct MusicFolderBasis {
  std::string name;
};

// The songs of a playlist file in the music folders.
struct PlaylistBasis {
  std::string name;
};

// The songs that came to the music folders last.
struct RecentlyAdded {};

using Basis =
    std::variant<PickedSongs, MusicLibrary, MusicFolderBasis, PlaylistBasis, RecentlyAdded>;

inline constexpr std::uint32_t kWeightMax = 1000;  // "picked by hand"

// A song as its source names it.
struct HeardSong {
  std::string id;                     // the catalogue's, where the source knows it; else empty
  std::string name;                   // for people: what they see when it is not in the catalogue
  std::uint32_t weight = kWeightMax;  // how much it says of their taste, 1..kWeightMax
};

using Listening = std::vector<HeardSong>;

}  // namespace groove::fetcher
