// The vector `sound-v1`: what two songs are compared by.
//
// A song's frames are summed up in numbers that block-level features (Seyerlehner et al. 2010) and
// Gaussian timbre models (Mandel & Ellis 2005) are made of; a fixed projection, learnt once from
// free music whose artists are known (tests/bench/retrieval), keeps what tells artists apart and
// drops what varies within one (linear discriminant analysis with shrinkage). The result has length
// one, so that no song is near to all (hubs: Radovanović et al. 2010), and its plain squared
// Euclidean distance is twice one less the cosine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fetcher/core/sound/frames.h"

namespace groove::sound {

inline constexpr std::size_t kSimilarityDims = 120;      // 240 bytes a song
inline constexpr std::size_t kSimilarityFeatures = 418;  // before the projection
inline constexpr double kSimilarityOne = 32'767;         // the length of every vector
inline constexpr double kSimilaritySeconds = 8;          // a shorter song has no vector

// kSimilarityFeatures numbers. Requires: the song has kSimilaritySeconds.
std::vector<float> similarity_features(const Frames& frames, double loudness);

// The projection of them. Requires: features.size() == kSimilarityFeatures.
std::vector<std::int16_t> project_similarity(std::span<const float> features);

// Both; empty for a song that is too short.
std::vector<std::int16_t> similarity_vector(const Frames& frames, double loudness);

}  // namespace groove::sound
