// What ranking is measured against: simple ways that need no taste. Each gives every song of the
// catalogue a score; more is better. They see the songs as the usual recipe does: features made
// to have mean 0 and deviation 1, on their own scale.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scorer/core/sound_table.h"

namespace groove::scorer {

using Scores = std::vector<double>;  // by song

// One row of `dimensions` numbers a song.
class StandardTable {
 public:
  // `values` are overwritten. Requires: values.size() a multiple of dimensions, not empty.
  StandardTable(std::vector<float> values, std::size_t dimensions);

  std::size_t size() const { return values_.size() / dimensions_; }
  std::size_t dimensions() const { return dimensions_; }
  std::span<const float> of(Song song) const {
    return std::span(values_).subspan(song * dimensions_, dimensions_);
  }

 private:
  std::vector<float> values_;
  std::size_t dimensions_;
};

Scores by_chance(std::size_t songs, std::uint64_t seed);
Scores by_centroid(const StandardTable& table, std::span<const Song> liked);  // Euclid's distance
Scores by_cosine(const StandardTable& table, std::span<const Song> liked);    // to the centroid
Scores by_nearest(const StandardTable& table,
                  std::span<const Song> liked);  // mean of the nearest 3

// The way this project began: principal components to a plane, k-means with 1,000 clusters there,
// and a random song of a liked song's cluster. A song's score is the chance to be picked so.
class OriginalWay {
 public:
  explicit OriginalWay(const StandardTable& table);
  Scores scores(std::span<const Song> liked, std::uint64_t seed) const;

 private:
  std::vector<std::uint32_t> cluster_;
  std::vector<std::uint32_t> sizes_;
};

}  // namespace groove::scorer
