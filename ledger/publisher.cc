#include "ledger/publisher.h"

#include <utility>

#include "ledger/core/hash.h"
#include "ledger/core/tiled_tree.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kKeepEveryUs = 3'600'000'000;

// Empty when there is no such file.
Result<std::string> read_if_there(Io& io, const fs::path& file) {
  auto bytes = read_whole(io, file);
  if (!bytes && bytes.error().code == Errc::kNotFound) return std::string();
  return bytes;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

Tile bundle_of(const Tile& tile) { return {kEntriesLevel, tile.index, tile.width}; }

}  // namespace

fs::path Publisher::at(const std::string& name) const { return public_folder(log_) / name; }

Result<std::unique_ptr<Publisher>> Publisher::open(Io& io, const LogPlace& log, const LogKeys& keys,
                                                   const Clock& clock) {
  std::unique_ptr<Publisher> publisher(new Publisher(io, log, keys, clock));
  if (auto ok = io.make_folder(public_folder(log)); !ok) return std::unexpected(ok.error());
  if (auto ok = publisher->read_signed(); !ok) return std::unexpected(ok.error());
  return publisher;
}

Status Publisher::read_signed() {
  auto guard = read_if_there(io_, guard_file(log_));
  if (!guard) return std::unexpected(guard.error());
  const auto note = read_if_there(io_, at("checkpoint"));
  if (!note) return std::unexpected(note.error());
  guard_ = std::move(*guard);
  if (!guard_.empty()) {
    const auto head = open_checkpoint(guard_, keys_.verifiers());
    if (!head) return fail(Errc::kCorrupt, "the guard: " + head.error().message);
    head_ = *head;
  }
  behind_ = head_ && note->empty();
  if (note->empty()) return {};
  const auto last = open_checkpoint(*note, keys_.verifiers());
  if (!last) return fail(Errc::kCorrupt, "the published checkpoint: " + last.error().message);
  if (!head_ || last->size > head_->size || (last->size == head_->size && *last != *head_))
    return fail(Errc::kCorrupt,
                "a head of " + std::to_string(last->size) +
                    " records is published, but the guard " + "knows of " +
                    std::to_string(published()) +
                    ": this is an old copy of the ledger, and signing from it would be a fork");
  behind_ = last->size < head_->size;
  return {};
}

Status Publisher::write_identity(const History& history) {
  if (auto ok = rekeyed(); !ok) return ok;
  const auto known = read_if_there(io_, at("ledger.json"));
  if (!known) return std::unexpected(known.error());
  if (!known->empty()) return {};
  const std::string& previous = history.genesis().previous;
  return replace_whole(
      io_, at("ledger.json"),
      "{\"format\":1,\"origin\":\"" + keys_.key.name +
          "\",\"leaf\":\"GRVL1\",\"created\":" + std::to_string(clock_.unix_us() / 1'000'000) +
          ",\"previous\":" + (previous.empty() ? "null" : "\"" + first_line(previous) + "\"") +
          "}\n");
}

Status Publisher::rekeyed() {
  kept_at_us_.reset();
  const std::string vkey = keys_.key.verifier().text() + "\n";
  const auto known = read_if_there(io_, at("vkey"));
  if (!known) return std::unexpected(known.error());
  return *known == vkey ? Status{} : replace_whole(io_, at("vkey"), vkey);
}

Status Publisher::see(const Digest& leaf_hash) {
  seen_.append(leaf_hash);
  if (head_ && seen_.size() == head_->size && seen_.root() != head_->root)
    return fail(Errc::kCorrupt, "the records up to here are not those whose root was signed");
  return {};
}

Status Publisher::resume(const History& history) {
  if (auto ok = write_identity(history); !ok) return ok;
  if (head_ && seen_.size() < head_->size)
    return fail(Errc::kCorrupt, "the ledger has " + std::to_string(seen_.size()) +
                                    " records, but a head of " + std::to_string(head_->size) +
                                    " was signed: signed records are gone. Restore them from a "
                                    "copy, or begin a new ledger with a new key");
  if (!behind_) return {};
  TiledTree tree(head_->size, [this](const Tile& tile) { return read_tile(tile); });
  const auto root = tree.root();
  if (!root) return std::unexpected(root.error());
  if (*root != head_->root) return fail(Errc::kCorrupt, "the tiles are not those of the guard");
  return show_head();
}

