#include "fetcher/core/song_table.h"

#include <utility>

namespace groove::fetcher {
namespace {

void fill(SongRow& first, SongRow& later) {
  if (first.album.empty()) first.album = std::move(later.album);
  if (first.isrc.empty()) first.isrc = std::move(later.isrc);
  if (first.year == 0) first.year = later.year;
  if (!first.popularity) first.popularity = later.popularity;
  if (!first.explicit_lyrics) first.explicit_lyrics = later.explicit_lyrics;
  if (later.artists_listed && !first.artists_listed) {
    first.artists = std::move(later.artists);
    first.artists_listed = true;
  }
}

}  // namespace

bool SongTable::add(SongRow song) {
  if (const auto known = index_.find(std::string_view(song.id)); known != index_.end()) {
    fill(songs_[*known], song);
    return false;
  }
  songs_.push_back(std::move(song));
  index_.insert(songs_.size() - 1);
  return true;
}

std::vector<SongRow> SongTable::take() {
  index_.clear();
  return std::exchange(songs_, {});
}

}  // namespace groove::fetcher
