#include "scorer/song_keys.h"

#include <string>
#include <string_view>

#include "workers/base/check.h"
#include "workers/base/ids.h"
#include "workers/base/parallel.h"
#include "workers/text.h"

namespace groove::scorer {
namespace {

// FNV-1a, its ends mixed; 0 is kept for "unknown".
std::uint64_t hash(std::string_view text) {
  if (text.empty()) return 0;
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix64(h) | 1;
}

// Names in scripts or signs that fold to nothing are told apart as they are written.
std::uint64_t hash_name(std::string_view name) {
  const std::string folded = fold(name);
  return hash(folded.empty() ? name : std::string_view(folded));
}

}  // namespace

SongKeyTable::SongKeyTable(const Catalog& catalog, unsigned threads)
    : catalog_(catalog),
      artists_at_(catalog.size() + 1),
      album_(catalog.size()),
      title_(catalog.size()),
      isrc_(catalog.size()) {
  for (Song s = 0; s < catalog.size(); ++s)
    artists_at_[s + 1] = artists_at_[s] + static_cast<std::uint32_t>(catalog.artists(s).size());
  artists_.resize(artists_at_.back());
  for_each_block(catalog.size(), thread_count(threads),
                 [&](unsigned, std::size_t begin, std::size_t end) {
                   for (auto s = static_cast<Song>(begin); s < end; ++s) {
                     std::uint64_t* artist = artists_.data() + artists_at_[s];
                     for (const std::string_view name : catalog.artists(s))
                       *artist++ = hash_name(name);
                     title_[s] = hash(fold_title(catalog.title(s)));
                     isrc_[s] = hash(catalog.isrc(s));
                     // "Greatest Hits" of two artists are two albums.
                     const std::uint64_t album = hash_name(catalog.album(s));
                     const std::uint64_t by = of(s).artists.empty() ? 0 : of(s).artists[0];
                     album_[s] = album == 0 ? 0 : mix64(album + by) | 1;
                   }
                 });
}

SongKeys SongKeyTable::of(Song song) const {
  GROOVE_CHECK(song < title_.size());
  const std::size_t from = artists_at_[song];
  return {.artists = std::span(artists_).subspan(from, artists_at_[song + 1] - from),
          .album = album_[song],
          .title = title_[song],
          .isrc = isrc_[song],
          .explicit_lyrics = catalog_.explicit_lyrics(song),
          .year = catalog_.year(song)};
}

}  // namespace groove::scorer
