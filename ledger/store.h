// The ledger on disk: an append-only log with one writer, durable in groups.
//
// append() queues into the current group; sync() makes the group durable with one write and one
// fdatasync, and only then may its records be acknowledged. Any error of the disk stops the store
// for good: what is durable is then unknown, and only opening it anew can find out.
//
// An object belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/chain.h"
#include "ledger/core/merkle.h"
#include "ledger/core/record.h"
#include "ledger/entry.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/segment_file.h"
#include "ledger/walk.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/base/limits.h"
#include "workers/base/result.h"

namespace groove::ledger {

class Store {
 public:
  struct Options {
    std::string origin;    // the log's name; a schema-less URL
    std::string vkey;      // for a new log's genesis; empty: it signs nothing
    std::string previous;  // for a new log that continues another: that one's last signed head
    std::size_t segment_bytes = limits::kLedgerSegmentBytes;
    Walk::Visit visit;  // sees each record that is there; may be empty
  };
  struct Appended {
    std::uint64_t index = 0;
    Digest leaf_hash;
    std::uint64_t time_us = 0;
    bool repeated = false;  // this entry was there before; nothing was added
  };
  // Creates the ledger if there is none (with its genesis record), else recovers it: cuts off what
  // a crash left half written. `io` and `clock` must outlive it. Errors: kConflict (in use, or of
  // another origin), kCorrupt (named by record; nothing was touched), kUnavailable.
  static Result<std::unique_ptr<Store>> open(Io& io, const LogPlace& log, const Clock& clock,
                                             const Options& options);
  // The same in two steps, for who must look at other files of the ledger in between: the lock,
  // then the rest. Errors: kConflict, kUnavailable.
  static Result<std::unique_ptr<Lock>> reserve(Io& io, const LogPlace& log);
  static Result<std::unique_ptr<Store>> open(Io& io, const LogPlace& log, const Clock& clock,
                                             const Options& options,
                                             std::unique_ptr<Lock> lock);  // null: it is held

  // Idempotent by entry id: the same kind and body give the old index, others kConflict. Writes the
  // current group first when this one would not fit. Errors: kInvalid (too large), kConflict,
  // kUnavailable (the store has stopped).
  Result<Appended> append(const EventId& entry_id, Kind kind, std::string body,
                          std::string payload);

  // Returns when all that was appended is durable. Errors: kUnavailable; the store has stopped.
  Status sync();

  // Synced or not. Errors: kNotFound, kCorrupt, kUnavailable.
  Result<Entry> get(std::uint64_t index) const;
  std::optional<std::uint64_t> find(const EventId& entry_id) const {
    return entries_.find(entry_id);
  }

  std::uint64_t size() const { return tree_.size(); }
  const Digest& head() const { return chain_.head(); }
  Digest root() const { return tree_.root(); }
  bool sealed() const { return chain_.sealed(); }
  const History& history() const { return history_; }

 private:
  struct Location {
    std::uint32_t offset, leaf_bytes, payload_bytes;
  };
  struct Pending {
    std::string leaf, payload;
  };

  Store(SegmentFile::Place place, const Clock& clock, std::unique_ptr<Lock> lock, Walk& walk,
        SegmentFile file);
  static Status create(const SegmentFile::Place& place, const Clock& clock, const Options& options);
  static Result<std::unique_ptr<Store>> recover(const SegmentFile::Place& place,
                                                const LogPlace& log, const Clock& clock,
                                                const Options& options, std::unique_ptr<Lock> lock);
  Result<Appended> repeat(std::uint64_t index, Kind kind, const std::string& body) const;
  Status write_group();
  Status write_to_segment(const std::vector<Item>& items);
  Status write_new_segment(const std::vector<Item>& items);
  void locate_pending(std::size_t group_at);
  Result<Pending> read(std::uint64_t index) const;  // requires: it is synced

  SegmentFile::Place place_;
  const Clock& clock_;
  std::unique_ptr<Lock> lock_;
  Chain chain_;
  RightEdge tree_;
  History history_;
  EntryIndex entries_;
  std::vector<Location> locations_;      // of what is synced
  std::vector<std::uint64_t> segments_;  // first index of each
  SegmentFile file_;                     // the last of them
  std::vector<Pending> pending_;
  std::size_t pending_bytes_ = 0;
  std::string group_;    // as written; kept, for fresh pages cost more than what is put in them
  Digest pending_prev_;  // the chain's head before the pending records
  std::optional<Error> stopped_;
};

}  // namespace groove::ledger
