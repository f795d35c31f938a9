#include "fetcher/core/csv.h"

#include <algorithm>

#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kTooLong = "a quoted field does not end, or the row is too long";
constexpr std::string_view kUnclosed = "a quoted field does not end";
constexpr std::string_view kAfterQuote = "text follows a closing quote";

}  // namespace

void CsvReader::feed(std::string_view chunk) {
  GROOVE_CHECK(!finished_);
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_ += chunk;
}

std::optional<CsvRow> CsvReader::next() {
  if (!skip_to_row()) return std::nullopt;
  const Scan found = scan();
  if (found == Scan::kBroken) return broken(kAfterQuote);
  const std::size_t size = (found == Scan::kRow ? end_ : buffer_.size()) - at_;
  if (size > limits::kCsvRowBytesMax) return broken(kTooLong);
  if (found == Scan::kMore) {
    if (finished_) return broken(kUnclosed);
    return std::nullopt;
  }
  const std::uint64_t line = line_;
  const auto start = buffer_.begin();
  line_ += static_cast<std::uint64_t>(std::count(start + static_cast<std::ptrdiff_t>(at_),
                                                 start + static_cast<std::ptrdiff_t>(end_), '\n'));
  take_row();
  at_ = end_;
  return CsvRow{.line = line, .fields = fields_, .error = {}};
}

// Whether there is anything of a row at at_. Waits for the bytes that tell a byte-order mark or a
// CRLF from text.
bool CsvReader::skip_to_row() {
  if (!started_) {
    if (buffer_.size() < kByteOrderMark.size() && !finished_) return false;
    if (buffer_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
    started_ = true;
  }
  if (skipping_) {
    at_ = std::min(buffer_.find('\n', at_), buffer_.size());
    skipping_ = at_ == buffer_.size();
  }
  while (at_ < buffer_.size()) {
    const std::size_t line_end = buffer_[at_] == '\r' ? at_ + 1 : at_;
    if (line_end == buffer_.size()) return false;  // a CR: its LF is yet to come, or it is the end
    if (buffer_[line_end] != '\n') return true;
    ++line_;
    at_ = line_end + 1;
  }
  return false;
}

// Finds the fields and the end of the row at at_. Looks no further than the longest row.
CsvReader::Scan CsvReader::scan() {
  spans_.clear();
  for (std::size_t i = at_;; ++i) {
    const bool quoted = i < buffer_.size() && buffer_[i] == '"';
    if (!quoted) scan_plain(i);
    if (quoted && !scan_quoted(i)) return Scan::kMore;
    end_ = i;
    if (i - at_ > limits::kCsvRowBytesMax) return Scan::kMore;
    if (i == buffer_.size()) return finished_ ? Scan::kRow : Scan::kMore;
    if (buffer_[i] == ',') continue;
    if (buffer_[i] != '\n') return Scan::kBroken;
    end_ = i + 1;
    return Scan::kRow;
  }
}

// From the opening quote to after the closing one and a CR that belongs to the line end. False: the
// end is not there yet, or what the last byte means is not known yet.
bool CsvReader::scan_quoted(std::size_t& i) {
  Field field{.from = ++i};
  for (;; i += 2) {
    i = buffer_.find('"', i);
    if (i == buffer_.npos || i - at_ > limits::kCsvRowBytesMax) return false;
    if (i + 1 == buffer_.size() || buffer_[i + 1] != '"') break;
    field.doubled = true;
  }
  field.size = i - field.from;
  spans_.push_back(field);
  ++i;
  if (i == buffer_.size()) return finished_;
  if (buffer_[i] != '\r') return true;
  if (i + 1 == buffer_.size() && !finished_) return false;
  if (i + 1 == buffer_.size() || buffer_[i + 1] == '\n') ++i;
  return true;
}

// To the comma or the line end. A CR before the line end is part of it.
void CsvReader::scan_plain(std::size_t& i) {
  const std::size_t from = i;
  const std::size_t stop = std::min(buffer_.size(), at_ + limits::kCsvRowBytesMax + 1);
  while (i < stop && buffer_[i] != ',' && buffer_[i] != '\n') ++i;
  const bool comma = i < buffer_.size() && buffer_[i] == ',';
  const bool with_cr = !comma && i > from && buffer_[i - 1] == '\r';
  spans_.push_back({.from = from, .size = i - from - (with_cr ? 1 : 0)});
}

// Gives up the row at at_ up to its first line end. What is beyond is read afresh.
CsvRow CsvReader::broken(std::string_view why) {
  const CsvRow row{.line = line_, .fields = {}, .error = why};
  skipping_ = true;
  return row;
}

// Turns doubled quotes into single ones where they lie: text only gets shorter.
void CsvReader::take_row() {
  fields_.clear();
  for (const Field& field : spans_) {
    char* const from = buffer_.data() + field.from;
    std::size_t size = field.size;
    if (field.doubled) {
      std::size_t to = 0;
      for (std::size_t i = 0; i < field.size; ++i) {
        from[to++] = from[i];
        if (from[i] == '"') ++i;
      }
      size = to;
    }
    fields_.emplace_back(from, size);
  }
}

}  // namespace groove::fetcher
