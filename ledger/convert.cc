#include "ledger/convert.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wire_format_lite.h>

#include "groove/v1/event.pb.h"
#include "groove/v1/ledger.pb.h"
#include "ledger/core/hash.h"
#include "ledger/core/merkle.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using google::protobuf::internal::WireFormatLite;

Digest parts_root(std::string_view payload) {
  const Digest part = leaf_hash(as_bytes(sha256(payload)));
  return merkle_root({&part, 1});
}

template <class Message>
bool parse(Message& message, std::string_view bytes) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

template <class Message>
std::string json(std::string_view bytes) {
  Message message;
  std::string text;
  if (!parse(message, bytes) || !google::protobuf::util::MessageToJsonString(message, &text).ok())
    return "null";
  return text;
}

}  // namespace

std::string genesis_body(std::string_view origin) {
  v1::GenesisBody body;
  body.set_origin(std::string(origin));
  return body.SerializeAsString();
}

Result<std::string> origin_of(std::string_view genesis_body) {
  v1::GenesisBody body;
  if (!parse(body, genesis_body) || body.origin().empty())
    return fail(Errc::kCorrupt, "its body is not that of a genesis leaf");
  return body.origin();
}

std::string batch_body(std::string_view payload) {
  v1::BatchBody body;
  body.set_parts(1);
  body.set_parts_root(std::string(as_bytes(parts_root(payload))));
  return body.SerializeAsString();
}

Status check_batch(std::string_view body, std::string_view payload) {
  v1::BatchBody batch;
  if (!parse(batch, body) || batch.parts() != 1)
    return fail(Errc::kCorrupt, "its body is not that of a batch");
  if (batch.parts_root() != as_bytes(parts_root(payload)))
    return fail(Errc::kCorrupt, "its payload is not the one that its leaf commits to");
  return {};
}

std::string to_payload(const Work& work) {
  v1::BatchRecorded record;
  record.set_listener(work.listener.value);
  record.set_sequence(work.sequence);
  record.set_event_id(std::string(as_bytes(work.event)));
  if (work.fact.has_batch_scored()) {
    *record.mutable_batch() = work.fact.batch_scored();
  } else {
    GROOVE_CHECK(work.fact.has_event_refused());
    *record.mutable_refused() = work.fact.event_refused();
  }
  return record.SerializeAsString();
}

Result<Asked> asked_by(std::string_view payload) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(payload.data()),
                                            static_cast<int>(payload.size()));
  Asked asked;
  bool whole = true;
  while (whole) {
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) break;
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    if (field == v1::BatchRecorded::kListenerFieldNumber)
      whole = in.ReadLittleEndian64(&asked.listener.value);
    else if (field == v1::BatchRecorded::kSequenceFieldNumber)
      whole = in.ReadVarint64(&asked.sequence);
    else
      whole = WireFormatLite::SkipField(&in, tag);
  }
  if (!whole || !in.ConsumedEntireMessage())
    return fail(Errc::kCorrupt, "its payload is not the answer to an event");
  return asked;
}

Result<std::string> to_answer(std::string_view payload, std::uint64_t index,
                              const Digest& leaf_hash, std::uint64_t time_us) {
  v1::BatchRecorded answer;
  if (!parse(answer, payload))
    return fail(Errc::kCorrupt, "the payload is not the answer to an event");
  answer.set_ledger_index(index);
  answer.set_leaf_hash(std::string(as_bytes(leaf_hash)));
  answer.set_recorded_at_us(static_cast<std::int64_t>(time_us));
  return answer.SerializeAsString();
}

std::string body_json(const Leaf& leaf) {
  switch (leaf.kind) {
    case Kind::kGenesis:
      return json<v1::GenesisBody>(leaf.body);
    case Kind::kBatch:
      return json<v1::BatchBody>(leaf.body);
    case Kind::kManifest:
      return json<v1::ManifestBody>(leaf.body);
    default:
      return "null";
  }
}

std::string payload_json(std::string_view payload) { return json<v1::BatchRecorded>(payload); }

}  // namespace groove::ledger
