#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "fetcher/core/sound/lane_fft.h"
#include "fetcher/core/sound/similarity.h"
#include "workers/base/check.h"

namespace groove::sound {
namespace {

constexpr int kCepstra = 20;
constexpr float kSoftest = -60, kLoudest = 20;  // LU from the song's loudness
constexpr float kSilent = -58;                  // the mean of a frame that says nothing
constexpr std::size_t kEnoughFrames = 200;

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Values = std::vector<float>;

// Linear between the two nearest, as numpy's.
float percentile(std::vector<float>& values, double share) {
  const double at = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  std::nth_element(values.begin(), values.begin() + low, values.end());
  const float below = values[low];
  if (low + 1 == values.size()) return below;
  const float above = *std::min_element(values.begin() + low + 1, values.end());
  return below + static_cast<float>(at - static_cast<double>(low)) * (above - below);
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments_of(std::span<const float> values) {
  Moments out;
  if (values.empty()) return out;
  for (const float value : values) out.mean += value;
  out.mean /= static_cast<double>(values.size());
  for (const float value : values) out.deviation += (value - out.mean) * (value - out.mean);
  out.deviation = std::sqrt(out.deviation / static_cast<double>(values.size()));
  return out;
}

// The mel bands relative to the song's loudness, of frames that are not silent (of all, if too few
// sound). Made anew whenever they are asked for: a long song has too many to keep.
class Levels {
 public:
  Levels(const Frames& frames, double loudness) : frames_(frames) {
    for (int byte = 0; byte < 256; ++byte)
      level_[byte] = std::clamp(
          Frames::band_db(static_cast<std::uint8_t>(byte)) - static_cast<float>(loudness), kSoftest,
          kLoudest);
    for (std::uint32_t frame = 0; frame < frames.count(); ++frame) {
      float sum = 0;
      for (const std::uint8_t byte : frames.bands_of(frame)) sum += level_[byte];
      if (sum > kSilent * kBands) used_.push_back(frame);
    }
    if (used_.size() > kEnoughFrames) return;
    used_.resize(frames.count());
    std::iota(used_.begin(), used_.end(), 0U);
  }

  std::size_t rows() const { return used_.size(); }
  void row(std::size_t row, float* out) const {
    for (const std::uint8_t byte : frames_.bands_of(used_[row])) *out++ = level_[byte];
  }

 private:
  const Frames& frames_;
  std::array<float, 256> level_{};
  std::vector<std::uint32_t> used_;
};

// The orthonormal cosine transform of the bands, its first kCepstra rows.
const Matrix& cosines() {
  static const Matrix made = [] {
    Matrix matrix(kCepstra, static_cast<Eigen::Index>(kBands));
    for (int row = 0; row < kCepstra; ++row)
      for (std::size_t band = 0; band < kBands; ++band)
        matrix(row, static_cast<Eigen::Index>(band)) = static_cast<float>(
            std::sqrt((row == 0 ? 1.0 : 2.0) / kBands) *
            std::cos(std::numbers::pi * row * (static_cast<double>(band) + 0.5) / kBands));
    return matrix;
  }();
  return made;
}

// The mean cepstrum, and the logarithm of the cepstra's covariance (upper triangle): distances of
// that are distances of Gaussians.
void add_timbre(const Levels& levels, Values& mean_out, Values& covariance_out) {
  constexpr std::size_t kPiece = 1024;
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(kCepstra);
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(kCepstra, kCepstra);
  for (std::size_t first = 0; first < levels.rows(); first += kPiece) {
    const std::size_t count = std::min(kPiece, levels.rows() - first);
    Matrix piece(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(kBands));
    for (std::size_t i = 0; i < count; ++i) levels.row(first + i, piece.data() + i * kBands);
    const Eigen::MatrixXd cepstra = (piece * cosines().transpose()).cast<double>();
    sum += cepstra.colwise().sum().transpose();
    products += cepstra.transpose() * cepstra;
  }
  const auto count = static_cast<double>(levels.rows());
  const Eigen::VectorXd mean = sum / count;
  for (int row = 0; row < kCepstra; ++row) mean_out.push_back(static_cast<float>(mean[row]));
  const Eigen::MatrixXd covariance =
      (products - count * mean * mean.transpose()) / std::max(1.0, count - 1) +
      0.5 * Eigen::MatrixXd::Identity(kCepstra, kCepstra);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);
  const Eigen::VectorXd logs = solver.eigenvalues().cwiseMax(1e-6).array().log();
  const Eigen::MatrixXd logarithm =
      solver.eigenvectors() * logs.asDiagonal() * solver.eigenvectors().transpose();
  for (int row = 0; row < kCepstra; ++row)
    for (int column = row; column < kCepstra; ++column)
      covariance_out.push_back(static_cast<float>(logarithm(row, column)));
}

// How strongly groups of bands swell and fade at 0.1 to 11 Hz (Pampalk's fluctuation patterns in
// the logarithmic form of Seyerlehner): the median over blocks of 12 s.
class Fluctuation {
 public:
  void add(const Levels& levels, Values& out) {
    std::array<std::vector<float>, kBins * kGroups> blocks;
    for (std::size_t first = 0; first == 0 || first + kBlock <= levels.rows();
         first += kBlock / 2) {
      gather(levels, first);
      add_block(blocks);
    }
    for (auto& values : blocks) out.push_back(std::log1p(percentile(values, 0.5)));
  }

