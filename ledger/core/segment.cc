#include "ledger/core/segment.h"

#include <algorithm>

#include "ledger/core/crc32c.h"
#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kSegmentMagic = "GRVSEG01";
constexpr std::string_view kGroupMagic = "GRP1";

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// Of a group without its padding.
std::uint32_t group_crc(std::uint32_t salt, std::string_view group) {
  std::string salted;
  append_le(salted, salt);
  return crc32c(group.substr(8), crc32c(salted));
}

// Errors: kCorrupt. The lengths must use up the body exactly.
Result<std::vector<Item>> split_body(std::string_view body, std::uint32_t count) {
  std::vector<Item> items;
  items.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (body.size() < kItemHeadBytes) return fail(Errc::kCorrupt, "a record's lengths are missing");
    const std::size_t leaf = read_le<std::uint32_t>(body, 0);
    const std::size_t payload = read_le<std::uint32_t>(body, 4);
    body.remove_prefix(kItemHeadBytes);
    if (leaf > kLeafBytesMax || payload > kPayloadBytesMax || leaf + payload > body.size())
      return fail(Errc::kCorrupt, "a record's lengths are out of bounds");
    items.push_back({body.substr(0, leaf), body.substr(leaf, payload)});
    body.remove_prefix(leaf + payload);
  }
  if (!body.empty()) return fail(Errc::kCorrupt, "bytes are left over after the last record");
  return items;
}

bool group_follows(std::string_view segment, std::size_t offset, std::uint32_t salt,
                   std::uint64_t seq) {
  for (; offset + kGroupHeaderBytes <= segment.size(); offset += 8) {
    if (segment.compare(offset, kGroupMagic.size(), kGroupMagic) != 0) continue;
    const auto group = decode_group(segment.substr(offset), salt);
    if (group && group->seq >= seq) return true;
  }
  return false;
}

}  // namespace

std::string encode_segment_header(const SegmentHeader& header) {
  std::string out(kSegmentMagic);
  append_le(out, header.first_index);
  append_le(out, header.first_seq);
  out += as_bytes(header.prev);
  append_le(out, header.salt);
  append_le(out, crc32c(out));
  return out;
}

Result<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes)
    return fail(Errc::kCorrupt,
                "the file has " + std::to_string(bytes.size()) + " bytes, fewer than a header");
  if (!bytes.starts_with(kSegmentMagic))
    return fail(Errc::kCorrupt, "it does not start with GRVSEG01");
  if (read_le<std::uint32_t>(bytes, 60) != crc32c(bytes.substr(0, 60)))
    return fail(Errc::kCorrupt, "its checksum does not match");
  SegmentHeader header{.first_index = read_le<std::uint64_t>(bytes, 8),
                       .first_seq = read_le<std::uint64_t>(bytes, 16),
                       .salt = read_le<std::uint32_t>(bytes, 56)};
  std::copy_n(bytes.begin() + 24, header.prev.bytes.size(), header.prev.bytes.begin());
  return header;
}

std::string encode_group(std::uint32_t salt, std::uint64_t first_index, std::uint64_t seq,
                         std::span<const Item> items) {
  std::string out;
  encode_group(salt, first_index, seq, items, out);
  return out;
}

void encode_group(std::uint32_t salt, std::uint64_t first_index, std::uint64_t seq,
                  std::span<const Item> items, std::string& out) {
  GROOVE_CHECK(items.size() <= kGroupRecordsMax);
  std::size_t body_bytes = 0;
  for (const Item& item : items) body_bytes += item_bytes(item.leaf.size(), item.payload.size());
  GROOVE_CHECK(body_bytes <= kGroupBodyBytesMax);

  out = kGroupMagic;
  out.reserve(group_bytes(body_bytes));
  append_le(out, std::uint32_t{0});  // the checksum, once the rest is there
  append_le(out, first_index);
  append_le(out, seq);
  append_le(out, static_cast<std::uint32_t>(body_bytes));
  append_le(out, static_cast<std::uint32_t>(items.size()));
  for (const Item& item : items) {
    append_le(out, static_cast<std::uint32_t>(item.leaf.size()));
    append_le(out, static_cast<std::uint32_t>(item.payload.size()));
    out.append(item.leaf).append(item.payload);
  }
  std::string crc;
  append_le(crc, group_crc(salt, out));
  out.replace(4, crc.size(), crc);
  out.resize(group_bytes(body_bytes));
}

Result<Group> decode_group(std::string_view bytes, std::uint32_t salt) {
  if (bytes.size() < kGroupHeaderBytes) return fail(Errc::kCorrupt, "the group's head is cut off");
  if (!bytes.starts_with(kGroupMagic)) return fail(Errc::kCorrupt, "it does not start with GRP1");
  const auto body_bytes = read_le<std::uint32_t>(bytes, 24);
  const auto count = read_le<std::uint32_t>(bytes, 28);
  if (body_bytes > kGroupBodyBytesMax || count > kGroupRecordsMax)
    return fail(Errc::kCorrupt, "its size is out of bounds");
  const std::size_t whole = group_bytes(body_bytes);
  if (whole > bytes.size()) return fail(Errc::kCorrupt, "the group is cut off");
  const std::size_t used = kGroupHeaderBytes + body_bytes;
  if (read_le<std::uint32_t>(bytes, 4) != group_crc(salt, bytes.substr(0, used)))
    return fail(Errc::kCorrupt, "its checksum does not match");
  if (!all_zero(bytes.substr(used, whole - used)))
    return fail(Errc::kCorrupt, "its padding is not zero");
  auto items = split_body(bytes.substr(kGroupHeaderBytes, body_bytes), count);
  if (!items) return std::unexpected(items.error());
  return Group{.first_index = read_le<std::uint64_t>(bytes, 8),
               .seq = read_le<std::uint64_t>(bytes, 16),
               .bytes = whole,
               .items = std::move(*items)};
}

Step next_step(std::string_view segment, std::size_t offset, std::uint32_t salt,
               std::uint64_t first_index, std::uint64_t seq) {
  GROOVE_CHECK(offset <= segment.size() && offset % 8 == 0);
  const auto rest = segment.substr(offset);
  const bool begins = rest.starts_with(kGroupMagic);
  if (!begins && all_zero(rest)) return {.place = Step::Place::kEnd};

  auto group = decode_group(rest, salt);
  if (group && group->first_index == first_index && group->seq == seq)
    return {.place = Step::Place::kGroup, .group = std::move(*group)};
  if (group)
    return {.place = Step::Place::kCorrupt,
            .wrong = "it says that it starts at record " + std::to_string(group->first_index) +
                     " with seq " + std::to_string(group->seq) + ", not " + std::to_string(seq)};
  if (group_follows(segment, offset + 8, salt, seq))
    return {.place = Step::Place::kCorrupt, .wrong = group.error().message};
  return {.place = Step::Place::kTorn,
          .wrong = group.error().message,
          .tail_bytes = rest.find_last_not_of('\0') + 1};
}

}  // namespace groove::ledger
