// The public part of the ledger, as plain files: the signed head, the key, and the tiles that any
// tlog-tiles client reads.
#pragma once

#include <filesystem>
#include <string_view>

#include "gateway/core/reply.h"

namespace groove::gateway {

class LedgerFiles {
 public:
  explicit LedgerFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // `path` begins with /ledger/. 404 for what is not there or is no name of a published file; 503
  // when it cannot be read.
  Reply answer(std::string_view path) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace groove::gateway
