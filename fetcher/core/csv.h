// Rows of comma-separated text (RFC 4180) from chunks of any size.
//
// A field may be quoted; within quotes a comma, a line break and a doubled quote ("" for ") are
// text. Lines end in LF or CRLF; the last may end in nothing. A byte-order mark at the start and
// empty lines are skipped. Beyond the RFC: a quote within an unquoted field is text, as
// spreadsheets read it.
//
// A row that breaks the quoting, or is longer than limits::kCsvRowBytesMax (an unclosed quote),
// comes back with `error` set, and reading goes on after the first line end within it: one stray
// quote costs one row, not the file.
//
// Time O(bytes), memory one chunk and one row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace groove::fetcher {

struct CsvRow {
  std::uint64_t line = 0;                    // where it begins, from 1
  std::span<const std::string_view> fields;  // valid until the reader is next called
  std::string_view error;                    // not empty: why there are no fields
};

class CsvReader {
 public:
  // More text. Requires: next() has said that there is no row left in what was fed before.
  void feed(std::string_view chunk);
  // No more text: what is left is the last row.
  void finish() { finished_ = true; }

  // The next row; nothing when more text is needed, or after finish() at the end.
  std::optional<CsvRow> next();

 private:
  enum class Scan { kRow, kMore, kBroken };

  bool skip_to_row();
  Scan scan();
  bool scan_quoted(std::size_t& i);
  void scan_plain(std::size_t& i);
  void take_row();
  CsvRow broken(std::string_view why);

  struct Field {
    std::size_t from = 0, size = 0;  // in buffer_, without the quotes
    bool doubled = false;            // has "" to make one
  };

  std::string buffer_;
  std::size_t at_ = 0;   // start of the row in buffer_
  std::size_t end_ = 0;  // just after it, with its line end
  std::uint64_t line_ = 1;
  bool started_ = false, finished_ = false;
  bool skipping_ = false;  // to the end of the line: it belongs to a broken row
  std::vector<Field> spans_;
  std::vector<std::string_view> fields_;
};

}  // namespace groove::fetcher
