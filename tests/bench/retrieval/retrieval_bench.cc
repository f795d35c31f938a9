// How well songs are found again by the sound alone: of each song's five nearest, how many are by
// the same artist; how many of the five nearest of other packages are of the same style; and how
// much a few songs are near to everybody (hubness: the skew of how often a song is among the ten
// nearest). Balanced: the mean over artists (with four songs or more) and styles.
//
//   retrieval_bench LIST [--features FILE]
//
// LIST (list_songs.py makes one) has a line for each song: path, artist, style, package,
// tab-separated; artist and style may be empty (then the package counts as the artist, and no style
// is asked for). --features writes what tests/bench/retrieval/learn.py learns from. Beside the
// vector stands the peer that is learnt from nothing: a Gaussian of cepstra a song, by symmetric
// Kullback-Leibler divergence (Mandel & Ellis 2005), with and without mutual proximity (Schnitzer
// et al. 2012).
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "fetcher/core/sound/frame_maker.h"
#include "fetcher/core/sound/loudness.h"
#include "fetcher/core/sound/similarity.h"
#include "fetcher/decode.h"

namespace {

using namespace groove;
using Eigen::MatrixXd;

constexpr std::size_t kSecondsMax = 240;  // of each song
constexpr Eigen::Index kCepstra = 20;

struct Song {
  std::string path, artist, style, package;
  std::vector<float> features;
  Eigen::VectorXd vector, mean;
  MatrixXd covariance;
};

void set_gaussian(const sound::Frames& frames, Song& song) {
  MatrixXd cepstra(frames.count(), kCepstra);
  for (std::size_t frame = 0; frame < frames.count(); ++frame)
    for (Eigen::Index row = 0; row < kCepstra; ++row) {
      double sum = 0;
      for (std::size_t band = 0; band < sound::kBands; ++band)
        sum += sound::Frames::band_db(frames.bands_of(frame)[band]) *
               std::cos(std::numbers::pi * static_cast<double>(row) *
                        (static_cast<double>(band) + 0.5) / sound::kBands);
      cepstra(static_cast<Eigen::Index>(frame), row) = sum / sound::kBands;
    }
  song.mean = cepstra.colwise().mean();
  const MatrixXd centred = cepstra.rowwise() - song.mean.transpose();
  song.covariance = centred.transpose() * centred / static_cast<double>(cepstra.rows()) +
                    1e-3 * MatrixXd::Identity(kCepstra, kCepstra);
}

bool listen(Song& song) {
  sound::FrameMaker maker;
  std::size_t samples = 0;
  static_cast<void>(fetcher::decode(song.path, [&](auto left, auto right) {
    maker.feed(left, right);
    return (samples += left.size()) < kSecondsMax * sound::kSampleRate;
  }));
  const sound::Frames frames = maker.finish();
  if (frames.duration < sound::kSimilaritySeconds) return false;
  const double loudness = sound::integrated_loudness(frames.tenth_energy);
  song.features = sound::similarity_features(frames, loudness);
  const auto vector = sound::project_similarity(song.features);
  song.vector.resize(static_cast<Eigen::Index>(vector.size()));
  for (std::size_t i = 0; i < vector.size(); ++i)
    song.vector[static_cast<Eigen::Index>(i)] = vector[i];
  set_gaussian(frames, song);
  return true;
}

std::vector<Song> read_songs(const char* list) {
  std::vector<Song> songs;
  std::ifstream in(list);
  for (std::string line; std::getline(in, line);) {
    Song song;
    std::string* const fields[] = {&song.path, &song.artist, &song.style, &song.package};
    std::size_t at = 0;
    for (std::string* const field : fields) {
      const std::size_t end = std::min(line.find('\t', at), line.size());
      *field = line.substr(at, end - at);
      at = std::min(end + 1, line.size());
    }
    if (song.artist.empty()) song.artist = "package " + song.package;
    if (listen(song)) songs.push_back(std::move(song));
  }
  return songs;
}

void write_features(const std::vector<Song>& songs, const char* path) {
  std::ofstream out(path);
  for (const Song& song : songs) {
    out << song.path << '\t' << song.artist << '\t' << song.style << '\t' << song.package;
    for (const float value : song.features) out << fmt::format("\t{:.7g}", value);
    out << '\n';
  }
}

template <class Distance>
MatrixXd distances(const std::vector<Song>& songs, Distance distance) {
  const auto count = static_cast<Eigen::Index>(songs.size());
  MatrixXd out = MatrixXd::Zero(count, count);
  for (Eigen::Index i = 0; i < count; ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      out(i, j) = out(j, i) =
          distance(songs[static_cast<std::size_t>(i)], songs[static_cast<std::size_t>(j)]);
  return out;
}

MatrixXd gaussian_distances(const std::vector<Song>& songs) {
  std::vector<MatrixXd> inverses;
  for (const Song& song : songs) inverses.push_back(song.covariance.inverse());
  return distances(songs, [&](const Song& a, const Song& b) {
    const MatrixXd& p = inverses[static_cast<std::size_t>(&a - songs.data())];
    const MatrixXd& q = inverses[static_cast<std::size_t>(&b - songs.data())];
    const Eigen::VectorXd gap = a.mean - b.mean;
    return (p.cwiseProduct(b.covariance) + q.cwiseProduct(a.covariance)).sum() +
           gap.dot((p + q) * gap);
  });
}

// How likely two songs are nearer to each other than to others, as normal distributions tell.
MatrixXd mutual_proximity(const MatrixXd& distances) {
  const Eigen::Index count = distances.rows();
  Eigen::VectorXd mean(count), deviation(count);
  const MatrixXd roots = distances.cwiseMax(0).cwiseSqrt();
  for (Eigen::Index i = 0; i < count; ++i) {
    mean[i] = roots.row(i).mean();
    deviation[i] = std::sqrt((roots.row(i).array() - mean[i]).square().mean()) + 1e-12;
  }
  MatrixXd out = MatrixXd::Zero(count, count);
  for (Eigen::Index i = 0; i < count; ++i)
    for (Eigen::Index j = 0; j < count; ++j) {
      const auto farther = [&](Eigen::Index k) {
        return 0.5 * std::erfc((roots(i, j) - mean[k]) / deviation[k] / std::numbers::sqrt2);
      };
      out(i, j) = 1 - farther(i) * farther(j);
    }
  return out;
}

double balanced(const std::map<std::string, std::vector<double>>& groups, std::size_t least) {
  double sum = 0;
  std::size_t count = 0;
  for (const auto& [name, values] : groups) {
    if (values.size() < least) continue;
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    sum += mean;
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

double skew(const std::vector<double>& values) {
  double mean = 0, second = 0, third = 0;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) mean += value / count;
  for (const double value : values) {
    second += std::pow(value - mean, 2) / count;
    third += std::pow(value - mean, 3) / count;
  }
  return third / std::pow(second, 1.5);
}

void report(const char* name, const std::vector<Song>& songs, const MatrixXd& distances) {
  constexpr std::size_t kNearest = 5, kOccurrences = 10;
  std::map<std::string, std::vector<double>> artists, styles;
  std::vector<double> occurrences(songs.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < songs.size(); ++i) {
    order.clear();
    for (std::size_t j = 0; j < songs.size(); ++j)
      if (j != i) order.push_back(j);
    std::ranges::stable_sort(order, {}, [&](std::size_t j) {
      return distances(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
    });
    for (std::size_t k = 0; k < std::min(kOccurrences, order.size()); ++k)
      occurrences[order[k]] += 1;
    double same = 0, alike = 0, asked = 0;
    for (std::size_t k = 0; k < std::min(kNearest, order.size()); ++k)
      same += songs[order[k]].artist == songs[i].artist ? 1.0 / kNearest : 0;
    artists[songs[i].artist].push_back(same);
    for (const std::size_t j : order) {
      if (songs[j].package == songs[i].package || songs[j].style.empty()) continue;
      alike += songs[j].style == songs[i].style ? 1.0 / kNearest : 0;
      if (++asked == kNearest) break;
    }
    if (!songs[i].style.empty()) styles[songs[i].style].push_back(alike);
  }
  fmt::print("{:<34} same artist {:.3f}   same style {:.3f}   hubness {:5.2f}\n", name,
             balanced(artists, 4), balanced(styles, 8), skew(occurrences));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && !(argc == 4 && std::strcmp(argv[2], "--features") == 0)) {
    fmt::print(stderr, "usage: retrieval_bench LIST [--features FILE]\n");
    return 2;
  }
  const std::vector<Song> songs = read_songs(argv[1]);
  if (argc == 4) write_features(songs, argv[3]);
  fmt::print("{} songs\n", songs.size());
  const MatrixXd gaussian = gaussian_distances(songs);
  report("Gaussian of cepstra", songs, gaussian);
  report("the same, mutual proximity", songs, mutual_proximity(gaussian));
  const MatrixXd ours = distances(
      songs, [](const Song& a, const Song& b) { return (a.vector - b.vector).squaredNorm(); });
  report("sound-v1", songs, ours);
  report("the same, mutual proximity", songs, mutual_proximity(ours));
  return 0;
}
