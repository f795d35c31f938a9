// What a listener's recommendations are asked from, and what of their listening was found there.
#pragma once

#include <compare>
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

// What Spotify knows of the listener.
struct SpotifyBasis {
  enum class What { kTopSongs, kTopArtists, kPlaylist, kRecentlyPlayed, kSavedSongs };
  enum class Range { kWeeks, kMonths, kYears };  // of the two top lists
  What what = What::kTopSongs;
  Range range = Range::kMonths;
  std::string playlist;  // its id
  auto operator<=>(const SpotifyBasis&) const = default;
};

using Basis = std::variant<PickedSongs, MusicLibrary, MusicFolderBasis, PlaylistBasis,
                           RecentlyAdded, SpotifyBasis>;

inline constexpr std::uint32_t kWeightMax = 1000;  // "picked by hand"

// A song as its source names it.
struct HeardSong {
  std::string id;                     // the catalogue's, where the source knows it; else empty
  std::string name;                   // for people: what they see when it is not in the catalogue
  std::uint32_t weight = kWeightMax;  // how much it says of their taste, 1..kWeightMax
};

struct Listening {
  std::vector<HeardSong> songs;
  std::string aside;  // what else there is to say: "3 entries are no songs"; may be empty
};

}  // namespace groove::fetcher
