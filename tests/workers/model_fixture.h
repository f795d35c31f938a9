// A small whole model of a catalogue, not trained but made up: for tests of what reads models.
#pragma once

#include <cstring>
#include <string>

#include "groove/v1/model.pb.h"
#include "workers/base/vector.h"
#include "workers/catalog.h"

namespace groove::test {

template <class T>
void append_raw(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// Songs are dealt to the clusters in turn. Song i's vector is (i, 0, 0, ...), its map (i, 2 i), its
// background -i.
inline v1::Model model_of(const Catalog& catalog, std::uint32_t clusters = 3) {
  v1::Model model;
  model.set_format(1);
  model.set_catalog_digest(std::string(as_bytes(catalog.digest())));
  model.set_feature_space(catalog.space().name);
  for (const Feature& feature : catalog.space().features) {
    v1::ModelFeature* out = model.add_features();
    out->set_name(feature.name);
    for (const std::uint32_t knot : {0U, 10U, 10U, 65535U}) out->add_knots(knot);
  }
  for (std::uint32_t c = 0; c < clusters; ++c) {
    v1::Cluster* out = model.add_clusters();
    for (std::size_t d = 0; d < limits::kFeatureDims; ++d) out->add_barycenter(0);
    out->set_name("cluster " + std::to_string(c));
  }
  for (std::uint32_t i = 0; i < catalog.size(); ++i) {
    Vector vector{};
    vector[0] = static_cast<std::int16_t>(i);
    append_raw(*model.mutable_vectors(), vector);
    append_raw(*model.mutable_assignment(), static_cast<std::uint16_t>(i % clusters));
    append_raw(*model.mutable_map(), static_cast<std::uint16_t>(i));
    append_raw(*model.mutable_map(), static_cast<std::uint16_t>(2 * i));
    append_raw(*model.mutable_background(), -static_cast<std::int32_t>(i));
    v1::Cluster* cluster = model.mutable_clusters(static_cast<int>(i % clusters));
    cluster->set_size(cluster->size() + 1);
  }
  return model;
}

}  // namespace groove::test
