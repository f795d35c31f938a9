// A segment file: a header and then groups of records, each group what one write made durable.
// Little-endian.
//
//   header  0  8 "GRVSEG01"   8  8 first index   16  8 first seq   24 32 prev: the chain's head
//          56  4 salt (random)            60  4 crc32c of bytes 0..59
//   group   0  4 "GRP1"       4  4 crc32c over (salt, bytes 8..31, body)
//           8  8 first index 16  8 seq     24  4 body bytes        28  4 count (0: closing group)
//          32  … count x ( leaf bytes u32 | payload bytes u32 | leaf | payload ), then zeros to 8
//   after the last group: zeros
//
// seq numbers the groups that hold records, across segments. A closing group holds none and has the
// seq of the group to come, which is written over it: that it is there says that the group before
// it was synced, so what is damaged before it cannot be a write cut short. The salt keeps payload
// bytes from passing as a group.
//
// Every byte is covered: the headers and bodies by their CRC or by having one right value, padding
// and the rest of the file by being zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/record.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

inline constexpr std::size_t kSegmentHeaderBytes = 64;
inline constexpr std::size_t kGroupHeaderBytes = 32;
inline constexpr std::size_t kGroupRecordsMax = 1'024;
inline constexpr std::size_t kGroupBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kItemHeadBytes = 8;
inline constexpr std::size_t kPayloadBytesMax = 512 * 1024;
static_assert(kItemHeadBytes + kLeafBytesMax + kPayloadBytesMax <= kGroupBodyBytesMax,
              "the largest record fits a group of its own");

struct SegmentHeader {
  std::uint64_t first_index = 0;
  std::uint64_t first_seq = 0;
  Digest prev;
  std::uint32_t salt = 0;

  bool operator==(const SegmentHeader&) const = default;
};

std::string encode_segment_header(const SegmentHeader& header);
// Errors: kCorrupt.
Result<SegmentHeader> decode_segment_header(std::string_view bytes);

struct Item {
  std::string_view leaf;
  std::string_view payload;
};

struct Group {
  std::uint64_t first_index = 0;
  std::uint64_t seq = 0;
  std::size_t bytes = 0;    // of the whole group: the next one starts here
  std::vector<Item> items;  // views into what was decoded; none in a closing group
};

// What a record adds to a group's body.
constexpr std::size_t item_bytes(std::size_t leaf, std::size_t payload) {
  return kItemHeadBytes + leaf + payload;
}

// The size of a group with that much in its body.
constexpr std::size_t group_bytes(std::size_t body) {
  return (kGroupHeaderBytes + body + 7) / 8 * 8;
}

// The size is group_bytes(body). Requires: at most kGroupRecordsMax items, kGroupBodyBytesMax
// bytes.
std::string encode_group(std::uint32_t salt, std::uint64_t first_index, std::uint64_t seq,
                         std::span<const Item> items);
// The same in the place of what is in `out`.
void encode_group(std::uint32_t salt, std::uint64_t first_index, std::uint64_t seq,
                  std::span<const Item> items, std::string& out);
// The group that `bytes` starts with. Errors: kCorrupt, with what is wrong.
Result<Group> decode_group(std::string_view bytes, std::uint32_t salt);

// What stands at `offset` of a segment.
struct Step {
  enum class Place {
    kGroup,    // the group that was to come
    kEnd,      // zeros to the end of the file
    kTorn,     // a write cut short: not a group, and no group follows
    kCorrupt,  // damaged after it was synced: a group follows
  };
  Place place = Place::kEnd;
  Group group;                 // kGroup
  std::string wrong;           // kTorn, kCorrupt
  std::size_t tail_bytes = 0;  // kTorn: from `offset` to the last byte that is not zero
};

// Requires: offset <= segment.size(), offset a multiple of 8. Only a synced group can be followed
// by another, because one group is in flight at a time: that decides between torn and corrupt.
Step next_step(std::string_view segment, std::size_t offset, std::uint32_t salt,
               std::uint64_t first_index, std::uint64_t seq);

}  // namespace groove::ledger
