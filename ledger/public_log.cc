#include "ledger/public_log.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ledger/core/chain.h"
#include "ledger/core/hash.h"
#include "ledger/core/lines.h"
#include "ledger/core/merkle.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

// The bytes of the first `width` of a full tile's 256.
Result<std::string> first_of(const Tile& full, std::uint64_t width, const std::string& bytes) {
  if (full.level != kEntriesLevel) return bytes.substr(0, width * 32);
  auto leaves = decode_bundle(bytes, kTileWidth);
  if (!leaves) return std::unexpected(leaves.error());
  return encode_bundle(std::span(*leaves).first(width));
}

Status same(const Digest& a, const Digest& b, const std::string& wrong) {
  return a == b ? Status{} : fail(Errc::kCorrupt, wrong);
}

std::unexpected<Error> no_record(std::uint64_t index, std::uint64_t size) {
  return fail(Errc::kNotFound, "the head covers " + std::to_string(size) + " records; record " +
                                   std::to_string(index) + " is not among them, or not yet");
}

}  // namespace

Result<PublicLog> PublicLog::open(Io& io, const fs::path& folder, const VerifierKey& key) {
  auto note = read_whole(io, folder / "checkpoint");
  if (!note && note.error().code == Errc::kNotFound)
    return fail(Errc::kNotFound, "no head is published in " + folder.string());
  if (!note) return std::unexpected(note.error());
  const auto head = open_checkpoint(*note, key);
  if (head) return PublicLog(io, folder, key, std::move(*note), *head);
  if (const auto claimed = decode_checkpoint(*note); claimed && claimed->origin == key.name)
    if (auto log = follow(PublicLog(io, folder, key, std::move(*note), *claimed), key)) return log;
  return fail(Errc::kCorrupt, "checkpoint: " + head.error().message);
}

// Each old key signed the place in the log at which the next one follows it, so a row of changes
// from `key` on makes the last of them as good; where the records stand, the head shows.
Result<PublicLog> PublicLog::follow(const PublicLog& claimed, const VerifierKey& key) {
  PublicLog log = claimed;
  std::vector<std::pair<std::uint64_t, Digest>> changes;
  for (std::uint64_t index = 0; const auto tile = tile_in(kEntriesLevel, index, log.head_.size);
       ++index) {
    const auto bytes = log.read(*tile);
    const auto leaves = bytes ? decode_bundle(*bytes, tile->width)
                              : Result<std::vector<std::string>>(std::unexpected(bytes.error()));
    if (!leaves) return std::unexpected(leaves.error());
    for (const std::string& bytes_of_one : *leaves) {
      const auto leaf = decode_leaf(bytes_of_one);
      if (!leaf || leaf->kind != Kind::kKeyChange) continue;
      const auto next = changed_key(leaf->body, log.key_, {leaf->index, leaf->prev});
      if (!next) continue;  // of an older key
      log.key_ = *next;
      changes.emplace_back(leaf->index, leaf_hash(bytes_of_one));
    }
  }
  const auto head = open_checkpoint(log.note_, log.key_);
  if (!head || log.key_ == key) return fail(Errc::kCorrupt, "no change of keys leads to it");
  TiledTree tree = log.tree();
  for (const auto& [index, hash] : changes) {
    const auto proof = index < head->size ? tree.inclusion(index, head->size)
                                          : fail(Errc::kCorrupt, "it is not in the tree");
    if (!proof || !verify_inclusion(hash, index, head->size, *proof, head->root))
      return fail(Errc::kCorrupt, "a change of keys is not in the signed tree");
  }
  return log;
}

Result<std::string> PublicLog::read(const Tile& tile) const {
  auto bytes = read_whole(io_, folder_ / path_of(tile));
  if (bytes || bytes.error().code != Errc::kNotFound) return bytes;
  const Tile full{tile.level, tile.index};
  if (auto whole = read_whole(io_, folder_ / path_of(full)); whole && tile.width < kTileWidth)
    return first_of(full, tile.width, *whole);
  return fail(Errc::kCorrupt, path_of(tile) + " is missing");
}

TiledTree PublicLog::tree() const {
  return TiledTree(head_.size, [this](const Tile& tile) { return read(tile); });
}

