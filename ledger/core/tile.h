// Tiles (C2SP tlog-tiles): the files in which a tree is published.
//
//   tile/<L>/<N>[.p/<W>]       256 hashes of level 8L, or the W that there are
//   tile/entries/<N>[.p/<W>]   the same leaves: each 16-bit big-endian length, then its bytes
//
// Tile n of level l holds MTH(D[(256n+i) * 256^l : (256n+i+1) * 256^l]) for i = 0..255.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

inline constexpr std::uint64_t kTileWidth = 256;
inline constexpr int kEntriesLevel = -1;
inline constexpr int kTileLevels = 8;  // 256^8 leaves: more than there can be

struct Tile {
  int level = 0;  // kEntriesLevel: a bundle of leaves
  std::uint64_t index = 0;
  std::uint64_t width = kTileWidth;  // 1..256

  auto operator<=>(const Tile&) const = default;
};

std::string path_of(const Tile& tile);
// Nothing unless `path` is what path_of() writes.
std::optional<Tile> parse_tile_path(std::string_view path);

// The hash tiles, full and partial, that a tree of `size` has and one of `old_size` had not; by
// level, then index. Requires: old_size <= size.
std::vector<Tile> new_tiles(std::uint64_t old_size, std::uint64_t size);
// The tile of that level and index in a tree of `size`; nothing when it is empty there.
std::optional<Tile> tile_in(int level, std::uint64_t index, std::uint64_t size);

std::string encode_hashes(std::span<const Digest> hashes);
// Errors: kCorrupt.
Result<std::vector<Digest>> decode_hashes(std::string_view bytes, std::uint64_t width);

// Requires: each leaf has at most 65,535 bytes.
std::string encode_bundle(std::span<const std::string> leaves);
// Errors: kCorrupt (cut short, bytes after the last leaf).
Result<std::vector<std::string>> decode_bundle(std::string_view bytes, std::uint64_t width);

}  // namespace groove::ledger
