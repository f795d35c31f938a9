// Reads a ledger's segments in order and checks all that its bytes promise: headers, groups,
// leaves, the chain, unique entry ids, and (when asked) what each leaf commits to. Opening a ledger
// and verifying one are the same walk.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ledger/core/chain.h"
#include "ledger/core/merkle.h"
#include "ledger/core/segment.h"
#include "ledger/entry_index.h"
#include "ledger/history.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

class Walk {
 public:
  enum class Depth {
    kLeaves,    // for opening: the checksums vouch for the payloads
    kPayloads,  // for verifying: and the leaves too
  };
  struct Record {
    const Leaf& leaf;
    const Digest& hash;
    std::string_view payload;
    std::size_t offset;  // of the leaf in its segment; the payload follows it
    std::size_t leaf_bytes;
  };
  using Visit = std::function<Status(const Record&)>;

  // `visit` may be empty; its error ends the walk, named by the record.
  Walk(Depth depth, Visit visit) : depth_(depth), visit_(std::move(visit)) {}

  // Enters the next segment. Errors: kCorrupt, "segment header of ...: ...".
  Status enter(std::string_view segment, const std::string& file_name);

  // Takes the groups that are not taken yet. Errors: kCorrupt, "record N: ..." or "group starting
  // at record N: ..."; a record that is wrong stays wrong, a group is read afresh on the next call.
  // Without error, says how the segment ends.
  struct End {
    std::string torn;            // empty: cleanly
    std::size_t clean_to = 0;    // after the last group, a closing one included
    std::size_t tail_bytes = 0;  // from there on that are not a group
  };
  Result<End> take(std::string_view segment);

  bool begun() const { return chain_.has_value(); }
  const Chain& chain() const { return *chain_; }  // requires: begun()
  const RightEdge& tree() const { return tree_; }
  const History& history() const { return history_; }
  const SegmentHeader& segment() const { return header_; }
  std::uint64_t size() const { return tree_.size(); }
  std::uint64_t next_seq() const { return seq_; }
  std::size_t place() const { return place_; }  // after the last group that holds records
  EntryIndex& entries() { return entries_; }

 private:
  Status take_group(const Group& group, std::string_view segment);
  Status take_item(const Item& item, std::size_t offset);
  Status take_leaf(const Leaf& leaf, const Digest& hash);
  Status check_payload(const Leaf& leaf, std::string_view payload) const;

  Depth depth_;
  Visit visit_;
  std::optional<Chain> chain_;
  RightEdge tree_;
  History history_;
  EntryIndex entries_;
  SegmentHeader header_;
  std::uint64_t seq_ = 0;
  std::size_t place_ = 0;
  std::optional<Error> broken_;  // by a record
};

// Walks a whole log: all its segments. Only the last may end in a torn write, and how it ends is
// returned. Errors: kCorrupt, kNotFound (no log there), kUnavailable.
Result<Walk::End> walk_log(Io& io, const LogPlace& log, Walk& walk);

}  // namespace groove::ledger
