// From a ranking to a list a person wants to read: walked from the best song on, taking each that
// the rules allow.
//
// Two songs are versions of one recording when they share an artist and the title's stem (live,
// remastered and the like dropped by whoever makes the keys), or the ISRC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "scorer/core/score.h"

namespace groove::scorer {

// What tells songs apart by name: hashes, 0 for what is unknown.
struct SongKeys {
  std::span<const std::uint64_t> artists;
  std::uint64_t album = 0;
  std::uint64_t title = 0;
  std::uint64_t isrc = 0;
  bool explicit_lyrics = false;
  int year = 0;
};

struct ListRules {
  std::size_t songs = 20;
  std::size_t artist_songs_max = 2;
  std::size_t album_songs_max = 2;
  bool no_explicit = false;
  int year_from = 0, year_to = 0;  // 0: no bound; with one, a song of unknown year is out
};

class ListWalk {
 public:
  explicit ListWalk(const ListRules& rules) : rules_(rules) {}

  // Neither this song nor a version of it will be taken.
  void avoid(Song song, const SongKeys& keys);
  // Whether the rules allow the song beside those that were taken.
  bool allows(Song song, const SongKeys& keys) const;
  // Whether the song was taken. Requires: !full().
  bool offer(const Ranked& ranked, const SongKeys& keys);
  bool full() const { return taken_.size() >= rules_.songs; }
  const std::vector<Ranked>& taken() const { return taken_; }
  std::size_t open_places() const { return rules_.songs - taken_.size(); }

 private:
  bool known(Song song, const SongKeys& keys) const;
  bool crowded(const SongKeys& keys) const;
  bool in_era(int year) const;

  ListRules rules_;
  std::vector<Ranked> taken_;
  std::unordered_set<Song> songs_;
  std::unordered_set<std::uint64_t> recordings_;
  std::unordered_map<std::uint64_t, std::size_t> artist_songs_, album_songs_;
};

}  // namespace groove::scorer
