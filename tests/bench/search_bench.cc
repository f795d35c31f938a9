// Search in a catalogue of 165,000 songs, as one types.
#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "gateway/core/search.h"

namespace groove::gateway {
namespace {

constexpr int kSongs = 165'000;

// Words with the frequencies of a language: the n-th is about 1/n as frequent as the first.
class Words {
 public:
  Words() {
    for (int i = 0; i < 30'000; ++i) {
      std::string word(2 + random_() % 8, 'a');
      for (char& c : word) c = static_cast<char>('a' + random_() % 26);
      words_.push_back(word);
    }
  }
  const std::string& next() {
    const double share = static_cast<double>(random_()) / std::mt19937::max();
    std::size_t rank = 0;  // inverse of the harmonic distribution, coarsely
    for (double scale = 1; scale > share && rank < 14; scale /= 2) ++rank;
    return words_[random_() % ((std::size_t{2} << rank) - 1)];
  }

 private:
  std::mt19937 random_{1};
  std::vector<std::string> words_;
};

const SearchIndex& index() {
  static const SearchIndex built = [] {
    Words words;
    std::mt19937 random(2);
    SearchIndex::Builder builder;
    for (int i = 0; i < kSongs; ++i) {
      SearchSong song;
      for (std::size_t n = 1 + random() % 5; n > 0; --n)
        song.title += (song.title.empty() ? "" : " ") + words.next();
      song.artists.push_back(words.next() + " " + words.next());
      song.popularity = static_cast<std::uint8_t>(random() % 101);
      builder.add(song);
    }
    return std::move(builder).build();
  }();
  return built;
}

void find(benchmark::State& state, const std::string& query) {
  std::size_t found = 0;
  for (auto _ : state) benchmark::DoNotOptimize(found = index().find(query, 20).size());
  state.counters["found"] = static_cast<double>(found);
}
BENCHMARK_CAPTURE(find, one_letter, "a")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find, two_letters, "th")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find, three_words_of_one_letter, "a b c")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find, a_word, "abcd")->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace groove::gateway