Status Publisher::publish(Store& store) {
  if (stopped_) return std::unexpected(*stopped_);
  const Status ok = publish_now(store);
  if (!ok && ok.error().code == Errc::kCorrupt) stopped_ = ok.error();
  return ok;
}

Status Publisher::publish_now(Store& store) {
  if (auto ok = store.sync(); !ok) return ok;
  const Checkpoint head{keys_.key.name, store.size(), store.root()};
  if (head.size == published()) return behind_ ? show_head() : Status{};
  const auto files = make_tiles(store, published(), store.size());
  if (!files) return std::unexpected(files.error());
  Status ok = write_tiles(*files);
  if (ok) ok = read_back(*files, head);
  if (ok) ok = check_growth(head);
  if (ok) ok = sign(head);
  if (ok) drop_partials(*files);
  return ok;
}

Result<Publisher::Files> Publisher::make_tiles(const Store& store, std::uint64_t from,
                                               std::uint64_t to) const {
  Files files;
  for (const Tile& tile : new_tiles(from, to)) {
    if (tile.level == 0) {
      if (auto ok = make_leaf_tile(store, tile, files); !ok) return std::unexpected(ok.error());
      continue;
    }
    std::vector<Digest> hashes;
    for (std::uint64_t i = 0; i < tile.width; ++i) {
      const Tile below{tile.level - 1, tile.index * kTileWidth + i};
      const auto made = files.find(below);
      const auto bytes = made != files.end() ? Result<std::string>(made->second) : read_tile(below);
      const auto row = bytes ? decode_hashes(*bytes, kTileWidth)
                             : Result<std::vector<Digest>>(std::unexpected(bytes.error()));
      if (!row) return std::unexpected(row.error());
      hashes.push_back(merkle_root(*row));
    }
    files[tile] = encode_hashes(hashes);
  }
  return files;
}

Status Publisher::make_leaf_tile(const Store& store, const Tile& tile, Files& files) const {
  std::vector<std::string> leaves;
  std::vector<Digest> hashes;
  for (std::uint64_t i = 0; i < tile.width; ++i) {
    const auto entry = store.get(tile.index * kTileWidth + i);
    if (!entry) return std::unexpected(entry.error());
    leaves.push_back(encode_leaf(entry->leaf));
    hashes.push_back(entry->leaf_hash);
  }
  files[bundle_of(tile)] = encode_bundle(leaves);
  files[tile] = encode_hashes(hashes);
  return {};
}

Result<std::uint64_t> Publisher::rebuild(const Store& store) {
  if (!head_) return 0;
  if (store.size() < head_->size) return fail(Errc::kCorrupt, "signed records are gone");
  const auto files = make_tiles(store, 0, head_->size);
  if (!files) return std::unexpected(files.error());
  std::uint64_t rebuilt = 0;
  for (const auto& [tile, bytes] : *files) {
    const fs::path file = at(path_of(tile));
    const auto there = read_if_there(io_, file);
    if (there && *there == bytes) continue;
    Status ok = io_.make_folder(file.parent_path());
    if (ok) ok = replace_whole(io_, file, bytes);
    if (!ok) return std::unexpected(ok.error());
    ++rebuilt;
  }
  if (auto ok = read_back(*files, *head_); !ok) return std::unexpected(ok.error());
  return rebuilt;
}

Status Publisher::cosigned(const std::string& note) {
  const auto head = open_checkpoint(note, keys_.verifiers());
  if (!head) return std::unexpected(head.error());
  const bool is_last = head_ && head->size == head_->size;
  if (!head_ || head->size > head_->size || (is_last && *head != *head_))
    return fail(Errc::kCorrupt, "that is not a head that was signed here");
  Status ok = io_.make_folder(at("checkpoints"));
  if (ok) ok = replace_whole(io_, at("checkpoints/" + std::to_string(head->size)), note);
  if (ok && is_last && !behind_) ok = replace_whole(io_, at("checkpoint"), note);
  return ok;
}

Status Publisher::write_tiles(const Files& files) {
  for (const auto& [tile, bytes] : files)
    if (auto ok = write_once(at(path_of(tile)), bytes); !ok) return ok;
  return {};
}

