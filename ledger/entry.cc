#include "ledger/entry.h"

#include <utility>

#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/segment.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

Status check(std::uint64_t index, const Leaf& leaf, std::string_view payload) {
  if (leaf.index != index)
    return fail(Errc::kCorrupt, "it carries index " + std::to_string(leaf.index));
  return leaf.kind == Kind::kBatch ? check_batch(leaf.body, payload) : Status{};
}

Result<Entry> find_in(std::string_view segment, std::uint64_t index) {
  auto header = decode_segment_header(segment);
  if (!header) return std::unexpected(header.error());
  std::uint64_t next = header->first_index, seq = header->first_seq;
  std::size_t offset = kSegmentHeaderBytes;
  for (;;) {
    const Step step = next_step(segment, offset, header->salt, next, seq);
    if (step.place == Step::Place::kCorrupt)
      return fail(Errc::kCorrupt,
                  "group starting at record " + std::to_string(next) + ": " + step.wrong);
    if (step.place != Step::Place::kGroup)
      return fail(Errc::kNotFound, "the ledger has " + std::to_string(next) +
                                       " records; there is no record " + std::to_string(index));
    const auto& items = step.group.items;
    if (index < next + items.size())
      return to_entry(index, items[index - next].leaf, std::string(items[index - next].payload));
    next += items.size();
    seq += items.empty() ? 0 : 1;
    offset += step.group.bytes;
  }
}

}  // namespace

Result<Entry> to_entry(std::uint64_t index, std::string_view leaf_bytes, std::string payload) {
  auto leaf = decode_leaf(leaf_bytes);
  const Status ok = leaf ? check(index, *leaf, payload) : std::unexpected(leaf.error());
  if (!ok)
    return fail(Errc::kCorrupt, "record " + std::to_string(index) + ": " + ok.error().message);
  return Entry{std::move(*leaf), leaf_hash(leaf_bytes), std::move(payload)};
}

Result<Entry> read_entry(Io& io, const LogPlace& log, std::uint64_t index) {
  auto names = list_segments(io, log);
  if (!names) return std::unexpected(names.error());
  std::string name = names->front();
  for (const std::string& later : *names)
    if (*parse_segment_name(later) <= index) name = later;
  auto segment = read_whole(io, segment_folder(log) / name);
  if (!segment) return std::unexpected(segment.error());
  return find_in(*segment, index);
}

}  // namespace groove::ledger
