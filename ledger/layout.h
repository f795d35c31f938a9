// Where a ledger's files are.
//
//   LEDGER/public/checkpoint                the last signed head; the rest of public/ proves it
//   LEDGER/public/tile/...                  see core/tile.h
//   LEDGER/public/checkpoints/<size>        heads that are kept, one an hour
//   LEDGER/public/vkey, ledger.json         whose log this is
//   LEDGER/private/log.key                  the signing key, 0600
//   LEDGER/private/guard                    the last head that was signed, before it is published
//   LEDGER/../keys/<listener>.key           what opens a listener's records; apart from the log and
//                                           from its copies, so that erasing one is final
//   LEDGER/private/asks/                    what commands ask of the running worker, and its
//   answers LEDGER/public/anchors/<size>[.ots]      heads that were timestamped, and their
//   timestamps LEDGER/private/LOCK                     held by the one writer
//   LEDGER/private/seg/<first index>.seg    see core/segment.h; 20 digits, so names sort as numbers
//   LEDGER/private/seg/<...>.seg.new        a segment in the making
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/io.h"
#include "workers/base/result.h"

namespace groove::ledger {

std::filesystem::path segment_folder(const std::filesystem::path& ledger);
std::filesystem::path lock_file(const std::filesystem::path& ledger);
std::filesystem::path public_folder(const std::filesystem::path& ledger);
std::filesystem::path guard_file(const std::filesystem::path& ledger);
std::filesystem::path log_key_file(const std::filesystem::path& ledger);
std::filesystem::path ask_folder(const std::filesystem::path& ledger);
std::filesystem::path key_folder(const std::filesystem::path& ledger);

std::string segment_name(std::uint64_t first_index);
std::string unfinished_name(std::uint64_t first_index);
// Nothing when it is not a segment's name.
std::optional<std::uint64_t> parse_segment_name(std::string_view name);

// The segments' names in order. Errors: kNotFound (no ledger there), kUnavailable.
Result<std::vector<std::string>> list_segments(Io& io, const std::filesystem::path& ledger);

// A whole file. Errors: kNotFound, kUnavailable.
Result<std::string> read_whole(Io& io, const std::filesystem::path& file);

// Puts `bytes` in the file's place so that after a crash there is the old one whole or the new one
// whole; durable on return. For the writer alone.
Status replace_whole(Io& io, const std::filesystem::path& file, std::string_view bytes);

// Removes segments in the making, which a crash left behind. For the writer alone.
Status remove_unfinished(Io& io, const std::filesystem::path& ledger);

}  // namespace groove::ledger
