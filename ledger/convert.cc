#include "ledger/convert.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/protobuf/wire_format_lite.h>

#include "groove/v1/event.pb.h"
#include "groove/v1/ledger.pb.h"
#include "ledger/core/hash.h"
#include "ledger/core/merkle.h"
#include "ledger/core/segment.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using google::protobuf::internal::WireFormatLite;

template <class Message>
bool parse(Message& message, std::string_view bytes) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Nothing when it says that it is sealed, and is not.
std::optional<std::string> part_of(std::string_view payload) {
  if (!is_sealed(payload)) return std::string(as_bytes(sha256(payload)));
  v1::SealedBatch sealed;
  if (!parse(sealed, payload) || sealed.key_id().size() != kKeyIdBytes ||
      sealed.input_commit().size() != 32 || sealed.output_commit().size() != 32 ||
      sealed.key_tag().size() != 32)
    return std::nullopt;
  return sealed.input_commit() + sealed.output_commit() +
         std::string(as_bytes(sha256(sealed.sealed()))) + sealed.key_tag();
}

Digest parts_root(std::string_view part) {
  const Digest hash = leaf_hash(part);
  return merkle_root({&hash, 1});
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

std::string batch_body(std::string_view payload, std::uint64_t manifest) {
  const auto part = part_of(payload);
  GROOVE_CHECK(part);
  v1::BatchBody body;
  body.set_manifest_index(manifest);
  body.set_parts(1);
  body.set_parts_root(std::string(as_bytes(parts_root(*part))));
  return body.SerializeAsString();
}

Status check_batch(std::string_view body, std::string_view payload) {
  v1::BatchBody batch;
  if (!parse(batch, body) || batch.parts() != 1)
    return fail(Errc::kCorrupt, "its body is not that of a batch");
  const auto part = part_of(payload);
  if (!part || batch.parts_root() != as_bytes(parts_root(*part)))
    return fail(Errc::kCorrupt, "its payload is not the one that its leaf commits to");
  return {};
}

std::optional<Manifest> manifest_of(const v1::Event& fact, const Digest& build) {
  if (!fact.has_batch_scored() || fact.batch_scored().model_digest().empty()) return std::nullopt;
  const v1::BatchScored& batch = fact.batch_scored();
  return Manifest{build, batch.catalog_digest(), batch.model_digest()};
}

std::string manifest_body(const Manifest& manifest) {
  v1::ManifestBody body;
  body.set_build(std::string(as_bytes(manifest.build)));
  body.set_model(manifest.model);
  body.set_catalogue(manifest.catalogue);
  body.set_features(std::string(as_bytes(sha256("spotify-v1"))));
  body.set_toolchain("g++ " __VERSION__);
  body.set_isa("any: integer and fixed-order arithmetic");
  body.set_libm("none on the ranking path");
  body.set_rng("none");
  body.set_replay_abi(1);
  return body.SerializeAsString();
}

std::string erasure_body(std::string_view key_id) {
  v1::ErasureBody body;
  body.set_key_commit(std::string(as_bytes(key_commitment(key_id))));
  body.set_reason(1);
  return body.SerializeAsString();
}

bool is_sealed(std::string_view payload) {
  constexpr char kFirstFieldIsBytes = 0x0a;
  return payload.starts_with(kFirstFieldIsBytes);
}

std::string seal_payload(const ListenerKey& key, std::string_view nonce, std::string_view origin,
                         const EventId& entry_id, std::uint64_t sequence, const Content& content) {
  const RecordKeys keys = derive_keys(key.secret, entry_id);
  const std::string sealed = seal(keys, nonce, origin, entry_id, content);
  const Commitments made = commitments(keys, content, sealed, key.id, entry_id);
  v1::SealedBatch out;
  out.set_key_id(key.id);
  out.set_sequence(sequence);
  out.set_input_commit(std::string(as_bytes(made.input)));
  out.set_output_commit(std::string(as_bytes(made.output)));
  out.set_key_tag(std::string(as_bytes(made.key_tag)));
  out.set_sealed(sealed);
  return out.SerializeAsString();
}

Result<Sealed> sealed_for(std::string_view payload) {
  v1::SealedBatch sealed;
  if (!is_sealed(payload) || !parse(sealed, payload))
    return fail(Errc::kCorrupt, "its payload is not a sealed one");
  return Sealed{sealed.key_id(), sealed.sequence()};
}

Result<Content> open_payload(const ListenerKey& key, std::string_view origin,
                             const EventId& entry_id, std::string_view payload) {
  v1::SealedBatch sealed;
  if (!is_sealed(payload) || !parse(sealed, payload))
    return fail(Errc::kCorrupt, "its payload is not a sealed one");
  const RecordKeys keys = derive_keys(key.secret, entry_id);
  auto content = unseal(keys, sealed.sealed(), origin, entry_id);
  if (!content) return content;
  const Commitments made = commitments(keys, *content, sealed.sealed(), key.id, entry_id);
  if (sealed.input_commit() != as_bytes(made.input))
    return fail(Errc::kCorrupt, "its inputs are not those that were committed to");
  if (sealed.output_commit() != as_bytes(made.output))
    return fail(Errc::kCorrupt, "its outputs are not those that were committed to");
  if (sealed.key_tag() != as_bytes(made.key_tag))
    return fail(Errc::kCorrupt, "its key tag is not that of the key");
  return content;
}

std::string to_input(const Work& work) {
  constexpr std::size_t kInputBytesMax = kPayloadBytesMax / 2;
  if (!work.fact.has_batch_scored()) return "";
  const std::string& input = work.fact.batch_scored().recorded_input();
  return input.size() <= kInputBytesMax ? input : "";
}

std::string to_payload(const Work& work) {
  v1::BatchRecorded record;
  record.set_listener(work.listener.value);
  record.set_sequence(work.sequence);
  record.set_event_id(std::string(as_bytes(work.event)));
  if (work.fact.has_batch_scored()) {
    *record.mutable_batch() = work.fact.batch_scored();
    record.mutable_batch()->clear_recorded_input();
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

std::string disclosure(const ListenerKey& key, const EventId& entry_id, std::string_view payload,
                       const std::string& log) {
  if (!is_sealed(payload)) return "";
  v1::Disclosure out;
  out.set_part(part_of(payload).value_or(""));
  out.set_output_key(derive_keys(key.secret, entry_id).output);
  out.set_log(log);
  return out.SerializeAsString();
}

Result<ReceiptContent> open_receipt(std::string_view extra) {
  // Both begin with a bytes field 1; a leaf begins with G.
  if (!is_sealed(extra)) return ReceiptContent{std::string(extra), ""};
  v1::Receipt receipt;
  if (!parse(receipt, extra) || receipt.part().size() != 128)
    return fail(Errc::kCorrupt, "what the receipt carries cannot be read");
  const auto leaf = decode_leaf(receipt.leaf());
  if (!leaf) return fail(Errc::kCorrupt, "the receipt's record: " + leaf.error().message);
  v1::BatchBody body;
  if (leaf->kind != Kind::kBatch || !parse(body, leaf->body) || body.parts() != 1 ||
      body.parts_root() != as_bytes(parts_root(receipt.part())))
    return fail(Errc::kCorrupt, "the receipt's part is not the one that its record commits to");
  if (receipt.part().substr(32, 32) != as_bytes(commit(receipt.output_key(), receipt.output())))
    return fail(Errc::kCorrupt, "the receipt's answer is not the one that its record commits to");
  return ReceiptContent{receipt.leaf(), receipt.output()};
}

Result<Recorded> recorded_batch(std::string_view output) {
  v1::BatchRecorded record;
  const auto event = parse(record, output) ? event_id_from_bytes(record.event_id()) : std::nullopt;
  if (!event) return fail(Errc::kCorrupt, "the payload is not the answer to an event");
  if (!record.has_batch())
    return fail(Errc::kInvalid, "the record is a refusal: there is nothing to compute anew");
  return Recorded{record.batch().SerializeAsString(), record.sequence(), *event};
}

std::string first_difference(std::string_view recorded, std::string_view replayed) {
  if (recorded == replayed) return "";
  v1::BatchScored was, is;
  if (!parse(was, recorded) || !parse(is, replayed)) return "one of them is not a batch";
  if (was.method() != is.method())
    return "it was ranked by method " + std::to_string(was.method()) + ", this scorer's is " +
           std::to_string(is.method());
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&differences);
  if (differencer.Compare(was, is)) return "their encodings differ, their fields do not";
  return differences.substr(0, differences.find('\n'));
}

std::string in_short(std::string_view answer) {
  v1::BatchRecorded record;
  if (!parse(record, answer)) return "an answer that cannot be read";
  return record.has_batch() ? std::to_string(record.batch().recommendations_size()) + " songs"
                            : "no songs: " + record.refused().reason();
}

std::string body_json(const Leaf& leaf) {
  switch (leaf.kind) {
    case Kind::kGenesis:
      return json<v1::GenesisBody>(leaf.body);
    case Kind::kBatch:
      return json<v1::BatchBody>(leaf.body);
    case Kind::kManifest:
      return json<v1::ManifestBody>(leaf.body);
    case Kind::kErasure:
      return json<v1::ErasureBody>(leaf.body);
    case Kind::kKeyChange:
      return json<v1::KeyChangeBody>(leaf.body);
    case Kind::kShardHead:
      return json<v1::ShardHeadBody>(leaf.body);
    case Kind::kSeal:
      return json<v1::SealBody>(leaf.body);
  }
  return "null";
}

std::string payload_json(std::string_view payload) {
  return is_sealed(payload) ? json<v1::SealedBatch>(payload) : json<v1::BatchRecorded>(payload);
}

}  // namespace groove::ledger