// What is published never changes: bytes that are there already must be these.
Status Publisher::write_once(const fs::path& file, const std::string& bytes) {
  const auto there = read_if_there(io_, file);
  if (!there) return std::unexpected(there.error());
  if (*there == bytes) return {};
  if (!there->empty())
    return fail(Errc::kCorrupt, file.string() + " is published with other bytes");
  if (auto ok = io_.make_folder(file.parent_path()); !ok) return ok;
  return replace_whole(io_, file, bytes);
}

Status Publisher::read_back(const Files& files, const Checkpoint& head) const {
  for (const auto& [tile, bytes] : files) {
    const auto read = read_tile(tile);
    if (!read) return std::unexpected(read.error());
    if (*read != bytes) return fail(Errc::kCorrupt, path_of(tile) + " is not what was written");
    if (tile.level != kEntriesLevel) continue;
    const auto leaves = decode_bundle(*read, tile.width);
    if (!leaves) return std::unexpected(leaves.error());
    std::vector<Digest> hashes;
    for (const std::string& leaf : *leaves) hashes.push_back(leaf_hash(leaf));
    if (encode_hashes(hashes) != files.at({0, tile.index, tile.width}))
      return fail(Errc::kCorrupt, path_of(tile) + " has leaves of other hashes than its tile");
  }
  TiledTree tree(head.size, [this](const Tile& tile) { return read_tile(tile); });
  const auto root = tree.root();
  if (!root) return std::unexpected(root.error());
  if (*root != head.root)
    return fail(Errc::kCorrupt, "the tiles' root is not that of the records; nothing was signed");
  return {};
}

Status Publisher::check_growth(const Checkpoint& head) const {
  if (!head_) return {};
  TiledTree tree(head.size, [this](const Tile& tile) { return read_tile(tile); });
  const auto proof =
      head.size < head_->size ? std::vector<Digest>() : tree.consistency(head_->size, head.size);
  if (!proof) return std::unexpected(proof.error());
  if (!verify_consistency(head_->size, head_->root, head.size, head.root, *proof))
    return fail(Errc::kCorrupt, "the log is not the one of " + std::to_string(head_->size) +
                                    " records that was signed; nothing more is signed");
  return {};
}

Status Publisher::sign(const Checkpoint& head) {
  const auto guard = read_if_there(io_, guard_file(log_));
  if (!guard) return std::unexpected(guard.error());
  if (*guard != guard_)
    return fail(Errc::kCorrupt, "somebody else has changed the guard; nothing was signed");
  const std::string text = encode_checkpoint(head);
  std::string note = sign_note(text, keys_.key);
  if (keys_.old) note += sign_line(text, *keys_.old);
  if (auto ok = replace_whole(io_, guard_file(log_), note); !ok) return ok;
  guard_ = note;
  head_ = head;
  behind_ = true;
  return show_head();
}

Status Publisher::show_head() {
  if (auto ok = keep_head(); !ok) return ok;
  if (auto ok = replace_whole(io_, at("checkpoint"), guard_); !ok) return ok;
  behind_ = false;
  return {};
}

Status Publisher::keep_head() {
  const std::int64_t now = clock_.unix_us();
  if (kept_at_us_ && now - *kept_at_us_ < kKeepEveryUs) return {};
  const fs::path kept = at("checkpoints/" + std::to_string(head_->size));
  const auto there = read_if_there(io_, kept);
  if (!there) return std::unexpected(there.error());
  // It may be there with the signatures of witnesses.
  const auto known = open_checkpoint(*there, keys_.verifiers());
  if (!known || *known != *head_)
    if (auto ok = write_once(kept, guard_); !ok) return ok;
  kept_at_us_ = now;
  return {};
}

// Partial tiles that are full by now: nobody needs them any more, so an error is no harm.
void Publisher::drop_partials(const Files& files) {
  for (const auto& [tile, bytes] : files) {
    if (tile.width != kTileWidth) continue;
    fs::path folder = at(path_of(tile));
    folder += ".p";
    const auto names = io_.list(folder);
    if (!names) continue;
    for (const std::string& name : *names) static_cast<void>(io_.remove(folder / name));
    static_cast<void>(io_.remove(folder));
  }
}

Result<std::string> Publisher::read_tile(const Tile& tile) const {
  auto bytes = read_whole(io_, at(path_of(tile)));
  if (!bytes && bytes.error().code == Errc::kNotFound)
    return fail(Errc::kCorrupt, path_of(tile) + " is missing");
  return bytes;
}

}  // namespace groove::ledger
