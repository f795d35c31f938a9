// Clusters named by how they sound: "quiet, acoustic, slow".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/vector.h"

namespace groove::clusterer {

// A name for each barycenter: up to three words for the features that lie farthest from the
// catalogue's middle, strongest first (ties: the earlier feature), none for a feature within 0.4
// standard deviations; "middle of the road" when that leaves nothing. Key and mode are never named:
// they are not heard as a kind of music. All names differ, and not by the order of their words
// alone: a name that is taken grows by the next strongest feature, at the very end by a number.
//
// `features` are the space's names, in the vectors' order; those without words are skipped.
// Requires: features.size() <= limits::kFeatureDims.
std::vector<std::string> name_clusters(std::span<const Vector> barycenters,
                                       std::span<const std::string> features);

}  // namespace groove::clusterer
