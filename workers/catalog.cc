#include "workers/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/base/utf8.h"
#include "workers/catalog_layout.h"

namespace groove {
namespace {

namespace layout = catalog_layout;

static_assert(std::endian::native == std::endian::little,
              "the arrays of the file are used where they lie");

std::unexpected<Error> corrupt(std::string_view what) {
  return fail(Errc::kCorrupt, fmt::format("not a whole catalogue: {}", what));
}

struct Counts {
  std::size_t songs = 0, dimensions = 0, sections = 0;
};

Result<Digest> check_header(std::string_view file) {
  if (file.size() < layout::kHeaderBytes + layout::kCountsBytes) return corrupt("it is cut short");
  if (!file.starts_with(layout::kMagic)) return corrupt("it does not begin with GRVCAT01");
  const std::string_view body = file.substr(layout::kHeaderBytes);
  if (read_le<std::uint64_t>(file, layout::kBodySizeAt) != body.size())
    return corrupt("its size is not the one written in it");
  const Digest digest = sha256(body);
  if (as_bytes(digest) != file.substr(layout::kDigestAt, digest.bytes.size()))
    return corrupt("its digest differs");
  return digest;
}

Result<Counts> read_counts(std::string_view file) {
  const auto number = [&](std::size_t i) {
    return read_le<std::uint32_t>(file, layout::kHeaderBytes + 4 * i);
  };
  const Counts counts{.songs = number(0), .dimensions = number(1), .sections = number(2)};
  if (counts.songs == 0 || counts.songs > limits::kSongsMax) return corrupt("its count of songs");
  if (counts.dimensions == 0 || counts.dimensions > limits::kFeatureDims)
    return corrupt("its count of dimensions");
  if (counts.sections > layout::kSectionsMax) return corrupt("its count of sections");
  return counts;
}

// The sections by tag. Those a reader does not know are a later writer's and no concern of it.
class Table {
 public:
  static Result<Table> read(std::string_view file, std::size_t count) {
    Table table;
    const std::size_t start = layout::kHeaderBytes + layout::kCountsBytes;
    if (file.size() - start < count * layout::kEntryBytes) return corrupt("its table is cut short");
    for (std::size_t at = start; count > 0; --count, at += layout::kEntryBytes) {
      const auto offset = read_le<std::uint64_t>(file, at + 8);
      const auto bytes = read_le<std::uint64_t>(file, at + 16);
      if (offset > file.size() || bytes > file.size() - offset || offset % layout::kAlignment != 0)
        return corrupt("a section lies outside it");
      if (!table.sections_.emplace(file.substr(at, 4), file.substr(offset, bytes)).second)
        return corrupt("a section is there twice");
    }
    return table;
  }

  bool has(std::string_view tag) const { return sections_.contains(tag); }

  Result<std::string_view> bytes(std::string_view tag) const {
    const auto found = sections_.find(tag);
    if (found == sections_.end()) return corrupt(fmt::format("section {} is missing", tag));
    return found->second;
  }

  // Sets `out` to the section's array of exactly `count` values.
  template <class T>
  Status array(std::string_view tag, std::size_t count, const T*& out) const {
    const auto section = bytes(tag);
    if (!section) return std::unexpected(section.error());
    if (section->size() != count * sizeof(T))
      return corrupt(fmt::format("section {} has the wrong size", tag));
    out = reinterpret_cast<const T*>(section->data());
    return {};
  }

  // An array of songs + 1 offsets into a text of `text_bytes`, never falling.
  Status offsets(std::string_view tag, std::size_t songs, std::size_t text_bytes,
                 const std::uint32_t*& out) const {
    if (const Status read = array(tag, songs + 1, out); !read) return read;
    if (!std::is_sorted(out, out + songs + 1) || out[songs] > text_bytes)
      return corrupt(fmt::format("section {} points outside the text", tag));
    return {};
  }

