#include "scorer/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "workers/text.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kIdSlips = 3;
constexpr std::size_t kShown = 3;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// One slip in four letters, but never so many that anything would do.
std::size_t slips_allowed(std::string_view folded) {
  return std::clamp<std::size_t>(folded.size() / 4, 1, 5);
}

std::size_t title_distance(const Catalog& catalog, SongIndex song, std::string_view folded,
                           std::size_t limit) {
  const std::string title = fold(catalog.title(song));
  std::size_t best = edit_distance(folded, title, limit);
  if (folded.size() <= title.size() + limit) return best;
  for (const std::string_view name : catalog.artists(song)) {
    const std::string artist = fold(name);
    best = std::min(best, edit_distance(folded, artist + " " + title, limit));
    best = std::min(best, edit_distance(folded, title + " " + artist, limit));
  }
  return best;
}

struct Guess {
  std::size_t distance;
  int unpopularity;  // among equals, what most people would mean
  SongIndex song;
  auto operator<=>(const Guess&) const = default;
};

}  // namespace

std::vector<SongIndex> suggest(const Catalog& catalog, std::string_view text, std::size_t count) {
  const std::string id = lower(text), folded = fold(text);
  const std::size_t limit = slips_allowed(folded);
  std::vector<Guess> guesses;
  for (SongIndex s = 0; s < catalog.size(); ++s) {
    const std::size_t of_id = edit_distance(id, lower(catalog.id(s)), kIdSlips);
    const std::size_t of_title =
        folded.empty() ? limit + 1 : title_distance(catalog, s, folded, limit);
    if (of_id > kIdSlips && of_title > limit) continue;
    const std::size_t distance =
        std::min(of_id > kIdSlips ? SIZE_MAX : of_id, of_title > limit ? SIZE_MAX : of_title);
    guesses.push_back({distance, -catalog.popularity(s), s});
  }
  std::ranges::sort(guesses);
  std::vector<SongIndex> out;
  for (std::size_t i = 0; i < guesses.size() && i < count; ++i) out.push_back(guesses[i].song);
  return out;
}

std::string explain_unknown(const Catalog& catalog, std::string_view text) {
  const std::vector<SongIndex> near = suggest(catalog, text, kShown);
  std::string out = fmt::format("{} is not in the catalogue.", text);
  if (near.empty()) return out + " No id or title is near to it.";
  out += " Near to it:";
  for (const SongIndex s : near)
    out += fmt::format("\n    {}  {}", catalog.id(s), describe(catalog, s));
  return out;
}

}  // namespace groove::scorer
