// Any text, cut anywhere: the reader gives the same rows as of one piece, and each row is a song
// whose fields keep their promises, or refused.
#include <cmath>
#include <cstdint>

#include "fetcher/core/csv.h"
#include "fetcher/core/song_row.h"
#include "fetcher/core/song_table.h"
#include "workers/base/check.h"
#include "workers/base/limits.h"
#include "workers/base/utf8.h"

namespace {

using namespace groove;
using namespace groove::fetcher;

struct Row {
  std::uint64_t line;
  std::vector<std::string> fields;
  std::string error;
  bool operator==(const Row&) const = default;
};

std::vector<Row> rows(std::string_view text, std::size_t piece) {
  CsvReader reader;
  std::vector<Row> out;
  const auto take = [&] {
    while (const auto row = reader.next())
      out.push_back({row->line, {row->fields.begin(), row->fields.end()}, std::string(row->error)});
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    reader.feed(text.substr(at, piece));
    take();
  }
  reader.finish();
  take();
  return out;
}

void check(const SongRow& song) {
  GROOVE_CHECK(!song.id.empty() && song.id.size() <= limits::kSongIdBytesMax);
  GROOVE_CHECK(!song.title.empty() && valid_utf8(song.title) && valid_utf8(song.album));
  GROOVE_CHECK(!song.artists.empty());
  for (const std::string& artist : song.artists)
    GROOVE_CHECK(!artist.empty() && valid_utf8(artist) && artist.find('\x1f') == artist.npos);
  for (const float feature : song.features) GROOVE_CHECK(std::isfinite(feature));
  GROOVE_CHECK(song.popularity.value_or(0) <= 100 && song.year >= 0 && song.year < 3000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::vector<Row> whole = rows(text, std::max<std::size_t>(text.size(), 1));
  GROOVE_CHECK(rows(text, 1U + data[0] % 32) == whole);

  // The fuzzer's bytes are of no known layout for long: a header that is one comes before them.
  std::vector<std::string_view> header = {"id",   "name",       "artists",
                                          "year", "popularity", "explicit"};
  const Layout layout = [&] {
    header.insert(header.end(), kFeatureNames.begin(), kFeatureNames.end());
    return Layout::recognise(header).value();
  }();
  SongTable table;
  for (const Row& row : whole) {
    std::vector<std::string_view> fields(row.fields.begin(), row.fields.end());
    static_cast<void>(Layout::recognise(fields));
    // What is missing is filled with numbers, so that the text before them is looked at.
    while (fields.size() < header.size()) fields.push_back("1");
    fields.resize(header.size());
    auto song = layout.song(fields);
    if (!song) continue;
    check(*song);
    table.add(std::move(*song));
  }
  return 0;
}