 private:
  std::map<std::string_view, std::string_view> sections_;
};

// Reads what is written one after the other; once something is missing, all that follows is.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number() {
    const std::string_view bytes = take(4);
    return bytes.empty() ? 0 : read_le<std::uint32_t>(bytes, 0);
  }
  float real() { return std::bit_cast<float>(number()); }
  std::string text() { return std::string(take(number())); }
  bool whole() const { return whole_ && rest_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    whole_ = whole_ && count <= rest_.size();
    if (!whole_) return {};
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest_;
  bool whole_ = true;
};

Result<FeatureSpace> read_space(std::string_view bytes, std::size_t dimensions) {
  Cursor cursor(bytes);
  FeatureSpace space;
  space.name = cursor.text();
  bool sane = valid_utf8(space.name);
  for (std::size_t i = 0; i < dimensions; ++i) {
    Feature feature;
    feature.low = cursor.real();
    feature.high = cursor.real();
    feature.name = cursor.text();
    sane = sane && std::isfinite(feature.low) && std::isfinite(feature.high) &&
           feature.low < feature.high && valid_utf8(feature.name);
    space.features.push_back(std::move(feature));
  }
  if (!cursor.whole() || !sane) return corrupt("its feature space");
  return space;
}

}  // namespace

std::optional<std::size_t> FeatureSpace::find(std::string_view feature) const {
  const auto found = std::ranges::find(features, feature, &Feature::name);
  if (found == features.end()) return std::nullopt;
  return static_cast<std::size_t>(found - features.begin());
}

std::uint16_t FeatureSpace::quantise(std::size_t dimension, float value) const {
  const Feature& feature = features[dimension];
  if (!(value > feature.low)) return 0;
  if (value >= feature.high) return 65535;
  const double share = (double{value} - feature.low) / (double{feature.high} - feature.low);
  return static_cast<std::uint16_t>(share * 65535 + 0.5);
}

float FeatureSpace::value(std::size_t dimension, std::uint16_t quantised) const {
  const Feature& feature = features[dimension];
  const double span = double{feature.high} - feature.low;
  return static_cast<float>(feature.low + quantised * span / 65535);
}

// Where values are whole numbers the span divides 65535, so they come back exact: 15 for key (-1 is
// "none found"), 255 for tempo. Loudness has steps of 0.001 dB, duration of 0.1 s (the catalogue
// also keeps the exact one).
const FeatureSpace& spotify_v1() {
  static const FeatureSpace space{.name = "spotify-v1",
                                  .features = {{"acousticness", 0, 1},
                                               {"danceability", 0, 1},
                                               {"energy", 0, 1},
                                               {"instrumentalness", 0, 1},
                                               {"key", -1, 14},
                                               {"liveness", 0, 1},
                                               {"loudness", -60.0F, 5.535F},
                                               {"mode", 0, 1},
                                               {"speechiness", 0, 1},
                                               {"tempo", 0, 255},
                                               {"valence", 0, 1},
                                               {"duration_ms", 0, 6'553'500}}};
  return space;
}

Result<Catalog> Catalog::open(const std::filesystem::path& file) {
  auto mapped = MappedFile::open(file);
  if (!mapped) return std::unexpected(mapped.error());
  auto catalog = from(std::move(*mapped));
  if (!catalog) catalog.error().message.insert(0, file.string() + ": ");
  return catalog;
}

