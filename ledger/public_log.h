// The published log as a stranger sees it: files and a key, nothing private. Verifying it all,
// proving that a record is in it, proving that it only grew.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "ledger/core/checkpoint.h"
#include "ledger/core/note.h"
#include "ledger/core/proof.h"
#include "ledger/core/tiled_tree.h"
#include "ledger/history.h"
#include "ledger/io.h"
#include "workers/base/result.h"

namespace groove::ledger {

class PublicLog {
 public:
  // `folder`: LEDGER/public, or a copy of it. `key` is this log's, or one that it had: changes of
  // keys that each old one signed are followed. Errors: kNotFound (nothing is published there),
  // kCorrupt (the head is signed neither by `key` nor by one that follows), kUnavailable.
  static Result<PublicLog> open(Io& io, const std::filesystem::path& folder,
                                const VerifierKey& key);

  const Checkpoint& head() const { return head_; }
  const VerifierKey& key() const { return key_; }    // that signed the head
  const std::string& note() const { return note_; }  // the signed head as it is published

  // A tile of the head's tree; of the full one, where the partial one is gone. Errors: kCorrupt (it
  // is missing), kUnavailable.
  Result<std::string> read(const Tile& tile) const;
  // The newest of the head and those that are kept, if any, that `accepts`.
  std::optional<Checkpoint> newest(
      const std::function<Result<Checkpoint>(const std::string& note)>& accepts) const;

  // Every tile, every leaf, the chain in them, the root, and that each head that is kept, and
  // `since` (a note, where given), is of the same log. Errors: kCorrupt with what is wrong,
  // kUnavailable.
  // Returns what the records say of the log.
  Result<History> verify(const std::optional<std::string>& since,
                         const std::function<void(std::uint64_t leaves)>& progress) const;

  // That the record is in the tree of `size` (a head that is kept; nothing: the last). Its extra
  // bytes are the leaf. Errors: kNotFound (no such record or head), kCorrupt, kUnavailable.
  Result<TlogProof> prove(std::uint64_t index, std::optional<std::uint64_t> size) const;
  // The same under a head that the caller has from elsewhere and trusts.
  Result<TlogProof> prove_in(std::uint64_t index, const std::string& note,
                             const Checkpoint& head) const;
  // That the tree of `old_size` became the one of `size`. Errors: as prove().
  Result<Growth> prove_growth(std::uint64_t old_size, std::optional<std::uint64_t> size) const;
  // Of the first `size` records. Errors: kNotFound, kCorrupt, kUnavailable.
  Result<Digest> root_at(std::uint64_t size) const;
  // The leaf's bytes.
  Result<std::string> leaf(std::uint64_t index) const;

 private:
  struct Head {
    std::string note;
    Checkpoint checkpoint;
  };

  PublicLog(Io& io, std::filesystem::path folder, VerifierKey key, std::string note,
            Checkpoint head)
      : io_(io),
        folder_(std::move(folder)),
        key_(std::move(key)),
        note_(std::move(note)),
        head_(std::move(head)) {}
  static Result<PublicLog> follow(const PublicLog& claimed, const VerifierKey& key);
  TiledTree tree() const;
  Result<Head> head_of(std::optional<std::uint64_t> size) const;
  Result<History> verify_leaves(const std::function<void(std::uint64_t)>& progress) const;
  Status verify_keys(const History& history) const;
  Status verify_upper_tiles() const;
  Status verify_head(const std::string& note, const History& history, TiledTree& tree) const;
  Status verify_kept_heads(const History& history, TiledTree& tree) const;

  Io& io_;
  std::filesystem::path folder_;
  VerifierKey key_;
  std::string note_;
  Checkpoint head_;
};

}  // namespace groove::ledger
