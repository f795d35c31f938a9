#include "fetcher/import.h"

#include <fmt/format.h>

#include <utility>

#include "fetcher/convert.h"
#include "fetcher/core/csv.h"
#include "fetcher/core/sound/analysis.h"
#include "fetcher/music_analysis.h"
#include "fetcher/same_song.h"
#include "workers/base/limits.h"

namespace groove::fetcher {

// The texts of one file, one after the other, on their way into the table and the report.
class Import::Texts {
 public:
  Texts(SongTable& table, ImportReport& report) : table_(table), report_(report) {}

  void begin(std::string name) {
    end();
    reader_.emplace();
    layout_.reset();
    text_ = {.name = std::move(name)};
  }

  void feed(std::string_view bytes) {
    if (!reader_) return;  // of no known layout
    reader_->feed(bytes);
    take_rows();
  }

  void end() {
    if (!reader_) return;
    reader_->finish();
    take_rows();
    if (!layout_) refuse("not a known layout: there is no header");
    if (layout_) report_.texts.push_back(text_);
    known_ = known_ || layout_;
    reader_.reset();
  }

  Status verdict() const {
    if (known_) return {};
    return std::unexpected(refusal_);
  }

 private:
  void take_rows() {
    while (reader_) {
      const auto row = reader_->next();
      if (!row) return;
      if (layout_)
        take_song(*row);
      else
        take_header(*row);
    }
  }

  void take_header(const CsvRow& row) {
    auto layout = Layout::recognise(row.fields);
    if (!layout) return refuse(layout.error().message);
    layout_ = std::move(*layout);
    text_.layout = layout_->name();
  }

  void take_song(const CsvRow& row) {
    ++text_.rows;
    ++report_.rows;
    auto song = row.error.empty() ? layout_->song(row.fields)
                                  : fail(Errc::kInvalid, std::string(row.error));
    if (!song) return bad(row.line, std::move(song.error().message));
    const bool is_new = table_.add(std::move(*song));
    ++(is_new ? text_.songs_new : text_.merged);
    if (!is_new) ++report_.merged;
  }

  void bad(std::uint64_t line, std::string reason) {
    ++text_.bad;
    ++report_.bad;
    if (report_.first_bad.size() < limits::kBadRowsTold)
      report_.first_bad.push_back({text_.name, line, std::move(reason)});
  }

  void refuse(const std::string& why) {
    refusal_ = {Errc::kInvalid, fmt::format("{}: {}", text_.name, why)};
    reader_.reset();
  }

  SongTable& table_;
  ImportReport& report_;
  std::optional<CsvReader> reader_;
  std::optional<Layout> layout_;  // once the header is read
  TextReport text_;
  bool known_ = false;  // whether any text was
  Error refusal_{Errc::kInvalid, "there is no text in it"};
};

Import::Import(OnProgress on_progress)
    : on_progress_(std::move(on_progress)), started_(std::chrono::steady_clock::now()) {}

Status Import::add(const std::filesystem::path& file) {
  const auto stream = TextStream::open(file);
  if (!stream) return std::unexpected(stream.error());
  Texts texts(table_, report_);
  const Status whole = read(**stream, texts);
  texts.end();
  bytes_before_ += (*stream)->packed_bytes_read();
  return whole ? texts.verdict() : whole;
}

Status Import::add_analysed(const std::filesystem::path& data) {
  auto songs = analysed_songs(data);
  if (!songs) return std::unexpected(songs.error());
  analysed_ = std::move(*songs);
  return {};
}

Status Import::read(TextStream& stream, Texts& texts) {
  for (;;) {
    auto chunk = stream.next();
    if (!chunk) return std::unexpected(chunk.error());
    if (!*chunk) return {};
    if ((*chunk)->begins) texts.begin(std::move((*chunk)->name));
    texts.feed((*chunk)->bytes);
    if (!on_progress_(bytes_before_ + stream.packed_bytes_read(), songs()))
      return fail(Errc::kUnavailable, "the import was stopped; the catalogue is as it was");
  }
}

Result<ImportReport> Import::write(const std::filesystem::path& catalog,
                                   std::optional<FileTime> modified) {
  CatalogBuilder builder(spotify_v1(), sound::kSeriesDims);
  std::vector<SongRow> rows = table_.take();
  report_.heard = join_same_songs(rows, analysed_);
  for (SongRow& song : rows) builder.add(to_record(std::move(song)));
  for (SongRecord& song : std::exchange(analysed_, {})) builder.add(std::move(song));
  const auto digest = builder.write(catalog, modified);
  if (!digest) return std::unexpected(digest.error());
  report_.songs = builder.size();
  report_.digest = *digest;
  report_.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  return std::move(report_);
}

}  // namespace groove::fetcher
