#include "clusterer/core/heard.h"

#include "workers/base/check.h"

namespace groove::clusterer {

Heard::Heard(std::span<const std::string> features) {
  GROOVE_CHECK(features.size() <= limits::kFeatureDims);
  for (std::size_t d = 0; d < features.size(); ++d)
    if (features[d] == "key" || features[d] == "mode") unheard_.push_back(d);
  dimensions_ = features.size() - unheard_.size();
}

Vector Heard::operator()(Vector vector) const {
  for (const std::size_t d : unheard_) vector[d] = 0;
  return vector;
}

std::vector<Vector> Heard::operator()(std::span<const Vector> vectors) const {
  std::vector<Vector> out;
  out.reserve(vectors.size());
  for (const Vector& vector : vectors) out.push_back((*this)(vector));
  return out;
}

}  // namespace groove::clusterer
