// A witness as C2SP tlog-witness has it, in memory: what a log's client is tested against.
#pragma once

#include <cstdint>
#include <string>

#include "ledger/core/checkpoint.h"
#include "ledger/core/lines.h"
#include "ledger/core/merkle.h"
#include "ledger/core/note.h"
#include "ledger/core/proof.h"
#include "ledger/http.h"

namespace groove::ledger {

class SmallWitness {
 public:
  SmallWitness(const std::string& name, char seed, VerifierKey log)
      : key_{name, std::string(32, seed)}, log_(std::move(log)) {}

  VerifierKey key() const {
    VerifierKey key = key_.verifier();
    key.type = KeyType::kCosignature;
    return key;
  }
  std::uint64_t size() const { return size_; }
  int asked() const { return asked_; }

  HttpReply add_checkpoint(const std::string& body) {
    ++asked_;
    const auto growth = decode_growth(body);
    if (!growth) return {400, "", "malformed\n"};
    const auto head = decode_checkpoint(growth->checkpoint);
    if (!head) return {400, "", "no checkpoint\n"};
    if (head->origin != log_.name) return {404, "", "unknown log\n"};
    if (!open_checkpoint(growth->checkpoint, log_)) return {403, "", "not signed by the log\n"};
    if (growth->old_size > head->size) return {400, "", "old is larger\n"};
    if (growth->old_size != size_) return {409, "text/x.tlog.size", std::to_string(size_) + "\n"};
    if (size_ > 0 && !verify_consistency(size_, root_, head->size, head->root, growth->hashes))
      return {422, "", "the log did not grow from what was seen\n"};
    size_ = head->size;
    root_ = head->root;
    const std::string text = growth->checkpoint.substr(0, growth->checkpoint.find("\n\n") + 1);
    return {200, "text/plain", cosign(text, key_, 1'700'000'000)};
  }

 private:
  SignerKey key_;
  VerifierKey log_;
  std::uint64_t size_ = 0;
  Digest root_;
  int asked_ = 0;
};

}  // namespace groove::ledger