 private:
  static constexpr std::size_t kBlock = 512, kGroups = 12, kBins = 11;
  static constexpr std::array<std::size_t, kBins + 1> kEdges{1,  2,  3,  5,  8,  11,
                                                             17, 26, 38, 57, 86, 129};

  // A block's groups of bands: four of four bands, then eight of three. A song shorter than a block
  // is repeated.
  void gather(const Levels& levels, std::size_t first) {
    std::array<float, kBands> row{};
    for (std::size_t i = 0; i < kBlock; ++i) {
      levels.row((first + i) % levels.rows(), row.data());
      const float* band = row.data();
      for (std::size_t group = 0; group < kGroups; ++group) {
        const std::size_t width = group < 4 ? 4 : 3;
        const float sum = std::accumulate(band, band + width, 0.0F);
        groups_[group / kLanes][i][group % kLanes] = sum / static_cast<float>(width);
        band += width;
      }
    }
  }

  void add_block(std::array<std::vector<float>, kBins * kGroups>& blocks) {
    for (std::size_t group = 0; group < kGroups; group += kLanes) {
      frame_ = groups_[group / kLanes];
      transform();
      for (std::size_t bin = 0; bin < kBins; ++bin) {
        Lanes sum = spread(0);
        for (std::size_t k = kEdges[bin]; k < kEdges[bin + 1]; ++k)
          sum += spectrum_[k].re * spectrum_[k].re + spectrum_[k].im * spectrum_[k].im;
        for (std::size_t lane = 0; lane < kLanes; ++lane)
          blocks[bin * kGroups + group + lane].push_back(
              std::sqrt(sum[lane] / static_cast<float>(kEdges[bin + 1] - kEdges[bin])));
      }
    }
  }

  void transform() {
    Lanes mean = spread(0);
    for (const Lanes& value : frame_) mean += value;
    mean /= static_cast<float>(kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) frame_[i] = window_[i] * (frame_[i] - mean);
    fft_.transform(frame_, spectrum_);
  }

  static std::vector<float> hann() {
    std::vector<float> window(kBlock);
    for (std::size_t i = 0; i < kBlock; ++i)
      window[i] = static_cast<float>(
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / (kBlock - 1)));
    return window;
  }

