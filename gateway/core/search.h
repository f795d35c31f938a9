// Search as one types, over titles and artists that were folded before (case, accents: the caller's
// business). An inverted index: every word of the catalogue, sorted, with the songs it is in; a
// typed word is the range of words it begins.
//
// Measured with 165,000 songs: see tests/bench/search_bench.cc. Immutable; const methods are safe
// from many threads.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace groove::gateway {

// One song, folded: words of letters and digits, one space between them.
struct SearchSong {
  std::string title;
  std::vector<std::string> artists;
  std::uint8_t popularity = 0;  // 0..100
};

class SearchIndex {
 public:
  class Builder {
   public:
    void add(const SearchSong& song);  // the next song: 0, 1, 2, …
    SearchIndex build() &&;

   private:
    friend class SearchIndex;
    std::string text_;
    std::vector<std::uint32_t> start_;
    std::vector<std::uint8_t> popularity_;
  };

  // The songs in which every word of `query` (folded) begins a word. Best first: the title is the
  // query; the title begins with it or an artist is called that; the rest. Within each the more
  // popular, then the lower number. At most `limit`; none for an empty query.
  std::vector<std::uint32_t> find(std::string_view query, std::size_t limit) const;
  std::size_t size() const { return popularity_.size(); }

 private:
  explicit SearchIndex(Builder builder);

  std::string_view text_of(std::uint32_t song) const;  // title US artist US artist …
  std::string_view word(std::size_t index) const;
  std::span<const std::uint32_t> songs_with_prefix(std::string_view prefix) const;
  int tier(std::uint32_t song, std::string_view query) const;

  std::string text_;
  std::vector<std::uint32_t> start_;  // of each song in text_, and the end
  std::vector<std::uint8_t> popularity_;
  std::string words_;                       // the distinct words, ascending, one after the other
  std::vector<std::uint32_t> word_start_;   // in words_, and the end
  std::vector<std::uint32_t> songs_start_;  // in songs_, of each word, and the end
  std::vector<std::uint32_t> songs_;
};

}  // namespace groove::gateway
