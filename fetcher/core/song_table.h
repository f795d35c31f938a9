// The songs of several files, merged by id.
//
// The rule: the song that came first stays, above all its features, which belong together. A later
// row of the same id only fills what it lacks: album, ISRC, year, popularity, explicit; and its
// artists, when the first came as plain text (which names one) and the later as a list (which names
// all). So the order of files matters, and the order of rows within one does not unless an id is in
// it twice.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "fetcher/core/song_row.h"

namespace groove::fetcher {

class SongTable {
 public:
  SongTable() : index_(0, Hash{&songs_}, Same{&songs_}) {}
  SongTable(const SongTable&) = delete;
  SongTable& operator=(const SongTable&) = delete;

  // Whether the id was new.
  bool add(SongRow song);

  std::size_t size() const { return songs_.size(); }

  // The songs, first come first; the table is empty afterwards.
  std::vector<SongRow> take();

 private:
  // The index holds places in songs_ and hashes the ids there: no id is kept twice.
  struct Hash {
    using is_transparent = void;
    const std::vector<SongRow>* songs;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
    std::size_t operator()(std::size_t place) const { return (*this)((*songs)[place].id); }
  };
  struct Same {
    using is_transparent = void;
    const std::vector<SongRow>* songs;
    bool operator()(std::size_t a, std::size_t b) const { return a == b; }
    bool operator()(std::string_view a, std::size_t b) const { return a == (*songs)[b].id; }
    bool operator()(std::size_t a, std::string_view b) const { return (*songs)[a].id == b; }
  };

  std::vector<SongRow> songs_;
  std::unordered_set<std::size_t, Hash, Same> index_;
};

}  // namespace groove::fetcher
