#include "fetcher/core/song_row.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "fetcher/core/python_list.h"
#include "workers/base/limits.h"
#include "workers/base/utf8.h"

namespace groove::fetcher {
namespace {

struct Range {
  double low, high;
  bool whole = false;  // only whole numbers
};

// What the source documents, and what it gave beyond that (loudness above 0 dB, a song of hours).
// The catalogue clamps to its own narrower range; what is outside of these is an error of the row.
constexpr std::array<Range, kFeatureNames.size()> kRanges = {{
    {0, 1},           // acousticness
    {0, 1},           // danceability
    {0, 1},           // energy
    {0, 1},           // instrumentalness
    {-1, 11, true},   // key; -1: none was found
    {0, 1},           // liveness
    {-100, 20},       // loudness
    {0, 1, true},     // mode
    {0, 1},           // speechiness
    {0, 400},         // tempo
    {0, 1},           // valence
    {1, 86'400'000},  // duration_ms
}};

constexpr Range kYears = {1000, 2999, true};
constexpr Range kPopularities = {0, 100};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// For a person to read: short, one line, UTF-8.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, 40));
  const bool utf8 = valid_utf8(out);
  for (char& c : out)
    if (is_control(c) || (!utf8 && static_cast<unsigned char>(c) >= 0x80)) c = '?';
  return '"' + out + (text.size() > 40 ? "...\"" : "\"");
}

std::unexpected<Error> wrong(std::string_view column, std::string_view what) {
  return fail(Errc::kInvalid, std::string(column) + ' ' + std::string(what));
}

std::string number_text(double value) {
  std::array<char, 32> out{};
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
}

Result<double> number(std::string_view column, std::string_view text, const Range& range) {
  text = trimmed(text);
  if (text.empty()) return wrong(column, "is empty");
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value))
    return wrong(column, "is not a number: " + shown(text));
  if (range.whole && value != std::floor(value))
    return wrong(column, "is not a whole number: " + shown(text));
  if (value < range.low || value > range.high)
    return wrong(column, "is out of its range " + number_text(range.low) + " to " +
                             number_text(range.high) + ": " + shown(text));
  return value;
}

Result<std::string> text_of(std::string_view column, std::string_view text) {
  if (!valid_utf8(text)) return wrong(column, "is not UTF-8");
  std::string out(text);
  std::ranges::replace_if(out, is_control, ' ');
  return std::string(trimmed(out));
}

Result<std::string> id_of(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return wrong("id", "is empty");
  if (text.size() > limits::kSongIdBytesMax) return wrong("id", "is too long: " + shown(text));
  if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c > '~'; }))
    return wrong("id", "has other characters than visible ASCII: " + shown(text));
  return std::string(text);
}

// Data frames write a whole number beside missing ones as "1995.0", and a missing one as "nan".
bool is_missing(std::string_view text) {
  constexpr std::array<std::string_view, 7> kMissing = {"",    "0",   "0.0", "0000",
                                                        "nan", "NaN", "None"};
  return std::ranges::find(kMissing, text) != kMissing.end();
}

Result<int> year_of(std::string_view column, std::string_view text) {
  text = trimmed(text);
  if (is_missing(text)) return 0;
  // A date is a year and more: 1978-09-23, 1978-09.
  if (text.size() > 4 && text[4] == '-') text = text.substr(0, 4);
  if (is_missing(text)) return 0;
  const auto year = number(column, text, kYears);
  if (!year) return std::unexpected(year.error());
  return static_cast<int>(*year);
}

Result<std::optional<std::uint8_t>> popularity_of(std::string_view text) {
  if (const std::string_view bare = trimmed(text); bare != "0" && is_missing(bare))
    return std::nullopt;
  const auto value = number("popularity", text, kPopularities);
  if (!value) return std::unexpected(value.error());
  return static_cast<std::uint8_t>(*value);
}

Result<std::optional<bool>> explicit_of(std::string_view text) {
  text = trimmed(text);
  if (text == "0" || text == "False" || text == "false" || text == "FALSE") return false;
  if (text == "1" || text == "True" || text == "true" || text == "TRUE") return true;
  if (is_missing(text)) return std::nullopt;
  return wrong("explicit", "is neither 0 nor 1: " + shown(text));
}