Result<History> PublicLog::verify(const std::optional<std::string>& since,
                                  const std::function<void(std::uint64_t)>& progress) const {
  auto history = verify_leaves(progress);
  if (!history) return history;
  Status ok = verify_keys(*history);
  if (ok) ok = verify_upper_tiles();
  TiledTree tree = this->tree();
  if (ok) ok = verify_kept_heads(*history, tree);
  if (ok && since) ok = verify_head(*since, *history, tree);
  if (!ok) return std::unexpected(ok.error());
  return history;
}

// The head's key is one that the log says it has, and the one in force has signed it.
Status PublicLog::verify_keys(const History& history) const {
  const auto& keys = history.keys();
  if (keys.empty()) return {};
  if (std::ranges::find(keys, key_) == keys.end())
    return fail(Errc::kCorrupt, "the head is signed by a key that the log does not name");
  if (const auto head = open_checkpoint(note_, keys.back()); !head)
    return fail(Errc::kCorrupt, "the log's key has changed, and the new one did not sign the head");
  return {};
}

Result<History> PublicLog::verify_leaves(const std::function<void(std::uint64_t)>& progress) const {
  Chain chain(head_.origin);
  History history;
  RightEdge edge;
  for (std::uint64_t index = 0; const auto tile = tile_in(0, index, head_.size); ++index) {
    const auto bytes = read({kEntriesLevel, index, tile->width}), hashes = read(*tile);
    if (!bytes || !hashes) return std::unexpected(bytes ? hashes.error() : bytes.error());
    const auto leaves = decode_bundle(*bytes, tile->width);
    if (!leaves)
      return fail(Errc::kCorrupt,
                  "entries " + std::to_string(index) + ": " + leaves.error().message);
    std::string computed;
    for (const std::string& leaf : *leaves) {
      const Digest hash = leaf_hash(leaf);
      const auto decoded = decode_leaf(leaf);
      Status ok = decoded ? chain.extend(*decoded, hash) : std::unexpected(decoded.error());
      if (ok) ok = history.see(*decoded);
      if (!ok)
        return fail(Errc::kCorrupt,
                    "record " + std::to_string(edge.size()) + ": " + ok.error().message);
      edge.append(hash);
      computed += as_bytes(hash);
    }
    if (computed != *hashes)
      return fail(Errc::kCorrupt, path_of(*tile) + " does not hold the hashes of its leaves");
    if (progress) progress(edge.size());
  }
  if (edge.root() != head_.root)
    return fail(Errc::kCorrupt, "the leaves' root is not the one that was signed");
  return history;
}

// Proofs are made from these; the leaves alone would not notice.
Status PublicLog::verify_upper_tiles() const {
  for (const Tile& tile : new_tiles(0, head_.size)) {
    if (tile.level == 0) continue;
    const auto bytes = read(tile);
    const auto hashes = bytes ? decode_hashes(*bytes, tile.width)
                              : Result<std::vector<Digest>>(std::unexpected(bytes.error()));
    if (!hashes) return std::unexpected(hashes.error());
    for (std::uint64_t i = 0; i < tile.width; ++i) {
      const std::uint64_t below = tile.index * kTileWidth + i;
      const auto row = read({tile.level - 1, below});
      const auto children = row ? decode_hashes(*row, kTileWidth)
                                : Result<std::vector<Digest>>(std::unexpected(row.error()));
      if (!children) return std::unexpected(children.error());
      if (auto ok = same(merkle_root(*children), (*hashes)[i],
                         path_of(tile) + " does not hold the roots of the tiles below it");
          !ok)
        return ok;
    }
  }
  return {};
}

Status PublicLog::verify_head(const std::string& note, const History& history,
                              TiledTree& tree) const {
  const auto head =
      history.keys().empty() ? open_checkpoint(note, key_) : open_checkpoint(note, history.keys());
  if (!head) return std::unexpected(head.error());
  if (head->size > head_.size)
    return fail(Errc::kCorrupt, "a head of " + std::to_string(head->size) +
                                    " records was signed, and the published one covers " +
                                    std::to_string(head_.size));
  const auto root = tree.root_at(head->size);
  if (!root) return std::unexpected(root.error());
  return same(*root, head->root,
              "the head of " + std::to_string(head->size) +
                  " records is of another log: the log was forked");
}

