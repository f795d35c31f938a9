#include "scorer/core/diversity.h"

#include <algorithm>

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

// One name for each way a recording can be recognised.
template <class Visit>
void each_recording(const SongKeys& keys, const Visit& visit) {
  if (keys.isrc != 0) visit(mix64(keys.isrc));
  if (keys.title == 0) return;
  for (const std::uint64_t artist : keys.artists) visit(mix64(keys.title) + artist);
}

std::size_t count_in(const std::unordered_map<std::uint64_t, std::size_t>& counts,
                     std::uint64_t key) {
  const auto at = counts.find(key);
  return at == counts.end() ? 0 : at->second;
}

}  // namespace

void ListWalk::avoid(Song song, const SongKeys& keys) {
  songs_.insert(song);
  each_recording(keys, [&](std::uint64_t recording) { recordings_.insert(recording); });
}

bool ListWalk::allows(Song song, const SongKeys& keys) const {
  if (rules_.no_explicit && keys.explicit_lyrics) return false;
  return in_era(keys.year) && !known(song, keys) && !crowded(keys);
}

bool ListWalk::offer(const Ranked& ranked, const SongKeys& keys) {
  GROOVE_CHECK(!full());
  if (!allows(ranked.song, keys)) return false;
  avoid(ranked.song, keys);
  for (const std::uint64_t artist : keys.artists) ++artist_songs_[artist];
  if (keys.album != 0) ++album_songs_[keys.album];
  taken_.push_back(ranked);
  return true;
}

bool ListWalk::known(Song song, const SongKeys& keys) const {
  bool found = songs_.contains(song);
  each_recording(keys, [&](std::uint64_t recording) { found |= recordings_.contains(recording); });
  return found;
}

bool ListWalk::in_era(int year) const {
  if (rules_.year_from == 0 && rules_.year_to == 0) return true;
  return year != 0 && year >= rules_.year_from && (rules_.year_to == 0 || year <= rules_.year_to);
}

bool ListWalk::crowded(const SongKeys& keys) const {
  if (keys.album != 0 && count_in(album_songs_, keys.album) >= rules_.album_songs_max) return true;
  return std::ranges::any_of(keys.artists, [&](std::uint64_t artist) {
    return count_in(artist_songs_, artist) >= rules_.artist_songs_max;
  });
}

}  // namespace groove::scorer
