#include "clusterer/core/barycenter.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "workers/base/check.h"
#include "workers/base/ids.h"
#include "workers/base/parallel.h"

namespace groove::clusterer {
namespace {

constexpr std::size_t kPartsLeast = 16;

// Members of one part: a batch, or so many that a cluster has 16 to 31 parts, for each has room for
// a barycenter. Not by the number of threads: what a part adds up is rounded.
std::size_t part_members(std::size_t members) {
  return kLanes * std::max<std::size_t>(1, members / (kPartsLeast * kLanes));
}

}  // namespace

// One call of average().
class Averaging::Run {
 public:
  Run(Averaging& all, std::vector<Series>& barycenters, unsigned rounds, std::vector<float>& costs)
      : all_(all), barycenters_(barycenters), rounds_(rounds), costs_(costs) {
    for (std::size_t c = 0; c < barycenters.size(); ++c) {
      Course& course = courses_.emplace_back(c);
      const auto members = std::span(all.members_[c]);
      const std::size_t size = part_members(members.size());
      for (std::size_t at = 0; at < members.size(); at += size)
        course.parts.push_back(
            {c, members.subspan(at, std::min(size, members.size() - at)), {}, {}, 0});
      course.center.emplace(barycenters[c], fast_form(all.set_.dims()));
      if (rounds == 0 || members.empty()) continue;
      ++under_way_;
      open_round(course);
    }
  }

  // Takes parts until none will come any more; from as many threads as there are rooms.
  void work(unsigned thread) {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return !open_.empty() || under_way_ == 0; });
      if (open_.empty()) return;
      Part& part = *open_.front();
      open_.pop_front();
      Course& course = courses_[part.cluster];
      lock.unlock();
      all_.align(all_.rooms_[thread], *course.center, part, costs_);
      lock.lock();
      if (--course.parts_left != 0) continue;
      lock.unlock();
      const bool over = finish_round(course);
      lock.lock();
      if (over)
        --under_way_;
      else
        open_round(course);
      changed_.notify_all();
    }
  }

  bool settled(std::size_t cluster) const { return courses_[cluster].settled; }
  std::uint64_t passes() const {
    std::uint64_t sum = 0;
    for (const Course& course : courses_) sum += course.round;
    return sum;
  }

 private:
  struct Course {  // of one cluster
    explicit Course(std::size_t c) : cluster(c) {}

    std::size_t cluster;
    std::vector<Part> parts;
    std::optional<Center> center;
    std::size_t parts_left = 0;  // of this round
    unsigned round = 0;          // how many are over
    bool settled = false;
  };

  void open_round(Course& course) {
    course.parts_left = course.parts.size();
    for (Part& part : course.parts) open_.push_back(&part);
  }

  // Whether it was the last one.
  bool finish_round(Course& course) const {
    const std::size_t c = course.cluster;
    ++course.round;
    course.settled = all_.finish(barycenters_[c], course.parts, c);
    if (course.settled || course.round == rounds_) return true;
    course.center.emplace(barycenters_[c], fast_form(all_.set_.dims()));
    return false;
  }

  Averaging& all_;
  std::vector<Series>& barycenters_;
  unsigned rounds_;
  std::vector<float>& costs_;
  std::vector<Course> courses_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Part*> open_;     // to be aligned
  std::size_t under_way_ = 0;  // clusters with a round that is not over
};

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
  for (std::size_t c = 0; c < members.size(); ++c)
    if (members[c] != members_[c]) hashes_[c] = 0;
  members_ = members;
  if (exact_) keep_exact(barycenters);
  Outcome out{{}, {}, std::vector<float>(set_.size(), 0), 0};
  Run run(*this, barycenters, rounds, out.costs);
  for_each_task(threads_, threads_, [&](unsigned thread, std::size_t) { run.work(thread); });
  for (std::size_t c = 0; c < members.size(); ++c) out.settled.push_back(run.settled(c));
  out.passes = run.passes();
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
  part.hash = 0;
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
