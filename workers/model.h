// The trained model as its readers see it: a checked groove.v1.Model with typed views of its
// arrays.
//
// The file is the serialised message and nothing else; its digest is SHA-256 of the file. A model
// belongs to one catalogue (catalog_digest); using it with another is kConflict.
// Immutable: const methods are safe from many threads. Views live as long as the Model does.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>

#include "groove/v1/model.pb.h"
#include "workers/base/ids.h"
#include "workers/base/limits.h"
#include "workers/base/result.h"
#include "workers/base/vector.h"
#include "workers/catalog.h"

namespace groove {

class Model {
 public:
  // Errors: kNotFound, kUnavailable, kCorrupt (not a model, or a value that no training writes),
  // kConflict (of another catalogue).
  static Result<Model> open(const std::filesystem::path& file, const Catalog& catalog);
  // The same checks on a message in memory.
  static Result<Model> from(v1::Model message, const Catalog& catalog);

  const Digest& digest() const { return digest_; }
  std::size_t size() const { return size_; }
  const v1::Model& message() const { return message_; }
  std::size_t cluster_count() const { return static_cast<std::size_t>(message_.clusters_size()); }

  // Requires: song < size().
  std::span<const std::int16_t, limits::kFeatureDims> vector(SongIndex song) const;
  std::uint16_t cluster(SongIndex song) const;
  std::array<std::uint16_t, 2> map(SongIndex song) const;
  std::int32_t background(SongIndex song) const;  // log density, 1/65536 nat

 private:
  Model(v1::Model message, const Digest& digest, std::size_t size);

  v1::Model message_;
  Digest digest_;
  std::size_t size_ = 0;
};

}  // namespace groove
