#include "ledger/root.h"

#include <utility>

#include "ledger/core/hash.h"
#include "ledger/core/lines.h"
#include "ledger/core/merkle.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kSecond = "\nc2sp.org/tlog-proof@v1\n";

// The key beside a log: what its first head in the root is taken on trust by.
Result<VerifierKey> key_beside(Io& io, const LogPlace& log) {
  const auto text = read_whole(io, public_folder(log) / "vkey");
  if (!text) return std::unexpected(text.error());
  return parse_vkey(text->substr(0, text->find('\n')));
}

Status check_growth(const PublicLog& log, const Checkpoint& old) {
  const auto growth = log.prove_growth(old.size, std::nullopt);
  if (!growth) return std::unexpected(growth.error());
  if (!verify_consistency(old.size, old.root, log.head().size, log.head().root, growth->hashes))
    return fail(Errc::kCorrupt, log.head().origin + " has not grown from the head on record");
  return {};
}

// The key of the log that goes on, as the one before says at its end.
Result<VerifierKey> key_sealed_for(const PublicLog& before) {
  const auto bytes = before.leaf(before.head().size - 1);
  const auto leaf = bytes ? decode_leaf(*bytes) : std::unexpected(bytes.error());
  if (!leaf) return std::unexpected(leaf.error());
  if (leaf->kind != Kind::kSeal)
    return fail(Errc::kCorrupt, before.head().origin + " is not sealed, and another log goes on");
  return sealed_for_log(leaf->body);
}

// One log's head, followed from the key that the root knows it by.
Result<PublicLog> gather(Io& io, Ledger& root, const LogPlace& log,
                         const std::optional<PublicLog>& before) {
  auto key = before ? key_sealed_for(*before) : key_beside(io, log);
  if (!key) return std::unexpected(key.error());
  const auto known = root.history().heads().find(key->name);
  const bool is_known = known != root.history().heads().end();
  auto open = PublicLog::open(io, public_folder(log), is_known ? known->second.shard.key : *key);
  if (!open) return open;
  Status ok;
  if (is_known) ok = check_growth(*open, known->second.shard.head);
  if (ok) ok = root.record_head(open->key(), open->note());
  if (!ok) return std::unexpected(ok.error());
  return open;
}

Status gather_line(Io& io, Ledger& root, const LogPlace& line) {
  std::optional<PublicLog> before;
  const unsigned last = newest_log(io, line).log.generation;
  for (LogPlace log = line; log.log.generation <= last; log = log.next()) {
    auto open = gather(io, root, log, before);
    if (!open && open.error().code == Errc::kNotFound) return {};  // nothing is published yet
    if (!open) return std::unexpected(open.error());
    before.emplace(std::move(*open));
  }
  return {};
}

}  // namespace

Status gather_heads(Io& io, Ledger& root) {
  const std::filesystem::path& house = root.place().ledger;
  Status all;
  for (const std::string& line : partition_lines(io, house))
    if (auto ok = gather_line(io, root, {house, LogName{line}}); !ok && all) all = ok;
  return all;
}

Result<RootedHead> newest_head(const PublicLog& root, const std::string& origin) {
  for (std::uint64_t index = root.head().size; index-- > 0;) {
    const auto bytes = root.leaf(index);
    const auto leaf = bytes ? decode_leaf(*bytes) : std::unexpected(bytes.error());
    if (!leaf) return std::unexpected(leaf.error());
    if (leaf->kind != Kind::kShardHead) continue;
    auto shard = shard_head_of(leaf->body);
    if (!shard) return std::unexpected(shard.error());
    if (shard->head.origin == origin) return RootedHead{index, std::move(*shard)};
  }
  return fail(Errc::kNotFound, "the root log holds no head of " + origin + ", or not yet");
}

std::string encode_rooted(const RootedProof& proof) {
  return encode_proof(proof.record) + "\n" + encode_proof(proof.head);
}

std::optional<Result<RootedProof>> decode_rooted(std::string_view text) {
  const std::size_t split = text.find(kSecond);
  if (split == text.npos) return std::nullopt;
  auto record = decode_proof(text.substr(0, split));
  auto head = decode_proof(text.substr(split + 1));
  if (!record || !head) return std::unexpected(record ? head.error() : record.error());
  return RootedProof{std::move(*record), std::move(*head)};
}

Result<RootedProof> prove_rooted(const PublicLog& root, const PublicLog& log, std::uint64_t index) {
  const auto held = newest_head(root, log.head().origin);
  if (!held) return std::unexpected(held.error());
  auto record = log.prove_in(index, held->shard.note, held->shard.head);
  if (!record) return std::unexpected(record.error());
  auto head = root.prove(held->index, std::nullopt);
  if (!head) return std::unexpected(head.error());
  return RootedProof{std::move(*record), std::move(*head)};
}

Result<Checkpoint> check_rooted(const RootedProof& proof, const Digest& leaf,
                                const VerifierKey& root) {
  const auto rooted = check_proof(proof.head, leaf_hash(proof.head.extra), root);
  if (!rooted) return rooted;
  const auto record = decode_leaf(proof.head.extra);
  if (!record || record->kind != Kind::kShardHead)
    return fail(Errc::kCorrupt, "the root's record is not a log's head");
  const auto shard = shard_head_of(record->body);
  if (!shard) return std::unexpected(shard.error());
  if (proof.record.checkpoint != shard->note)
    return fail(Errc::kCorrupt, "the record is proved under another head than the root's");
  return check_proof(proof.record, leaf, shard->key);
}

}  // namespace groove::ledger
