// Between the messages and the ledger's bytes: what is recorded, and answers. What a log says of
// itself is in log_bodies.h.
//
// The payload of a batch is a serialised BatchRecorded without its ledger fields (index, leaf hash,
// time): with them it is the answer, so the same record always gives the same answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/core/record.h"
#include "ledger/core/seal.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/worker.h"

namespace groove::ledger {

// Commits to the payload: one part; parts_root is the Merkle root over it. The part is SHA-256 of a
// clear payload, or the commitments of a sealed one (core/seal.h). `manifest`: the record that says
// what the batch was computed with; 0 is none.
std::string batch_body(std::string_view payload, std::uint64_t manifest = 0);
// Errors: kCorrupt (not a batch body, or of another payload).
Status check_batch(std::string_view body, std::string_view payload);

struct Manifest {
  Digest build;  // of the scorer's program
  std::string catalogue, model;
};
// What the batch of `fact` was computed with; nothing for a refusal.
std::optional<Manifest> manifest_of(const v1::Event& fact, const Digest& build);
std::string manifest_body(const Manifest& manifest);

std::string erasure_body(std::string_view key_id);

// A payload sealed for one listener.
struct Sealed {
  std::string key_id;
  std::uint64_t sequence = 0;
};
bool is_sealed(std::string_view payload);
std::string seal_payload(const ListenerKey& key, std::string_view nonce, std::string_view origin,
                         const EventId& entry_id, std::uint64_t sequence, const Content& content);
// Errors: kCorrupt.
Result<Sealed> sealed_for(std::string_view payload);
// Also checks that the content is the one committed to. Errors: kCorrupt.
Result<Content> open_payload(const ListenerKey& key, std::string_view origin,
                             const EventId& entry_id, std::string_view payload);

// What the scorer recorded to compute the batch anew: a serialised RecordedInput; empty for a
// refusal.
std::string to_input(const Work& work);
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
// What follows an answer: it opens the output of a sealed payload and nothing else. Empty for a
// payload that is not sealed. `log`: the
// name of the log that holds the record.
std::string disclosure(const ListenerKey& key, const EventId& entry_id, std::string_view payload,
                       const std::string& log);

// What a receipt's proof carries: the leaf and, where it is disclosed, the answer.
struct ReceiptContent {
  std::string leaf;
  std::string answer;  // a BatchRecorded without its ledger fields; empty: not disclosed
};
// Checks that the leaf commits to the answer. `extra`: a serialised Receipt, or a leaf by itself.
// Errors: kCorrupt.
Result<ReceiptContent> open_receipt(std::string_view extra);

// What is needed to compute the batch of an output anew. Errors: kInvalid (a refusal).
struct Recorded {
  std::string batch;  // a serialised BatchScored
  std::uint64_t sequence = 0;
  EventId event;
};
Result<Recorded> recorded_batch(std::string_view output);
// Empty when both are the same batch, byte for byte; else the first field that differs, and how.
std::string first_difference(std::string_view recorded, std::string_view replayed);

// "20 songs" or why there are none.
std::string in_short(std::string_view answer);
// A leaf's body and a payload as JSON, for people.
std::string body_json(const Leaf& leaf);
std::string payload_json(std::string_view payload);

}  // namespace groove::ledger
