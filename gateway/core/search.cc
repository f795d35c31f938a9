#include "gateway/core/search.h"

#include <algorithm>
#include <ranges>
#include <tuple>
#include <unordered_map>

#include "workers/base/check.h"

namespace groove::gateway {
namespace {

constexpr char kSeparator = '\x1f';
constexpr std::size_t kQueryWordsMax = 16;

// Calls `use` with each word of `text`.
template <class Use>
void for_each_word(std::string_view text, Use&& use) {
  constexpr std::string_view kBreaks = " \x1f";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBreaks), text.size());
    if (end > 0) use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::vector<std::string_view> words_of(std::string_view query) {
  std::vector<std::string_view> words;
  for_each_word(query, [&](std::string_view word) {
    if (words.size() < kQueryWordsMax) words.push_back(word);
  });
  return words;
}

bool has_artist(std::string_view artists, std::string_view name) {
  for (std::size_t at = artists.find(name); at != artists.npos; at = artists.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || artists[at - 1] == kSeparator) &&
        (end == artists.size() || artists[end] == kSeparator))
      return true;
  }
  return false;
}

}  // namespace

void SearchIndex::Builder::add(const SearchSong& song) {
  start_.push_back(static_cast<std::uint32_t>(text_.size()));
  popularity_.push_back(song.popularity);
  text_.append(song.title);
  for (const std::string& artist : song.artists) (text_ += kSeparator).append(artist);
}

SearchIndex SearchIndex::Builder::build() && { return SearchIndex(std::move(*this)); }

SearchIndex::SearchIndex(Builder builder)
    : text_(std::move(builder.text_)),
      start_(std::move(builder.start_)),
      popularity_(std::move(builder.popularity_)) {
  start_.push_back(static_cast<std::uint32_t>(text_.size()));
  // Words get numbers as they are met, then the numbers of their sorted order.
  std::unordered_map<std::string_view, std::uint32_t> number_of;
  std::vector<std::string_view> met;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> uses;  // word, song
  for (std::uint32_t song = 0; song < size(); ++song) {
    for_each_word(text_of(song), [&](std::string_view word) {
      const auto [it, is_new] = number_of.try_emplace(word, met.size());
      if (is_new) met.push_back(word);
      uses.emplace_back(it->second, song);
    });
  }
  std::vector<std::uint32_t> order(met.size());
  std::ranges::copy(std::views::iota(0U, static_cast<std::uint32_t>(met.size())), order.begin());
  std::ranges::sort(order, {}, [&](std::uint32_t number) { return met[number]; });
  std::vector<std::uint32_t> rank(met.size());
  for (std::uint32_t at = 0; at < order.size(); ++at) {
    rank[order[at]] = at;
    word_start_.push_back(static_cast<std::uint32_t>(words_.size()));
    words_.append(met[order[at]]);
  }
  word_start_.push_back(static_cast<std::uint32_t>(words_.size()));
  // Counting sort of the uses by word; songs stay ascending within a word.
  songs_start_.assign(met.size() + 1, 0);
  for (const auto& [number, song] : uses) ++songs_start_[rank[number] + 1];
  for (std::size_t i = 1; i < songs_start_.size(); ++i) songs_start_[i] += songs_start_[i - 1];
  std::vector<std::uint32_t> next(songs_start_.begin(), songs_start_.end() - 1);
  songs_.resize(uses.size());
  for (const auto& [number, song] : uses) songs_[next[rank[number]]++] = song;
}

std::string_view SearchIndex::text_of(std::uint32_t song) const {
  return std::string_view(text_).substr(start_[song], start_[song + 1] - start_[song]);
}

std::string_view SearchIndex::word(std::size_t index) const {
  return std::string_view(words_).substr(word_start_[index],
                                         word_start_[index + 1] - word_start_[index]);
}

// Words that begin alike stand together, so their songs do too.
std::span<const std::uint32_t> SearchIndex::songs_with_prefix(std::string_view prefix) const {
  const auto indices = std::views::iota(std::size_t{0}, word_start_.size() - 1);
  const auto head = [&](std::size_t i) { return word(i).substr(0, prefix.size()); };
  const auto [low, high] = std::ranges::equal_range(indices, prefix, {}, head);
  const std::size_t first = static_cast<std::size_t>(low - indices.begin());
  const std::size_t last = static_cast<std::size_t>(high - indices.begin());
  return std::span(songs_).subspan(songs_start_[first], songs_start_[last] - songs_start_[first]);
}

int SearchIndex::tier(std::uint32_t song, std::string_view query) const {
  const std::string_view text = text_of(song);
  const std::size_t title_size = std::min(text.find(kSeparator), text.size());
  const std::string_view title = text.substr(0, title_size);
  if (title == query) return 0;
  if (title.starts_with(query)) return 1;
  return has_artist(text.substr(std::min(title_size + 1, text.size())), query) ? 1 : 2;
}

std::vector<std::uint32_t> SearchIndex::find(std::string_view query, std::size_t limit) const {
  const std::vector<std::string_view> words = words_of(query);
  if (words.empty() || limit == 0) return {};
  // level[s] = how many of the words so far song s has.
  std::vector<std::uint8_t> level(size(), 0);
  for (std::uint8_t at = 0; at < words.size(); ++at)
    for (const std::uint32_t song : songs_with_prefix(words[at]))
      if (level[song] == at) level[song] = static_cast<std::uint8_t>(at + 1);

  using Place = std::tuple<int, int, std::uint32_t>;  // tier, -popularity, song
  std::vector<Place> best;                            // a heap, the worst on top
  for (std::uint32_t song = 0; song < size(); ++song) {
    if (level[song] != words.size()) continue;
    const Place place{tier(song, query), -popularity_[song], song};
    if (best.size() == limit && place >= best.front()) continue;
    if (best.size() == limit) {
      std::ranges::pop_heap(best);
      best.pop_back();
    }
    best.push_back(place);
    std::ranges::push_heap(best);
  }
  std::ranges::sort(best);
  std::vector<std::uint32_t> songs;
  for (const Place& place : best) songs.push_back(std::get<2>(place));
  return songs;
}

}  // namespace groove::gateway
