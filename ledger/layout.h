// Where a house's logs are. A house has one line of logs, or a root line and one line for each
// group of partitions; a line begins with one log, and goes on with another when that is sealed.
//
//   LEDGER/public/NAME/checkpoint           the last signed head; the rest of public/NAME proves it
//   LEDGER/public/NAME/tile/...             see core/tile.h
//   LEDGER/public/NAME/checkpoints/<size>   heads that are kept, one an hour
//   LEDGER/public/NAME/vkey, ledger.json    whose log this is
//   LEDGER/public/NAME/anchors/<size>[.ots] heads that were timestamped, and their timestamps
//   LEDGER/private/NAME/log.key             the signing key, 0600
//   LEDGER/private/NAME/log.key.old         the one before, while it signs along
//   LEDGER/private/NAME/log.key.next        one that is not yet announced
//   LEDGER/private/NAME/guard               the last head that was signed, before it is published
//   LEDGER/private/NAME/seg/<first index>.seg   see core/segment.h; 20 digits: names sort as
//   numbers LEDGER/private/NAME/seg/<...>.seg.new   a segment in the making
//   LEDGER/private/LINE/LOCK                held by the one writer of the line
//   LEDGER/private/LINE/asks/               what commands ask of the running worker, and its
//   answers LEDGER/../keys/LINE/<listener>.key      what opens a listener's records; apart from the
//   log and
//                                           from its copies, so that erasing one is final
//
// LINE is empty or logs/<NN>; NAME is LINE for its first log, LINE/2 for the second.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/core/log_name.h"
#include "ledger/io.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

// Which log of a house.
struct LogPlace {
  // A folder alone is the first log of a house's first line.
  template <class Path>
    requires std::convertible_to<Path, std::filesystem::path>
  LogPlace(const Path& folder) : ledger(folder) {}
  LogPlace(std::filesystem::path folder, LogName of_log)
      : ledger(std::move(folder)), log(std::move(of_log)) {}

  std::string name() const { return log.text(); }  // below LEDGER/public and LEDGER/private
  LogPlace next() const { return {ledger, {log.line, log.generation + 1}}; }

  std::filesystem::path ledger;
  LogName log;
};

std::filesystem::path segment_folder(const LogPlace& log);
std::filesystem::path lock_file(const LogPlace& log);
std::filesystem::path public_folder(const LogPlace& log);
std::filesystem::path guard_file(const LogPlace& log);
std::filesystem::path log_key_file(const LogPlace& log);
std::filesystem::path ask_folder(const LogPlace& log);
std::filesystem::path key_folder(const LogPlace& log);

// The lines that hold the partitions' records, in order; empty in a house of one line.
std::vector<std::string> partition_lines(Io& io, const std::filesystem::path& ledger);
// The line of the n-th group of partitions.
std::string partition_line(unsigned number);
// The line among `lines` (as partition_lines gives them) that a listener's records are in, for
// good.
std::string line_of(ListenerId listener, const std::vector<std::string>& lines);
// The last log of the line that has begun; the first where none has.
LogPlace newest_log(Io& io, const LogPlace& of_line);
std::string segment_name(std::uint64_t first_index);
std::string unfinished_name(std::uint64_t first_index);
// Nothing when it is not a segment's name.
std::optional<std::uint64_t> parse_segment_name(std::string_view name);

// The segments' names in order. Errors: kNotFound (no log there), kUnavailable.
Result<std::vector<std::string>> list_segments(Io& io, const LogPlace& log);

// A whole file. Errors: kNotFound, kUnavailable.
Result<std::string> read_whole(Io& io, const std::filesystem::path& file);

// Puts `bytes` in the file's place so that after a crash there is the old one whole or the new one
// whole; durable on return. For the writer alone.
Status replace_whole(Io& io, const std::filesystem::path& file, std::string_view bytes);

// Removes segments in the making, which a crash left behind. For the writer alone.
Status remove_unfinished(Io& io, const LogPlace& log);

}  // namespace groove::ledger
