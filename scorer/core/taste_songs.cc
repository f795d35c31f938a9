#include "scorer/core/taste_songs.h"

#include <algorithm>

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

std::int32_t squared_distance(const Vector& a, const Vector& b) {
  std::int32_t sum = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const auto away = static_cast<std::int16_t>(a[d] - b[d]);  // within 2^13
    sum += away * away;
  }
  return sum;
}

}  // namespace

void Moments::add(const TasteSong& song, std::int64_t sign) {
  const std::int64_t by = sign * song.weight;
  weight += by;
  for (std::size_t d = 0; d < sum.size(); ++d) {
    const std::int64_t x = song.vector[d];
    sum[d] += by * x;
    squares[d] += by * x * x;
  }
}

std::uint64_t TasteSongs::chance(Song song) { return mix64(std::uint64_t{song} + 1); }

const TasteSong* TasteSongs::find(Song song) const {
  const auto at = songs_.find(chance(song));
  return at == songs_.end() ? nullptr : &at->second;
}

std::vector<TasteSong> TasteSongs::sorted() const {
  std::vector<TasteSong> out;
  out.reserve(songs_.size());
  for (const auto& [key, song] : songs_) out.push_back(song);
  std::ranges::sort(out, {}, &TasteSong::song);
  return out;
}

TasteSongs::TasteSongs(const std::vector<TasteSong>& songs) {
  for (const TasteSong& song : songs) insert(song);
  regroup();
}

void TasteSongs::insert(const TasteSong& song) {
  GROOVE_CHECK(song.weight >= 1 && song.weight <= kFullWeight);
  const bool fresh = songs_.emplace(chance(song.song), song).second;
  GROOVE_CHECK(fresh);
  count(song, 1);
}

void TasteSongs::add(const TasteSong& song) {
  const bool new_speaker = speaks(chance(song.song));
  insert(song);
  new_speaker ? regroup() : nearest_group(song.vector).moments.add(song, 1);
}

bool TasteSongs::remove(Song song) {
  const auto at = songs_.find(chance(song));
  if (at == songs_.end()) return false;
  const TasteSong gone = at->second;
  const bool spoke = speaks(at->first);
  songs_.erase(at);
  count(gone, -1);
  if (spoke)
    regroup();
  else
    nearest_group(gone.vector).moments.add(gone, -1);
  return true;
}

void TasteSongs::count(const TasteSong& song, std::int64_t sign) {
  all_.add(song, sign);
  Moments& mode = modes_[song.mode];
  mode.add(song, sign);
  if (mode.weight == 0) modes_.erase(song.mode);
}

bool TasteSongs::speaks(std::uint64_t key) const {
  return groups_.size() < kKernelsMax || key <= last_speaker_;
}

TasteSongs::Group& TasteSongs::nearest_group(const Vector& vector) {
  const auto away = [&](const Group& g) { return squared_distance(g.at, vector); };
  return *std::ranges::min_element(groups_, {}, away);
}

void TasteSongs::regroup() {
  groups_.clear();
  for (auto at = songs_.begin(); at != songs_.end() && groups_.size() < kKernelsMax; ++at) {
    groups_.push_back({at->second.song, at->second.vector, {}});
    last_speaker_ = at->first;
  }
  for (const auto& [key, song] : songs_) nearest_group(song.vector).moments.add(song, 1);
}

}  // namespace groove::scorer
