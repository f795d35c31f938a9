// Between the messages and the ledger's bytes: bodies, payloads, answers.
//
// The payload of a batch is a serialised BatchRecorded without its ledger fields (index, leaf hash,
// time): with them it is the answer, so the same record always gives the same answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/core/record.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/worker.h"

namespace groove::ledger {

std::string genesis_body(std::string_view origin);
// Errors: kCorrupt.
Result<std::string> origin_of(std::string_view genesis_body);

// Commits to the payload: one part, SHA-256(payload); parts_root is the Merkle root over it.
std::string batch_body(std::string_view payload);
// Errors: kCorrupt (not a batch body, or of another payload).
Status check_batch(std::string_view body, std::string_view payload);

// Requires: work.fact is a batch or a refusal.
std::string to_payload(const Work& work);

struct Asked {
  ListenerId listener;
  std::uint64_t sequence = 0;
};
// Who a payload answers, without reading its songs. Errors: kCorrupt.
Result<Asked> asked_by(std::string_view payload);

// The serialised BatchRecorded: `payload` and where it is recorded. Errors: kCorrupt.
Result<std::string> to_answer(std::string_view payload, std::uint64_t index,
                              const Digest& leaf_hash, std::uint64_t time_us);

// A leaf's body and a payload as JSON, for people.
std::string body_json(const Leaf& leaf);
std::string payload_json(std::string_view payload);

}  // namespace groove::ledger