  LaneFft fft_{kBlock};
  std::vector<float> window_ = hann();
  std::array<std::vector<Lanes>, kGroups / kLanes> groups_{
      std::vector<Lanes>(kBlock), std::vector<Lanes>(kBlock), std::vector<Lanes>(kBlock)};
  std::vector<Lanes> frame_ = std::vector<Lanes>(kBlock);
  std::vector<ComplexLanes> spectrum_ = std::vector<ComplexLanes>(kBlock / 2 + 1);
};

void add_onsets(const Frames& frames, Values& out) {
  Values means, deviations, high;
  for (const std::vector<float>& band : frames.onset) {
    const Moments moments = moments_of(band);
    means.push_back(static_cast<float>(moments.mean));
    deviations.push_back(static_cast<float>(moments.deviation));
    std::vector<float> values = band;
    high.push_back(percentile(values, 0.95));
  }
  for (const Values& part : {means, deviations, high})
    out.insert(out.end(), part.begin(), part.end());
}

void add_tonal(const Frames& frames, Values& out) {
  const Moments moments = moments_of(frames.tonal);
  out.push_back(static_cast<float>(moments.mean));
  out.push_back(static_cast<float>(moments.deviation));
  std::vector<float> values = frames.tonal;
  for (const double share : {0.1, 0.5, 0.9}) out.push_back(percentile(values, share));
}

// Of chroma, whatever its key: how alike it is to itself some semitones on, its entropy, its
// change, and its strongest classes.
template <class ChromaAt>
void add_chroma(std::size_t count, ChromaAt chroma_at, Values& out) {
  std::array<double, kPitches> mean{}, before{};
  Values entropy;
  double change = 0;
  for (std::size_t frame = 0; frame < count; ++frame) {
    const auto chroma = chroma_at(frame);
    double sum = 1e-6, bits = 0;
    for (const float value : chroma) sum += value;
    std::array<double, kPitches> share{};
    for (int pitch = 0; pitch < kPitches; ++pitch) {
      share[pitch] = chroma[pitch] / sum;
      mean[pitch] += share[pitch];
      bits -= share[pitch] * std::log(share[pitch] + 1e-6);
      if (frame > 0) change += std::abs(share[pitch] - before[pitch]);
    }
    before = share;
    entropy.push_back(static_cast<float>(bits));
  }
  double length = 1e-9;
  for (const double value : mean) length += value * value;
  for (double& value : mean) value /= std::sqrt(length);
  for (int turn = 1; turn <= 6; ++turn) {
    double likeness = 0;
    for (int pitch = 0; pitch < kPitches; ++pitch)
      likeness += mean[pitch] * mean[(pitch + turn) % kPitches];
    out.push_back(static_cast<float>(likeness));
  }
  const Moments moments = moments_of(entropy);
  out.push_back(static_cast<float>(moments.mean));
  out.push_back(static_cast<float>(moments.deviation));
  out.push_back(static_cast<float>(change / std::max(1.0, static_cast<double>(count) - 1)));
  std::sort(mean.begin(), mean.end(), std::greater<>());
  for (int pitch = 0; pitch < 6; ++pitch) out.push_back(static_cast<float>(mean[pitch]));
}

}  // namespace

std::vector<float> similarity_features(const Frames& frames, double loudness) {
  GROOVE_CHECK(frames.count() > 0 && frames.pitch_count() > 0);
  const Levels levels(frames, loudness);
  Values out, covariance;
  add_timbre(levels, out, covariance);
  Fluctuation().add(levels, out);
  add_onsets(frames, out);
  add_tonal(frames, out);
  const auto side = static_cast<float>(frames.side_share);
  out.insert(out.end(), {side, std::sqrt(side), static_cast<float>(loudness)});
  out.insert(out.end(), covariance.begin(), covariance.end());
  add_chroma(frames.pitch_count(), [&](std::size_t i) { return frames.chroma(i); }, out);
  add_chroma(frames.pitch_count(), [&](std::size_t i) { return frames.bass_of(i); }, out);
  GROOVE_CHECK(out.size() == kSimilarityFeatures);
  return out;
}

}  // namespace groove::sound
