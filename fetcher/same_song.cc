#include "fetcher/same_song.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "workers/text.h"

namespace groove::fetcher {
namespace {

constexpr std::uint32_t kSameMs = 3'000;

std::uint32_t apart_ms(const SongRow& row, const SongRecord& song) {
  return std::max(row.duration_ms, song.duration_ms) - std::min(row.duration_ms, song.duration_ms);
}

// Of an ISRC upper case, without its hyphens.
std::string plain_isrc(std::string_view isrc) {
  std::string out;
  for (const char c : isrc)
    if (c != '-' && c != ' ') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool share_an_artist(const SongRow& row, const SongRecord& song) {
  return std::ranges::any_of(row.artists, [&](const std::string& artist) {
    return std::ranges::any_of(
        song.artists, [&](const std::string& other) { return fold(artist) == fold(other); });
  });
}

class Joiner {
 public:
  explicit Joiner(std::vector<SongRecord>& songs) : songs_(songs), has_features_(songs.size()) {
    for (std::size_t place = 0; place < songs.size(); ++place) {
      by_id_.emplace(songs[place].id, place);
      by_title_.emplace(fold_title(songs[place].title), place);
      by_isrc_.emplace(plain_isrc(songs[place].isrc), place);
    }
  }

  // Whether the row is one of the songs, which it then completes: all of them, for a song may lie
  // in the folders as two recordings of other bytes.
  bool join(SongRow& row) {
    std::vector<std::size_t> same;
    find(by_id_, row.id, same, [](const SongRecord&) { return true; });
    find(by_isrc_, plain_isrc(row.isrc), same,
         [&](const SongRecord& song) { return apart_ms(row, song) < song.duration_ms / 10; });
    find(by_title_, fold_title(row.title), same, [&](const SongRecord& song) {
      return apart_ms(row, song) <= kSameMs && share_an_artist(row, song);
    });
    for (const std::size_t place : same) complete(place, row);
    return !same.empty();
  }

 private:
  using Index = std::unordered_multimap<std::string, std::size_t>;

  template <class Same>
  void find(const Index& index, const std::string& key, std::vector<std::size_t>& places,
            Same same) const {
    if (key.empty()) return;  // nothing is known, or the title is signs alone
    const auto [first, last] = index.equal_range(key);
    for (auto at = first; at != last; ++at)
      if (same(songs_[at->second])) places.push_back(at->second);
  }

  void complete(std::size_t place, const SongRow& row) {
    SongRecord& song = songs_[place];
    if (!has_features_[place]) song.features = {row.features.begin(), row.features.end()};
    has_features_[place] = true;
    if (song.album.empty()) song.album = row.album;
    if (song.isrc.empty()) song.isrc = row.isrc;
    if (song.year == 0) song.year = row.year;
    song.popularity = std::max(song.popularity, row.popularity.value_or(0));
    song.explicit_lyrics = song.explicit_lyrics || row.explicit_lyrics.value_or(false);
  }

  std::vector<SongRecord>& songs_;
  std::vector<bool> has_features_;  // of a row, each song
  Index by_id_, by_isrc_, by_title_;
};

}  // namespace

std::size_t join_same_songs(std::vector<SongRow>& rows, std::vector<SongRecord>& songs) {
  if (songs.empty()) return 0;
  Joiner joiner(songs);
  return std::erase_if(rows, [&](SongRow& row) { return joiner.join(row); });
}

}  // namespace groove::fetcher
