#include "gateway/receipts.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "groove/v1/ledger.pb.h"
#include "ledger/core/checkpoint.h"
#include "ledger/core/hash.h"
#include "ledger/core/log_name.h"
#include "ledger/core/merkle.h"
#include "ledger/core/proof.h"
#include "ledger/core/tile.h"
#include "ledger/core/tiled_tree.h"
#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

using ledger::Tile;

// Of the full tile, where the partial one has gone because it is full by now.
Result<std::string> read_tile(const std::filesystem::path& folder, const Tile& tile) {
  auto bytes = read_file(folder / ledger::path_of(tile));
  if (bytes || bytes.error().code != Errc::kNotFound || tile.width == ledger::kTileWidth)
    return bytes;
  bytes = read_file(folder / ledger::path_of({tile.level, tile.index}));
  if (bytes && tile.level != ledger::kEntriesLevel) bytes->resize(tile.width * 32);
  return bytes;
}

Result<std::string> read_leaf(const std::filesystem::path& folder, std::uint64_t index,
                              std::uint64_t size) {
  const std::uint64_t bundle = index / ledger::kTileWidth;
  Tile tile = *ledger::tile_in(ledger::kEntriesLevel, bundle, size);
  if (!std::filesystem::exists(folder / ledger::path_of(tile))) tile.width = ledger::kTileWidth;
  const auto bytes = read_file(folder / ledger::path_of(tile));
  if (!bytes) return std::unexpected(bytes.error());
  auto leaves = ledger::decode_bundle(*bytes, tile.width);
  if (!leaves) return std::unexpected(leaves.error());
  return std::move((*leaves)[index % ledger::kTileWidth]);
}

// The leaf alone where the answer says nothing more: it was recorded before there were receipts.
std::string carried(const v1::BatchRecorded& recorded, const v1::Disclosure& disclosed,
                    std::string leaf) {
  if (disclosed.part().empty()) return leaf;
  v1::BatchRecorded output = recorded;
  output.DiscardUnknownFields();
  output.clear_ledger_index();
  output.clear_leaf_hash();
  output.clear_recorded_at_us();
  v1::Receipt receipt;
  receipt.set_leaf(std::move(leaf));
  receipt.set_part(disclosed.part());
  receipt.set_output_key(disclosed.output_key());
  receipt.set_output(output.SerializeAsString());
  return receipt.SerializeAsString();
}

}  // namespace

Result<std::string> Receipts::make(const v1::BatchRecorded& recorded) const {
  v1::Disclosure disclosed;
  if (!disclosed.ParseFromString(recorded.SerializeAsString()) ||
      !ledger::parse_log_name(disclosed.log()))
    return fail(Errc::kCorrupt, "the answer does not say which log holds it");
  const std::filesystem::path published =
      disclosed.log().empty() ? published_ : published_ / disclosed.log();
  const auto note = read_file(published / "checkpoint");
  if (!note) return std::unexpected(note.error());
  const auto head = ledger::decode_checkpoint(*note);
  if (!head) return std::unexpected(head.error());
  const std::uint64_t index = recorded.ledger_index();
  if (index >= head->size) return fail(Errc::kNotFound, "not published yet");
  auto leaf = read_leaf(published, index, head->size);
  if (!leaf) return std::unexpected(leaf.error());
  if (as_bytes(ledger::leaf_hash(*leaf)) != recorded.leaf_hash())
    return fail(Errc::kCorrupt, "record " + std::to_string(index) + " is not the answer's");
  ledger::TiledTree tree(head->size, [&](const Tile& tile) { return read_tile(published, tile); });
  auto hashes = tree.inclusion(index, head->size);
  if (!hashes) return std::unexpected(hashes.error());
  if (!ledger::verify_inclusion(ledger::leaf_hash(*leaf), index, head->size, *hashes, head->root))
    return fail(Errc::kCorrupt, "the tiles do not prove record " + std::to_string(index));
  return ledger::encode_proof(
      {carried(recorded, disclosed, std::move(*leaf)), index, std::move(*hashes), *note});
}

Reply Receipts::answer(const v1::BatchRecorded& recorded) const {
  auto proof = make(recorded);
  if (!proof) {
    if (proof.error().code == Errc::kCorrupt) spdlog::error("receipt: {}", proof.error().message);
    return come_back(503, "The ledger has not published this answer yet; that takes a second.",
                     std::chrono::seconds(1));
  }
  Reply reply;
  reply.headers = {
      {"Content-Type", "text/plain; charset=utf-8"},
      {"Content-Disposition", "attachment; filename=\"groove-" +
                                  std::to_string(recorded.ledger_index()) + ".tlog-proof\""},
      {"Cache-Control", "no-store"}};
  reply.body = std::move(*proof);
  return reply;
}

}  // namespace groove::gateway
