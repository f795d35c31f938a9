#include "workers/catalog_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/base/utf8.h"
#include "workers/catalog_layout.h"

namespace groove {
namespace {

namespace layout = catalog_layout;

using Songs = std::vector<const SongRecord*>;  // in the order of their ids

std::string joined(const std::vector<std::string>& artists) {
  return fmt::format("{}", fmt::join(artists, std::string_view(&layout::kArtistSeparator, 1)));
}

// The texts of all songs, column after column, and where each begins.
class Text {
 public:
  template <class Get>
  std::string column(const Songs& songs, Get get) {
    std::string offsets;
    offsets.reserve(4 * (songs.size() + 1));
    for (const SongRecord* song : songs) {
      append_le(offsets, static_cast<std::uint32_t>(text_.size()));
      text_ += get(*song);
    }
    append_le(offsets, static_cast<std::uint32_t>(text_.size()));
    return offsets;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

template <class T, class Get>
std::string array(const Songs& songs, Get get) {
  std::string out;
  out.reserve(sizeof(T) * songs.size());
  for (const SongRecord* song : songs) append_le(out, static_cast<T>(get(*song)));
  return out;
}

void append_text(std::string& out, std::string_view text) {
  append_le(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

std::string space_bytes(const FeatureSpace& space) {
  std::string out;
  append_text(out, space.name);
  for (const Feature& feature : space.features) {
    append_le(out, std::bit_cast<std::uint32_t>(feature.low));
    append_le(out, std::bit_cast<std::uint32_t>(feature.high));
    append_text(out, feature.name);
  }
  return out;
}

std::string feature_bytes(const Songs& songs, const FeatureSpace& space) {
  std::string out;
  out.reserve(2 * space.features.size() * songs.size());
  for (const SongRecord* song : songs)
    for (std::size_t i = 0; i < space.features.size(); ++i)
      append_le(out, space.quantise(i, song->features[i]));
  return out;
}

// Empty when no song has a series: the catalogue is then the same as one that never heard of them.
std::string series_bytes(const Songs& songs, std::size_t dims) {
  if (std::ranges::all_of(songs, [](const SongRecord* song) { return song->series.empty(); }))
    return {};
  std::string out;
  append_le(out, static_cast<std::uint32_t>(dims));
  append_le(out, std::uint32_t{0});
  std::uint64_t steps = 0;
  append_le(out, steps);
  for (const SongRecord* song : songs) append_le(out, steps += song->series.size() / dims);
  out.reserve(out.size() + sizeof(float) * dims * steps);
  for (const SongRecord* song : songs)
    for (const float value : song->series) append_le(out, std::bit_cast<std::uint32_t>(value));
  return out;
}

std::size_t vector_dims(const Songs& songs) {
  std::size_t dims = 0;
  for (const SongRecord* song : songs) {
    if (song->sound_vector.empty()) continue;
    GROOVE_CHECK(dims == 0 || dims == song->sound_vector.size());
    dims = song->sound_vector.size();
  }
  return dims;
}

// Empty when no song has a vector, as with the series.
std::string vector_bytes(const Songs& songs) {
  const std::size_t dims = vector_dims(songs);
  if (dims == 0) return {};
  std::string rows, values;
  std::uint32_t count = 0;
  for (const SongRecord* song : songs) {
    append_le(rows, song->sound_vector.empty() ? layout::kNoRow : count++);
    for (const std::int16_t value : song->sound_vector)
      append_le(values, static_cast<std::uint16_t>(value));
  }
  std::string out;
  append_le(out, static_cast<std::uint32_t>(dims));
  append_le(out, count);
  return out + rows + values;
}

struct Section {
  std::string_view tag;
  std::string bytes;
};

std::vector<Section> sections(const Songs& songs, const FeatureSpace& space,
                              std::size_t series_dims) {
  Text text;
  const auto& tags = layout::kTextColumns;
  std::vector<Section> out;
  out.push_back({layout::kSpace, space_bytes(space)});
  out.push_back({tags[0], text.column(songs, [](auto& s) -> auto& { return s.id; })});
  out.push_back({tags[1], text.column(songs, [](auto& s) -> auto& { return s.title; })});
  out.push_back({tags[2], text.column(songs, [](auto& s) { return joined(s.artists); })});
  out.push_back({tags[3], text.column(songs, [](auto& s) -> auto& { return s.album; })});
  out.push_back({tags[4], text.column(songs, [](auto& s) -> auto& { return s.isrc; })});
  out.push_back({layout::kText, text.take()});
  using std::uint16_t, std::uint32_t, std::uint8_t;
  out.push_back({layout::kYear, array<uint16_t>(songs, [](auto& s) { return s.year; })});
  out.push_back({layout::kDuration, array<uint32_t>(songs, [](auto& s) { return s.duration_ms; })});
  out.push_back({layout::kPopularity, array<uint8_t>(songs, [](auto& s) { return s.popularity; })});
  out.push_back({layout::kFlags, array<uint8_t>(songs, [](auto& s) {
                   return s.explicit_lyrics ? layout::kExplicit : 0;
                 })});
  out.push_back({layout::kFeatures, feature_bytes(songs, space)});
  if (std::string series = series_bytes(songs, series_dims); !series.empty())
    out.push_back({layout::kSeries, std::move(series)});
  if (std::string vectors = vector_bytes(songs); !vectors.empty())
    out.push_back({layout::kVectors, std::move(vectors)});
  return out;
}

std::size_t aligned(std::size_t size) {
  return (size + layout::kAlignment - 1) / layout::kAlignment * layout::kAlignment;
}

// Everything after the header: counts, table, sections.
std::string body(const Songs& songs, const FeatureSpace& space, std::size_t series_dims) {
  const std::vector<Section> parts = sections(songs, space, series_dims);
  std::string out;
  append_le(out, static_cast<std::uint32_t>(songs.size()));
  append_le(out, static_cast<std::uint32_t>(space.features.size()));
  append_le(out, static_cast<std::uint32_t>(parts.size()));
  append_le(out, std::uint32_t{0});
  std::size_t at = layout::kHeaderBytes + layout::kCountsBytes + parts.size() * layout::kEntryBytes;
  for (const Section& part : parts) {
    out += part.tag;
    append_le(out, std::uint32_t{0});
    append_le(out, std::uint64_t{at});
    append_le(out, std::uint64_t{part.bytes.size()});
    at = aligned(at + part.bytes.size());
  }
  out.reserve(at);
  for (const Section& part : parts) {
    out += part.bytes;
    out.resize(aligned(layout::kHeaderBytes + out.size()) - layout::kHeaderBytes);
  }
  return out;
}

bool sound_series(const std::vector<float>& series, std::size_t dims) {
  if (series.empty()) return true;
  return dims > 0 && series.size() % dims == 0 && series.size() / dims <= limits::kSeriesStepsMax &&
         std::ranges::all_of(series, [](float value) { return std::isfinite(value); });
}

bool sound(const SongRecord& song, const FeatureSpace& space) {
  const auto clean = [](const std::string& artist) {
    return !artist.empty() && artist.find(layout::kArtistSeparator) == artist.npos &&
           valid_utf8(artist);
  };
  return !song.id.empty() && song.id.size() <= limits::kSongIdBytesMax && valid_utf8(song.id) &&
         valid_utf8(song.title) && valid_utf8(song.album) && valid_utf8(song.isrc) &&
         std::ranges::all_of(song.artists, clean) && std::in_range<std::int16_t>(song.year) &&
         song.popularity <= 100 && song.features.size() == space.features.size() &&
         song.sound_vector.size() <= limits::kSoundVectorDimsMax;
}

std::size_t text_bytes(const SongRecord& song) {
  std::size_t bytes = song.id.size() + song.title.size() + song.album.size() + song.isrc.size();
  for (const std::string& artist : song.artists) bytes += artist.size() + 1;
  return bytes;
}

}  // namespace

CatalogBuilder::CatalogBuilder(FeatureSpace space, std::size_t series_dims)
    : space_(std::move(space)), series_dims_(series_dims) {
  GROOVE_CHECK(series_dims <= limits::kSeriesDimsMax);
  GROOVE_CHECK(!space_.features.empty() && space_.features.size() <= limits::kFeatureDims);
}

bool CatalogBuilder::add(SongRecord song) {
  GROOVE_CHECK(sound(song, space_) && sound_series(song.series, series_dims_));
  const auto [at, is_new] = index_.emplace(song.id, songs_.size());
  if (is_new)
    songs_.push_back(std::move(song));
  else
    songs_[at->second] = std::move(song);
  return is_new;
}

std::string CatalogBuilder::image() const {
  Songs songs(songs_.size());
  std::ranges::transform(songs_, songs.begin(), [](const SongRecord& song) { return &song; });
  std::ranges::sort(songs, {}, [](const SongRecord* song) -> auto& { return song->id; });
  const std::string after = body(songs, space_, series_dims_);
  std::string out(layout::kMagic);
  out += as_bytes(sha256(after));
  append_le(out, std::uint64_t{after.size()});
  out += after;
  return out;
}

Result<Digest> CatalogBuilder::write(const std::filesystem::path& file,
                                     std::optional<FileTime> modified) const {
  if (songs_.empty()) return fail(Errc::kInvalid, "there are no songs to make a catalogue of");
  const std::size_t bytes = std::transform_reduce(songs_.begin(), songs_.end(), std::size_t{0},
                                                  std::plus<>(), text_bytes);
  if (songs_.size() > limits::kSongsMax || !std::in_range<std::uint32_t>(bytes))
    return fail(Errc::kInvalid, fmt::format("{} songs are more than a catalogue holds", size()));
  const std::string bytes_of_file = image();
  if (auto done = replace_file(file, bytes_of_file, modified); !done)
    return std::unexpected(done.error());
  Digest digest;
  std::copy_n(bytes_of_file.begin() + layout::kDigestAt, digest.bytes.size(), digest.bytes.begin());
  return digest;
}

}  // namespace groove
