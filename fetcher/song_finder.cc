#include "fetcher/song_finder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <span>
#include <tuple>

#include "workers/text.h"

namespace groove::fetcher {
namespace {

constexpr std::int64_t kSameLengthMs = 3'000;

// FNV-1a. Equal hashes are only candidates: the words themselves are compared.
std::uint64_t hash_of(std::string_view artist, std::string_view title) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const std::string_view part : {artist, std::string_view("\n"), title})
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

std::string plain_isrc(std::string_view isrc) {
  std::string out;
  for (const char c : isrc)
    if (std::isalnum(static_cast<unsigned char>(c)))
      out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out.size() == 12 ? out : std::string();
}

bool has_word(std::string_view folded, std::string_view word) {
  const std::string padded = " " + std::string(folded) + " ";
  return padded.find(" " + std::string(word) + " ") != padded.npos;
}

// Which of the ways to play a song other than in the studio the title tells, a bit each.
unsigned rendition(std::string_view title) {
  constexpr std::array<std::string_view, 6> kWords = {"live",      "vivo", "acoustic",
                                                      "unplugged", "demo", "rerecorded"};
  const std::string whole = fold(title), plain = fold_title(title);
  unsigned told = 0;
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (has_word(whole, kWords[i]) && !has_word(plain, kWords[i])) told |= 1U << i;
  return told;
}

bool as_long(const SpotifyTrack& track, std::uint32_t duration_ms) {
  const std::int64_t difference = std::int64_t{track.duration_ms} - std::int64_t{duration_ms};
  return track.duration_ms != 0 && std::abs(difference) <= kSameLengthMs;
}

std::span<const std::pair<std::uint64_t, SongIndex>> same_hash(
    const std::vector<std::pair<std::uint64_t, SongIndex>>& entries, std::uint64_t hash) {
  const auto found =
      std::ranges::equal_range(entries, hash, {}, &std::pair<std::uint64_t, SongIndex>::first);
  return {found.begin(), found.end()};
}

// The names a catalogue's artist goes by: of "A feat. B" the first alone too.
std::vector<std::string> artist_names(std::string_view artist) {
  std::vector<std::string> names = {fold_artist(artist)};
  for (const std::string_view joint : {" feat. ", " feat ", " ft. ", " featuring "}) {
    const std::size_t at = artist.find(joint);
    if (at != artist.npos) names.push_back(fold_artist(artist.substr(0, at)));
  }
  return names;
}

bool has_artist(const Catalog& catalog, SongIndex song, const std::string& folded) {
  return std::ranges::any_of(catalog.artists(song), [&](std::string_view artist) {
    const auto names = artist_names(artist);
    return std::ranges::find(names, folded) != names.end();
  });
}

}  // namespace

std::string fold_artist(std::string_view name) {
  std::string folded = fold(name);
  std::string out;
  for (std::string_view rest = folded; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool is_filler = word == "and" || (word == "the" && out.empty());
    if (!is_filler) out.append(out.empty() ? "" : " ").append(word);
  }
  return out.empty() ? folded : out;  // "The The"
}

SongFinder::SongFinder(std::shared_ptr<const Catalog> catalog) : catalog_(std::move(catalog)) {
  for (SongIndex song = 0; song < catalog_->size(); ++song) {
    if (std::string isrc = plain_isrc(catalog_->isrc(song)); !isrc.empty())
      by_isrc_.emplace(std::move(isrc), song);
    const std::string title = fold_title(catalog_->title(song));
    for (const std::string_view artist : catalog_->artists(song))
      for (const std::string& name : artist_names(artist)) {
        if (name.empty()) continue;
        by_artist_.emplace_back(hash_of(name, ""), song);
        if (!title.empty()) by_name_.emplace_back(hash_of(name, title), song);
      }
  }
  std::ranges::sort(by_name_);
  std::ranges::sort(by_artist_);
}

std::optional<SongIndex> SongFinder::find(const SpotifyTrack& track) const {
  if (const auto song = catalog_->find(track.id)) return song;
  if (const auto song = by_isrc_.find(plain_isrc(track.isrc)); song != by_isrc_.end())
    return song->second;
  for (const std::string& artist : track.artists)
    if (const auto song = by_name(track, fold_artist(artist))) return song;
  return std::nullopt;
}

// Of several, one whose whole title is the same; then one as long; then the most popular; then the
// first.
std::optional<SongIndex> SongFinder::by_name(const SpotifyTrack& track,
                                             const std::string& artist) const {
  const std::string title = fold_title(track.title), whole = fold(track.title);
  if (artist.empty() || title.empty()) return std::nullopt;
  const unsigned played = rendition(track.title);
  std::optional<SongIndex> best;
  std::tuple<bool, bool, int> best_rank;
  for (const auto& [hash, song] : same_hash(by_name_, hash_of(artist, title))) {
    const std::string_view other = catalog_->title(song);
    if (fold_title(other) != title || rendition(other) != played ||
        !has_artist(*catalog_, song, artist))
      continue;
    const std::tuple rank{fold(other) == whole, as_long(track, catalog_->duration_ms(song)),
                          static_cast<int>(catalog_->popularity(song))};
    if (!best || rank > best_rank) {
      best = song;
      best_rank = rank;
    }
  }
  return best;
}

std::vector<SongIndex> SongFinder::of_artist(std::string_view name, std::size_t most) const {
  const std::string folded = fold_artist(name);
  std::vector<SongIndex> songs;
  if (folded.empty()) return songs;
  for (const auto& [hash, song] : same_hash(by_artist_, hash_of(folded, "")))
    if (has_artist(*catalog_, song, folded) && (songs.empty() || songs.back() != song))
      songs.push_back(song);
  std::ranges::stable_sort(songs, std::greater(),
                           [&](SongIndex song) { return catalog_->popularity(song); });
  if (songs.size() > most) songs.resize(most);
  return songs;
}

}  // namespace groove::fetcher
