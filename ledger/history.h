// What a log's records say of the log itself, taken in one after the other: who it is, which key
// signs it from where on, whether it is sealed, which heads of other logs it holds. Opening,
// verifying, and a stranger's reading all learn it here, and refuse what contradicts itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/record.h"
#include "ledger/log_bodies.h"
#include "workers/base/result.h"

namespace groove::ledger {

class History {
 public:
  // Errors: kCorrupt, with what is wrong; it is then as it was.
  Status see(const Leaf& leaf);

  const Genesis& genesis() const { return genesis_; }
  // All that ever signed, the one in force last; empty in a log begun before there were signatures.
  const std::vector<VerifierKey>& keys() const { return keys_; }
  // The log that goes on, once this one is sealed.
  const std::optional<VerifierKey>& next() const { return next_; }

  struct Head {
    std::uint64_t index = 0;  // of the record
    ShardHead shard;
  };
  // The last of each log, by its origin.
  const std::map<std::string, Head>& heads() const { return heads_; }

 private:
  Status begin(const Leaf& leaf);
  Status change_key(const Leaf& leaf);
  Status take_head(const Leaf& leaf);

  Genesis genesis_;
  std::vector<VerifierKey> keys_;
  std::optional<VerifierKey> next_;
  std::map<std::string, Head> heads_;
};

}  // namespace groove::ledger
