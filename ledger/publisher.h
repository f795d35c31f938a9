// Publishes the log: tiles, then a signed head of the tree that they hold. Once a head is signed,
// any other history is a fork that everyone can see.
//
// Before it signs, it reads back what it wrote, computes the root from the files alone, compares it
// with the one in memory, and proves from the files that the tree only grew since the last head.
// That head is kept in private/guard, and replaced before the new one is published: a ledger that
// was restored from an old copy, or lost signed records, refuses to sign.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/core/checkpoint.h"
#include "ledger/core/merkle.h"
#include "ledger/core/note.h"
#include "ledger/core/tile.h"
#include "ledger/history.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/log_key.h"
#include "ledger/store.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

class Publisher {
 public:
  // Reads what was signed before. Everything must outlive it. Errors: kCorrupt (a signature is
  // wrong; what is published is newer than the guard, or another tree of its size), kUnavailable.
  static Result<std::unique_ptr<Publisher>> open(Io& io, const LogPlace& log, const LogKeys& keys,
                                                 const Clock& clock);

  // Each record of the store in order, while that is opened. Errors: kCorrupt (not the signed log).
  Status see(const Digest& leaf_hash);
  // After the last, and after the keys are settled. Publishes whose log it is, and a head that was
  // signed and not published. Errors: kCorrupt (signed records are gone, or their files are not
  // what was signed), kUnavailable.
  Status resume(const History& history);
  // The keys have changed: whose log it is, and that the next head is one to keep. Errors:
  // kUnavailable.
  Status rekeyed();

  // Makes the store durable and publishes it. Nothing to do is fine. After an error of kCorrupt it
  // stays stopped. Errors: kCorrupt, kUnavailable.
  Status publish(Store& store);

  // Makes all that the last signed head needs from the records, and replaces what is not so. How
  // many files that were. Errors: kCorrupt (the records are not those that were signed),
  // kUnavailable.
  Result<std::uint64_t> rebuild(const Store& store);
  // Keeps a head of this log that others have signed too; publishes it while it is the last.
  // Errors: kCorrupt (not signed by this log, or not what it signed last), kUnavailable.
  Status cosigned(const std::string& note);

  std::uint64_t published() const { return head_ ? head_->size : 0; }
  const std::string& signed_head() const { return guard_; }  // as a note; empty before the first

 private:
  using Files = std::map<Tile, std::string>;

  Publisher(Io& io, LogPlace log, const LogKeys& keys, const Clock& clock)
      : io_(io), log_(std::move(log)), keys_(keys), clock_(clock) {}
  Status read_signed();
  Status write_identity(const History& history);
  Status publish_now(Store& store);
  Result<Files> make_tiles(const Store& store, std::uint64_t from, std::uint64_t to) const;
  Status make_leaf_tile(const Store& store, const Tile& tile, Files& files) const;
  Status write_tiles(const Files& files);
  Status write_once(const std::filesystem::path& file, const std::string& bytes);
  Status read_back(const Files& files, const Checkpoint& head) const;
  Status check_growth(const Checkpoint& head) const;
  Status sign(const Checkpoint& head);
  Status show_head();
  Status keep_head();
  void drop_partials(const Files& files);
  Result<std::string> read_tile(const Tile& tile) const;
  std::filesystem::path at(const std::string& name) const;

  Io& io_;
  LogPlace log_;
  const LogKeys& keys_;
  const Clock& clock_;
  std::string guard_;               // as we last read or wrote it
  std::optional<Checkpoint> head_;  // in it
  bool behind_ = false;             // what is published is older than the guard
  RightEdge seen_;
  std::optional<std::int64_t> kept_at_us_;
  std::optional<Error> stopped_;
};

}  // namespace groove::ledger
