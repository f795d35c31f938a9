#include "ledger/core/record.h"

#include <algorithm>
#include <array>

#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kMagic = "GRVL";
constexpr std::uint8_t kVersion = 1;

template <class Id>
Id read_id(std::string_view bytes, std::size_t at) {
  Id id;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), id.bytes.size(), id.bytes.begin());
  return id;
}

Status check_head(std::string_view bytes) {
  if (bytes.size() < kLeafHeadBytes || bytes.size() > kLeafBytesMax)
    return fail(Errc::kCorrupt, "a leaf of " + std::to_string(bytes.size()) + " bytes; it has " +
                                    std::to_string(kLeafHeadBytes) + " to " +
                                    std::to_string(kLeafBytesMax));
  if (!bytes.starts_with(kMagic)) return fail(Errc::kCorrupt, "the leaf does not start with GRVL");
  const auto version = read_be<std::uint8_t>(bytes, 4);
  if (version != kVersion)
    return fail(Errc::kCorrupt, "leaf version " + std::to_string(version) + " is not known");
  const auto kind = read_be<std::uint8_t>(bytes, 5);
  if (kind < static_cast<int>(Kind::kGenesis) || kind > static_cast<int>(Kind::kSeal))
    return fail(Errc::kCorrupt, "leaf kind " + std::to_string(kind) + " is not known");
  if (read_be<std::uint16_t>(bytes, 6) != 0)
    return fail(Errc::kCorrupt, "bytes 6 and 7 of the leaf are not zero");
  return {};
}

}  // namespace

std::string_view name(Kind kind) {
  constexpr std::array<std::string_view, 8> kNames = {
      "", "genesis", "batch", "manifest", "erasure", "keychange", "shardhead", "seal"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string encode_leaf(const Leaf& leaf) {
  GROOVE_CHECK(leaf.body.size() <= kLeafBytesMax - kLeafHeadBytes);
  std::string out(kMagic);
  out.reserve(kLeafHeadBytes + leaf.body.size());
  append_be(out, kVersion);
  append_be(out, static_cast<std::uint8_t>(leaf.kind));
  append_be(out, std::uint16_t{0});
  append_be(out, leaf.index);
  append_be(out, leaf.time_us);
  out += as_bytes(leaf.prev);
  out += as_bytes(leaf.entry_id);
  out += leaf.body;
  return out;
}

Result<Leaf> decode_leaf(std::string_view bytes) {
  if (auto ok = check_head(bytes); !ok) return std::unexpected(ok.error());
  return Leaf{.kind = static_cast<Kind>(bytes[5]),
              .index = read_be<std::uint64_t>(bytes, 8),
              .time_us = read_be<std::uint64_t>(bytes, 16),
              .prev = read_id<Digest>(bytes, 24),
              .entry_id = read_id<EventId>(bytes, 56),
              .body = std::string(bytes.substr(kLeafHeadBytes))};
}

}  // namespace groove::ledger