Status PublicLog::verify_kept_heads(const History& history, TiledTree& tree) const {
  const auto names = io_.list(folder_ / "checkpoints");
  if (!names) return {};  // none are kept
  for (const std::string& name : *names) {
    const auto size = parse_decimal(name);
    if (!size || *size > head_.size) continue;  // in the making, or after the head was read
    const auto note = read_whole(io_, folder_ / "checkpoints" / name);
    if (!note) return std::unexpected(note.error());
    if (auto ok = verify_head(*note, history, tree); !ok)
      return fail(ok.error().code, "checkpoints/" + name + ": " + ok.error().message);
  }
  return {};
}

std::optional<Checkpoint> PublicLog::newest(
    const std::function<Result<Checkpoint>(const std::string&)>& accepts) const {
  if (const auto last = accepts(note_)) return *last;
  std::optional<Checkpoint> best;
  const auto names = io_.list(folder_ / "checkpoints");
  if (!names) return best;
  for (const std::string& name : *names) {
    const auto note = read_whole(io_, folder_ / "checkpoints" / name);
    const auto head = note ? accepts(*note) : std::unexpected(note.error());
    if (head && head->size <= head_.size && (!best || head->size > best->size)) best = *head;
  }
  return best;
}

Result<PublicLog::Head> PublicLog::head_of(std::optional<std::uint64_t> size) const {
  if (!size || *size == head_.size) return Head{note_, head_};
  const auto note = read_whole(io_, folder_ / "checkpoints" / std::to_string(*size));
  if (!note)
    return fail(Errc::kNotFound, "no head of " + std::to_string(*size) + " records is kept");
  auto head = open_checkpoint(*note, key_);
  if (!head) return std::unexpected(head.error());
  if (head->size > head_.size) return no_record(head->size - 1, head_.size);
  return Head{*note, *head};
}

Result<TlogProof> PublicLog::prove(std::uint64_t index, std::optional<std::uint64_t> size) const {
  const auto head = head_of(size);
  if (!head) return std::unexpected(head.error());
  return prove_in(index, head->note, head->checkpoint);
}

Result<TlogProof> PublicLog::prove_in(std::uint64_t index, const std::string& note,
                                      const Checkpoint& head) const {
  if (index >= head.size || head.size > head_.size) return no_record(index, head.size);
  TiledTree tree = this->tree();
  auto hashes = tree.inclusion(index, head.size);
  if (!hashes) return std::unexpected(hashes.error());
  auto leaf = this->leaf(index);
  if (!leaf) return std::unexpected(leaf.error());
  if (!verify_inclusion(leaf_hash(*leaf), index, head.size, *hashes, head.root))
    return fail(Errc::kCorrupt, "the tiles do not prove record " + std::to_string(index));
  return TlogProof{std::move(*leaf), index, std::move(*hashes), note};
}

Result<Growth> PublicLog::prove_growth(std::uint64_t old_size,
                                       std::optional<std::uint64_t> size) const {
  const auto head = head_of(size);
  if (!head) return std::unexpected(head.error());
  if (old_size > head->checkpoint.size) return no_record(old_size - 1, head->checkpoint.size);
  if (old_size == 0) return Growth{0, {}, head->note};
  TiledTree tree = this->tree();
  auto hashes = tree.consistency(old_size, head->checkpoint.size);
  if (!hashes) return std::unexpected(hashes.error());
  return Growth{old_size, std::move(*hashes), head->note};
}

Result<Digest> PublicLog::root_at(std::uint64_t size) const {
  if (size > head_.size) return no_record(size - 1, head_.size);
  TiledTree tree = this->tree();
  return tree.root_at(size);
}

Result<std::string> PublicLog::leaf(std::uint64_t index) const {
  const auto tile = tile_in(kEntriesLevel, index / kTileWidth, head_.size);
  if (!tile) return no_record(index, head_.size);
  const auto bytes = read(*tile);
  if (!bytes) return std::unexpected(bytes.error());
  auto leaves = decode_bundle(*bytes, tile->width);
  if (!leaves) return std::unexpected(leaves.error());
  return (*leaves)[index % kTileWidth];
}

}  // namespace groove::ledger
