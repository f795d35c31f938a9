#include "scorer/core/path.h"

#include <algorithm>
#include <numeric>

namespace groove::scorer {

std::vector<Vector> stations(const Vector& from, const Vector& to, std::size_t steps) {
  std::vector<Vector> out(steps);
  const auto parts = static_cast<int>(steps) + 1;
  for (int i = 1; i < parts; ++i)
    for (std::size_t d = 0; d < from.size(); ++d)
      out[static_cast<std::size_t>(i - 1)][d] =
          static_cast<std::int16_t>(from[d] + (to[d] - from[d]) * i / parts);
  return out;
}

std::vector<Song> nearest_songs(const SoundTable& table, const Vector& sound, std::size_t count) {
  std::vector<std::int32_t> squared(table.size());
  for (std::size_t d = 0; d < table.dimensions(); ++d)
    for (std::size_t s = 0; s < squared.size(); ++s) {
      const std::int32_t away = table.column(d)[s] - sound[d];
      squared[s] += away * away;
    }
  std::vector<Song> out(squared.size());
  std::iota(out.begin(), out.end(), 0);
  const auto end = out.begin() + static_cast<std::ptrdiff_t>(std::min(count, out.size()));
  std::partial_sort(out.begin(), end, out.end(), [&](Song a, Song b) {
    return squared[a] != squared[b] ? squared[a] < squared[b] : a < b;
  });
  out.erase(end, out.end());
  return out;
}

}  // namespace groove::scorer