Result<Catalog> Catalog::from(MappedFile file) {
  Catalog catalog(std::move(file));
  const std::string_view bytes = catalog.file_.bytes();
  const auto digest = check_header(bytes);
  if (!digest) return std::unexpected(digest.error());
  catalog.digest_ = *digest;
  const auto counts = read_counts(bytes);
  if (!counts) return std::unexpected(counts.error());
  const auto table = Table::read(bytes, counts->sections);
  if (!table) return std::unexpected(table.error());
  const auto text = table->bytes(layout::kText);
  if (!text) return std::unexpected(text.error());
  const auto space_bytes = table->bytes(layout::kSpace);
  if (!space_bytes) return std::unexpected(space_bytes.error());
  auto space = read_space(*space_bytes, counts->dimensions);
  if (!space) return std::unexpected(space.error());
  catalog.space_ = std::move(*space);

  const std::size_t songs = catalog.size_ = counts->songs;
  Sections& at = catalog.at_;
  at.text = *text;
  const std::array<Offsets*, 5> columns = {&at.id, &at.title, &at.artists, &at.album, &at.isrc};
  Status good;
  for (std::size_t i = 0; good && i < columns.size(); ++i)
    good = table->offsets(layout::kTextColumns[i], songs, text->size(), *columns[i]);
  if (good) good = table->array(layout::kYear, songs, at.year);
  if (good) good = table->array(layout::kDuration, songs, at.duration_ms);
  if (good) good = table->array(layout::kPopularity, songs, at.popularity);
  if (good) good = table->array(layout::kFlags, songs, at.flags);
  if (good) good = table->array(layout::kFeatures, songs * counts->dimensions, at.features);
  if (good) good = catalog.check_songs();
  if (!good) return std::unexpected(good.error());
  if (table->has(layout::kSeries)) {
    auto series = CatalogSeries::read(*table->bytes(layout::kSeries), songs);
    if (!series) return std::unexpected(series.error());
    catalog.series_ = *series;
  }
  if (table->has(layout::kVectors)) {
    auto vectors = CatalogVectors::read(*table->bytes(layout::kVectors), songs);
    if (!vectors) return std::unexpected(vectors.error());
    catalog.vectors_ = *vectors;
  }
  return catalog;
}

// Ids that do not ascend would make find() miss songs; text that is not UTF-8 cannot be sent on.
Status Catalog::check_songs() const {
  for (SongIndex song = 0; song < size_; ++song) {
    const std::string_view name = id(song);
    if (name.empty() || name.size() > limits::kSongIdBytesMax) return corrupt("the size of an id");
    if (song > 0 && id(song - 1) >= name) return corrupt("its ids do not ascend");
    for (const Offsets column : {at_.id, at_.title, at_.artists, at_.album, at_.isrc})
      if (!valid_utf8(text(column, song))) return corrupt("a text is not UTF-8");
    if (at_.popularity[song] > 100) return corrupt("a popularity above 100");
  }
  return {};
}

std::string_view Catalog::text(Offsets column, SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return at_.text.substr(column[song], column[song + 1] - column[song]);
}

std::string_view Catalog::id(SongIndex song) const { return text(at_.id, song); }
std::string_view Catalog::title(SongIndex song) const { return text(at_.title, song); }
std::string_view Catalog::album(SongIndex song) const { return text(at_.album, song); }
std::string_view Catalog::isrc(SongIndex song) const { return text(at_.isrc, song); }

std::vector<std::string_view> Catalog::artists(SongIndex song) const {
  std::vector<std::string_view> names;
  std::string_view rest = text(at_.artists, song);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(layout::kArtistSeparator), rest.size());
    names.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

int Catalog::year(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return at_.year[song];
}

std::uint32_t Catalog::duration_ms(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return at_.duration_ms[song];
}

std::uint8_t Catalog::popularity(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return at_.popularity[song];
}

bool Catalog::explicit_lyrics(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return (at_.flags[song] & layout::kExplicit) != 0;
}

std::span<const std::uint16_t> Catalog::features(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return {at_.features + song * space_.features.size(), space_.features.size()};
}

float Catalog::feature(SongIndex song, std::size_t dimension) const {
  GROOVE_CHECK(dimension < space_.features.size());
  return space_.value(dimension, features(song)[dimension]);
}

std::span<const float> Catalog::series(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return series_[song];
}

std::span<const std::int16_t> Catalog::sound_vector(SongIndex song) const {
  GROOVE_CHECK(song < size_);
  return vectors_[song];
}

std::optional<SongIndex> Catalog::find(std::string_view name) const {
  std::size_t low = 0, high = size_;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (id(static_cast<SongIndex>(middle)) < name)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == size_ || id(static_cast<SongIndex>(low)) != name) return std::nullopt;
  return static_cast<SongIndex>(low);
}

std::string describe(const Catalog& catalog, SongIndex song) {
  return fmt::format("{} – {}", fmt::join(catalog.artists(song), " & "), catalog.title(song));
}

}  // namespace groove