// Sets the artists of `song`, and whether they came as a list.
Status read_artists(std::string_view text, SongRow& song) {
  auto listed = parse_list(trimmed(text));
  song.artists_listed = listed.has_value();
  const std::vector<std::string> names =
      listed ? std::move(*listed) : std::vector{std::string(text)};
  for (const std::string& name : names) {
    auto clean = text_of("artists", name);
    if (!clean) return std::unexpected(clean.error());
    if (!clean->empty()) song.artists.push_back(std::move(*clean));
  }
  if (song.artists.empty()) return wrong("artists", "is empty");
  return {};
}

std::string lower(std::string_view text) {
  std::string out(trimmed(text));
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

std::string_view Layout::column_name(std::size_t column) {
  constexpr std::array<std::string_view, kFirstFeature> kNames = {
      "id", "name", "artists", "year", "release_date", "popularity", "explicit", "album", "isrc"};
  return column < kFirstFeature ? kNames[column] : kFeatureNames[column - kFirstFeature];
}

Result<Layout> Layout::recognise(std::span<const std::string_view> header) {
  Layout layout;
  layout.width_ = header.size();
  std::string missing;
  for (std::size_t column = 0; column < kColumns; ++column) {
    for (std::size_t i = header.size(); i-- > 0;)  // of two with one name the first
      if (lower(header[i]) == column_name(column)) layout.at_[column] = i;
    const bool required = column <= kArtists || column >= kFirstFeature;
    if (required && !layout.at_[column])
      missing += (missing.empty() ? "" : ", ") + std::string(column_name(column));
  }
  if (!missing.empty())
    return fail(Errc::kInvalid, "not a known layout: the header lacks " + missing);
  return layout;
}

std::string_view Layout::name() const {
  if (at_[kYear]) return "data.csv";
  return at_[kReleaseDate] ? "tracks.csv" : "songs without a year";
}

std::string_view Layout::field(std::span<const std::string_view> fields, std::size_t column) const {
  return at_[column] ? fields[*at_[column]] : std::string_view();
}

Result<SongRow> Layout::song(std::span<const std::string_view> fields) const {
  if (fields.size() != width_)
    return fail(Errc::kInvalid, std::to_string(fields.size()) + " fields where the header has " +
                                    std::to_string(width_));
  SongRow song;
  auto id = id_of(field(fields, kId));
  if (!id) return std::unexpected(id.error());
  song.id = std::move(*id);

  for (const auto& [column, to] : {std::pair{kName, &song.title}, std::pair{kAlbum, &song.album},
                                   std::pair{kIsrc, &song.isrc}}) {
    auto text = text_of(column_name(column), field(fields, column));
    if (!text) return std::unexpected(text.error());
    *to = std::move(*text);
  }
  if (song.title.empty()) return wrong("name", "is empty");
  if (auto artists = read_artists(field(fields, kArtists), song); !artists)
    return std::unexpected(artists.error());

  for (std::size_t i = 0; i < kFeatureNames.size(); ++i) {
    const auto value = number(kFeatureNames[i], field(fields, kFirstFeature + i), kRanges[i]);
    if (!value) return std::unexpected(value.error());
    song.features[i] = static_cast<float>(*value);
    if (kFeatureNames[i] == "duration_ms") song.duration_ms = static_cast<std::uint32_t>(*value);
  }
  for (const Column column : {kYear, kReleaseDate}) {
    const auto year = year_of(column_name(column), field(fields, column));
    if (!year) return std::unexpected(year.error());
    if (song.year == 0) song.year = *year;
  }
  const auto popularity = popularity_of(field(fields, kPopularity));
  if (!popularity) return std::unexpected(popularity.error());
  song.popularity = *popularity;
  const auto explicit_lyrics = explicit_of(field(fields, kExplicit));
  if (!explicit_lyrics) return std::unexpected(explicit_lyrics.error());
  song.explicit_lyrics = *explicit_lyrics;
  return song;
}

}  // namespace groove::fetcher
