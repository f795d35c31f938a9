// Reads files of songs and writes the catalogue they make.
//
//   Import import;
//   for (file : files) if (auto read = import.add(file); !read) ...
//   import.write(catalogue);
//
// The files' order matters as fetcher/core/song_table.h says. A bad row is counted, never the end
// of the work. The old catalogue stays whatever happens before the end of write().
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fetcher/core/song_table.h"
#include "fetcher/import_report.h"
#include "fetcher/text_stream.h"
#include "workers/base/result.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"

namespace groove::fetcher {

class Import {
 public:
  // Called after each piece of text with the bytes read of all files so far, as they are on disk,
  // and the songs found. Answers whether to go on.
  using OnProgress = std::function<bool(std::uint64_t bytes, std::uint64_t songs)>;

  explicit Import(OnProgress on_progress);

  // Merges the songs of a file. Of several texts in a .zip those of no known layout are left out.
  // Errors: kNotFound, kUnavailable (unreadable, or told to stop), kCorrupt (packed data is cut
  // short or damaged), kInvalid (no text of a known layout; says what its header lacks). Songs read
  // before an error stay.
  Status add(const std::filesystem::path& file);

  // The songs that were heard in the music folders of that data folder (music_analysis.h). One that
  // a file lists too stands once (same_song.h). Errors: kUnavailable, kCorrupt.
  Status add_analysed(const std::filesystem::path& data);

  std::uint64_t songs() const { return table_.size() + analysed_.size(); }

  // Errors: as CatalogBuilder::write. Ends the import.
  Result<ImportReport> write(const std::filesystem::path& catalog,
                             std::optional<FileTime> modified = std::nullopt);

 private:
  class Texts;
  Status read(TextStream& stream, Texts& texts);

  OnProgress on_progress_;
  std::chrono::steady_clock::time_point started_;
  std::uint64_t bytes_before_ = 0;  // of the files before the one being read
  SongTable table_;
  std::vector<SongRecord> analysed_;
  ImportReport report_;
};

}  // namespace groove::fetcher
