// Whom a reader of a log trusts (C2SP tlog-policy): the log's key, witnesses, and how many of them
// must have signed a head.
//
//   log <vkey>
//   witness <name> <vkey> [<url>]
//   group <name> <k|any|all> <names of witnesses or groups above…>
//   quorum <name|none>
//
// Empty lines and those that begin with # say nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/core/checkpoint.h"
#include "ledger/core/note.h"
#include "workers/base/result.h"

namespace groove::ledger {

struct Policy {
  struct Member {  // a witness, or a group of members before it
    std::string name;
    VerifierKey key;  // of a witness, a cosignature key; of a group, no name
    std::string url;  // where it is asked; may be empty
    std::size_t needed = 0;
    std::vector<std::size_t> of;
  };
  VerifierKey log;
  std::vector<Member> members;
  std::size_t quorum = 0;  // index into members; members.size(): none is needed
};

// Errors: kInvalid, with the line.
Result<Policy> parse_policy(std::string_view text);

// The head of a note that the log and a quorum of the witnesses signed. Errors: kCorrupt.
Result<Checkpoint> open_cosigned(std::string_view note, const Policy& policy);

}  // namespace groove::ledger
