#include "fetcher/core/sound/frame_maker.h"

#include <algorithm>
#include <utility>

#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr std::size_t kPiece = 4096;  // samples at a time: what stays in the first cache

// Samples far beyond full scale, or not numbers, come of broken files; they must not poison sums.
float tame(float sample) { return sample >= -8 && sample <= 8 ? sample : 0; }

}  // namespace

void FrameMaker::feed(std::span<const float> left, std::span<const float> right) {
  GROOVE_CHECK(left.size() == right.size());
  for (std::size_t done = 0; done < left.size(); done += kPiece) {
    const std::size_t count = std::min(kPiece, left.size() - done);
    feed_piece(left.subspan(done, count), right.subspan(done, count));
  }
}

void FrameMaker::feed_piece(std::span<const float> left, std::span<const float> right) {
  for (std::vector<float>* const piece : {&left_, &right_, &mono_}) piece->resize(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    left_[i] = tame(left[i]);
    right_[i] = tame(right[i]);
    mono_[i] = 0.5F * (left_[i] + right_[i]);
  }
  samples_ += left.size();
  short_.feed(mono_, [&](auto power, auto count) { levels_.take(power, count, frames_); });
  long_.feed(mono_, [&](auto power, auto count) { pitches_.take(power, count, frames_); });
  loudness_.feed(left_, right_, frames_);
}

Frames FrameMaker::finish() {
  short_.finish([&](auto power, auto count) { levels_.take(power, count, frames_); });
  long_.finish([&](auto power, auto count) { pitches_.take(power, count, frames_); });
  loudness_.finish(frames_);
  frames_.tuning = pitches_.tuning();
  frames_.duration = static_cast<double>(samples_) / kSampleRate;
  return std::move(frames_);
}

}  // namespace groove::sound
