// A small catalogue to rank: songs of 12 features spread as a model's vectors are, in a few
// crowds. The same seed gives the same songs on every machine.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "scorer/core/preference.h"
#include "scorer/core/score.h"

namespace groove::scorer::test {

inline constexpr std::size_t kDimensions = 12;

inline const std::vector<std::string>& features() {
  static const std::vector<std::string> names = {
      "acousticness", "danceability", "energy",   "instrumentalness",
      "key",          "liveness",     "loudness", "mode",
      "speechiness",  "tempo",        "valence",  "duration_ms"};
  return names;
}

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  // Nearly normal with deviation `scale`: twelve uniform numbers summed.
  int bell(int scale) {
    std::int64_t sum = 0;
    for (int i = 0; i < 12; ++i) sum += static_cast<std::int64_t>(below(4096)) - 2048;
    return static_cast<int>(sum * scale / 4096);
  }

 private:
  std::mt19937_64 random_;
};

struct World {
  std::vector<Vector> vectors;
  std::vector<std::uint16_t> crowd;  // which crowd a song was made in
  std::vector<std::int32_t> backgrounds;

  explicit World(std::size_t songs, std::uint64_t seed = 1, std::size_t crowds = 6) {
    Dice dice(seed);
    std::vector<Vector> middles(crowds);
    for (Vector& m : middles)
      for (std::size_t d = 0; d < kDimensions; ++d)
        m[d] = static_cast<std::int16_t>(dice.bell(800));
    for (std::size_t i = 0; i < songs; ++i) {
      const auto c = static_cast<std::uint16_t>(dice.below(crowds));
      Vector v{};
      double squares = 0;
      for (std::size_t d = 0; d < kDimensions; ++d) {
        v[d] = static_cast<std::int16_t>(
            std::clamp(middles[c][d] + dice.bell(600), -kVectorMax, kVectorMax));
        squares += v[d] * v[d] / (1024.0 * 1024.0);
      }
      vectors.push_back(v);
      crowd.push_back(c);
      backgrounds.push_back(static_cast<std::int32_t>(65536 * (-squares / 2 - 11.0)));
    }
  }

  SoundTable table() const { return {vectors, backgrounds, kDimensions}; }
  TasteSong song(Song s, std::uint32_t mode = 0, std::uint32_t weight = kFullWeight) const {
    return {s, vectors[s], weight, mode};
  }
  // The first `count` songs of a crowd.
  std::vector<Song> of_crowd(std::uint16_t c, std::size_t count) const {
    std::vector<Song> out;
    for (Song s = 0; s < vectors.size() && out.size() < count; ++s)
      if (crowd[s] == c) out.push_back(s);
    return out;
  }
  Opinions liking(const std::vector<Song>& songs, std::size_t modes = 1) const {
    Opinions out;
    for (std::size_t i = 0; i < songs.size(); ++i)
      out.liked.add(song(songs[i], static_cast<std::uint32_t>(i % modes)));
    return out;
  }
};

}  // namespace groove::scorer::test
