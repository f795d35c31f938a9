#include "clusterer/core/barycenter.h"

#include <algorithm>

#include "workers/base/check.h"
#include "workers/base/ids.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kPartMembers = 16 * kLanes;

}  // namespace

Averaging::Averaging(const SeriesSet& set, Band band, unsigned threads)
    : set_(set),
      threads_(threads),
      rooms_(threads, Room{Warp(band), {}, {}, {}}),
      exact_(set.dims() <= kExactDims) {}

Averaging::Outcome Averaging::average(std::vector<Series>& barycenters,
                                      const std::vector<std::vector<std::uint32_t>>& members,
                                      unsigned rounds) {
  GROOVE_CHECK(members.size() == barycenters.size());
  members_.resize(members.size());
  hashes_.resize(members.size());
  Outcome out{std::vector<bool>(members.size(), false), {}, std::vector<float>(set_.size(), 0), 0};
  for (std::size_t c = 0; c < members.size(); ++c)
    if (members[c] != members_[c]) hashes_[c] = 0;
  members_ = members;
  if (exact_) keep_exact(barycenters);
  for (unsigned round = 0; round < rounds; ++round) {
    std::vector<Part> parts;
    std::vector<Center> centers;
    std::vector<std::size_t> starts;
    for (std::size_t c = 0; c < members.size(); ++c) {
      centers.emplace_back(barycenters[c], fast_form(set_.dims()));
      starts.push_back(parts.size());
      if (out.settled[c]) continue;
      for (std::size_t at = 0; at < members[c].size(); at += kPartMembers)
        parts.push_back(
            {c,
             std::span(members[c]).subspan(at, std::min(kPartMembers, members[c].size() - at)),
             {},
             {},
             0});
    }
    if (parts.empty()) break;
    starts.push_back(parts.size());
    for_each_task(parts.size(), threads_, [&](unsigned thread, std::size_t task) {
      align(rooms_[thread], centers[parts[task].cluster], parts[task], out.costs);
    });
    for (std::size_t c = 0; c < members.size(); ++c) {
      const auto own = std::span(parts).subspan(starts[c], starts[c + 1] - starts[c]);
      if (own.empty()) continue;
      ++out.passes;
      out.settled[c] = finish(barycenters[c], own, c);
    }
  }
  out.known = exact_ ? std::vector<bool>(members.size(), false) : out.settled;
  return out;
}

// A barycenter that is still what its exact one was rounded to goes on from there.
void Averaging::keep_exact(const std::vector<Series>& barycenters) {
  centers_.resize(barycenters.size());
  for (std::size_t c = 0; c < barycenters.size(); ++c) {
    const auto& rounded = barycenters[c].values;
    const auto same = [](double exact, float value) { return static_cast<float>(exact) == value; };
    if (!std::ranges::equal(centers_[c], rounded, same))
      centers_[c].assign(rounded.begin(), rounded.end());
  }
}

void Averaging::align(Room& room, const Center& center, Part& part,
                      std::vector<float>& costs) const {
  const auto rows = static_cast<std::size_t>(center.rows());
  part.sums.assign(rows * set_.dims(), 0);
  part.counts.assign(rows, 0);
  for (std::size_t at = 0; at < part.members.size(); at += kLanes) {
    const auto group =
        part.members.subspan(at, std::min<std::size_t>(kLanes, part.members.size() - at));
    if (exact_)
      align_exactly(room, group, part);
    else
      align_batch(room, center, group, part, costs);
  }
}

void Averaging::align_exactly(Room& room, std::span<const std::uint32_t> group, Part& part) const {
  const std::size_t rows = part.counts.size();
  room.counts.assign(rows, 0);
  room.batch.pack(set_, group);
  room.warp.exact_ways(room.batch, centers_[part.cluster], set_.dims());
  for (std::size_t l = 0; l < group.size(); ++l) {
    part.hash = mix64(part.hash + room.warp.exact_average(room.batch, rows, static_cast<int>(l),
                                                          set_[group[l]], part.sums.data(),
                                                          room.counts.data()));
  }
  for (std::size_t i = 0; i < rows; ++i) part.counts[i] += room.counts[i];
}

void Averaging::align_batch(Room& room, const Center& center, std::span<const std::uint32_t> group,
                            Part& part, std::vector<float>& costs) const {
  const auto rows = static_cast<std::size_t>(center.rows());
  const auto stride = static_cast<std::size_t>(sum_stride(center.dims()));
  room.sums.assign(rows * stride, 0);
  room.counts.assign(rows, 0);
  room.batch.pack(set_, group);
  const auto found = room.warp.dtw_ways(room.batch, center);
  for (std::size_t l = 0; l < group.size(); ++l) {
    costs[group[l]] = found[l];
    part.hash =
        mix64(part.hash + room.warp.average(room.batch, center, static_cast<int>(l), set_[group[l]],
                                            room.sums.data(), room.counts.data()));
  }
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t d = 0; d < set_.dims(); ++d)
      part.sums[i * set_.dims() + d] += room.sums[i * stride + d];
    part.counts[i] += room.counts[i];
  }
}

// True, and the barycenter stays, when the paths are those it was made of.
bool Averaging::finish(Series& barycenter, std::span<Part> parts, std::size_t cluster) {
  std::uint64_t hash = 1;
  for (const Part& part : parts) hash = mix64(hash + part.hash) | 1;  // 0 is no paths
  if (hash == hashes_[cluster]) return true;
  hashes_[cluster] = hash;
  Part& all = parts.front();
  for (const Part& part : parts.subspan(1)) {
    for (std::size_t i = 0; i < all.sums.size(); ++i) all.sums[i] += part.sums[i];
    for (std::size_t i = 0; i < all.counts.size(); ++i) all.counts[i] += part.counts[i];
  }
  for (std::size_t i = 0; i < all.sums.size(); ++i) {
    const double mean = all.sums[i] / static_cast<double>(all.counts[i / set_.dims()]);
    barycenter.values[i] = set_.rounded(mean);
    if (exact_) centers_[cluster][i] = set_.twelve_digits() ? barycenter.values[i] : mean;
  }
  return false;
}

}  // namespace groove::clusterer
