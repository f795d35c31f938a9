#include "ledger/core/tile.h"

#include <algorithm>

#include "ledger/core/lines.h"
#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

constexpr std::size_t kHashBytes = 32;

// Groups of three digits, all but the last with an x before it: 1234067 is x001/x234/067.
std::string grouped(std::uint64_t number) {
  std::string out;
  for (bool last = true; last || number > 0; last = false, number /= 1000) {
    const std::string digits = std::to_string(number % 1000);
    std::string group = std::string(3 - digits.size(), '0') + digits;
    if (!last) group = "x" + group + "/";
    out.insert(0, group);
  }
  return out;
}

std::uint64_t nodes_at(int level, std::uint64_t size) {
  return level == kEntriesLevel ? size : size >> (8 * level);
}

std::optional<int> parse_level(std::string_view text) {
  if (text == "entries") return kEntriesLevel;
  const auto level = parse_decimal(text);
  if (!level || *level >= 64) return std::nullopt;
  return static_cast<int>(*level);
}

std::optional<std::uint64_t> parse_grouped(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != 'x' && c != '/') digits += c;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return parse_decimal(digits);
}

}  // namespace

std::string path_of(const Tile& tile) {
  const std::string level = tile.level == kEntriesLevel ? "entries" : std::to_string(tile.level);
  std::string path = "tile/" + level + "/" + grouped(tile.index);
  if (tile.width < kTileWidth) path += ".p/" + std::to_string(tile.width);
  return path;
}

std::optional<Tile> parse_tile_path(std::string_view path) {
  constexpr std::string_view kTop = "tile/";
  if (path.size() > 64 || !path.starts_with(kTop)) return std::nullopt;
  std::string_view rest = path.substr(kTop.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const auto level = parse_level(rest.substr(0, slash));
  if (!level || slash + 1 >= rest.size()) return std::nullopt;
  rest.remove_prefix(slash + 1);

  const std::size_t partial = rest.find(".p/");
  Tile tile{.level = *level};
  if (partial != rest.npos) {
    const auto width = parse_decimal(rest.substr(partial + 3));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = *width;
  }
  const auto index = parse_grouped(rest.substr(0, partial));
  if (!index) return std::nullopt;
  tile.index = *index;
  if (path_of(tile) != path) return std::nullopt;
  return tile;
}

std::optional<Tile> tile_in(int level, std::uint64_t index, std::uint64_t size) {
  const std::uint64_t nodes = nodes_at(level, size);
  if (index >= (nodes + kTileWidth - 1) / kTileWidth) return std::nullopt;
  return Tile{level, index, std::min(kTileWidth, nodes - index * kTileWidth)};
}

std::vector<Tile> new_tiles(std::uint64_t old_size, std::uint64_t size) {
  GROOVE_CHECK(old_size <= size);
  std::vector<Tile> tiles;
  for (int level = 0; level < kTileLevels; ++level) {
    const std::uint64_t nodes = nodes_at(level, size), before = nodes_at(level, old_size);
    if (nodes == before) continue;
    for (std::uint64_t index = before / kTileWidth; index * kTileWidth < nodes; ++index)
      tiles.push_back(*tile_in(level, index, size));
  }
  return tiles;
}

std::string encode_hashes(std::span<const Digest> hashes) {
  std::string bytes;
  for (const Digest& hash : hashes) bytes += as_bytes(hash);
  return bytes;
}

Result<std::vector<Digest>> decode_hashes(std::string_view bytes, std::uint64_t width) {
  if (bytes.size() != width * kHashBytes)
    return fail(Errc::kCorrupt, "a tile of " + std::to_string(bytes.size()) + " bytes; it has " +
                                    std::to_string(width * kHashBytes));
  std::vector<Digest> hashes(width);
  for (std::size_t i = 0; i < width; ++i)
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * kHashBytes), kHashBytes,
                hashes[i].bytes.begin());
  return hashes;
}

std::string encode_bundle(std::span<const std::string> leaves) {
  std::string bytes;
  for (const std::string& leaf : leaves) {
    GROOVE_CHECK(leaf.size() <= 65'535);
    append_be(bytes, static_cast<std::uint16_t>(leaf.size()));
    bytes += leaf;
  }
  return bytes;
}

Result<std::vector<std::string>> decode_bundle(std::string_view bytes, std::uint64_t width) {
  std::vector<std::string> leaves;
  while (leaves.size() < width) {
    if (bytes.size() < 2 || bytes.size() - 2 < read_be<std::uint16_t>(bytes, 0))
      return fail(Errc::kCorrupt, "the bundle ends within leaf " + std::to_string(leaves.size()));
    const std::size_t size = read_be<std::uint16_t>(bytes, 0);
    leaves.emplace_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (!bytes.empty()) return fail(Errc::kCorrupt, "the bundle has bytes after its last leaf");
  return leaves;
}

}  // namespace groove::ledger
