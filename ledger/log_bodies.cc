#include "ledger/log_bodies.h"

#include "groove/v1/ledger.pb.h"
#include "ledger/core/base64.h"

namespace groove::ledger {
namespace {

template <class Message>
bool parse(Message& message, std::string_view bytes) {
  return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// What both keys sign.
std::string change(const VerifierKey& from, const VerifierKey& to, const Standing& at) {
  return "groove-ledger/v1 keychange\n" + from.text() + "\n" + to.text() + "\n" +
         std::to_string(at.index) + "\n" + to_base64(as_bytes(at.prev)) + "\n";
}

}  // namespace

std::string genesis_body(const Genesis& genesis) {
  v1::GenesisBody body;
  body.set_origin(genesis.origin);
  body.set_vkey(genesis.vkey);
  body.set_previous_checkpoint(genesis.previous);
  return body.SerializeAsString();
}

Result<Genesis> genesis_of(std::string_view bytes) {
  v1::GenesisBody body;
  if (!parse(body, bytes) || body.origin().empty())
    return fail(Errc::kCorrupt, "its body is not that of a genesis leaf");
  return Genesis{body.origin(), body.vkey(), body.previous_checkpoint()};
}

std::string key_change_body(const SignerKey& from, const SignerKey& to, const Standing& at) {
  const VerifierKey next = to.verifier();
  const std::string text = change(from.verifier(), next, at);
  v1::KeyChangeBody body;
  body.set_new_vkey(next.text());
  body.set_new_key_signature(sign_bytes(text, to));
  body.set_old_key_signature(sign_bytes(text, from));
  return body.SerializeAsString();
}

Result<VerifierKey> changed_key(std::string_view bytes, const VerifierKey& from,
                                const Standing& at) {
  v1::KeyChangeBody body;
  const auto to = parse(body, bytes) ? parse_vkey(body.new_vkey())
                                     : fail(Errc::kCorrupt, "its body is not a change of keys");
  if (!to) return fail(Errc::kCorrupt, to.error().message);
  if (to->name != from.name || to->type != KeyType::kEd25519)
    return fail(Errc::kCorrupt, "its new key is not of this log");
  const std::string text = change(from, *to, at);
  if (!verify_bytes(text, body.old_key_signature(), from))
    return fail(Errc::kCorrupt, "the old key did not sign this change of keys");
  if (!verify_bytes(text, body.new_key_signature(), *to))
    return fail(Errc::kCorrupt, "the new key did not sign this change of keys");
  return to;
}

std::string shard_head_body(const VerifierKey& key, const std::string& note) {
  v1::ShardHeadBody body;
  body.set_checkpoint(note);
  body.set_vkey(key.text());
  return body.SerializeAsString();
}

Result<ShardHead> shard_head_of(std::string_view bytes) {
  v1::ShardHeadBody body;
  const auto key = parse(body, bytes) ? parse_vkey(body.vkey())
                                      : fail(Errc::kCorrupt, "its body is not a log's head");
  if (!key) return fail(Errc::kCorrupt, key.error().message);
  const auto head = open_checkpoint(body.checkpoint(), *key);
  if (!head) return std::unexpected(head.error());
  return ShardHead{*key, body.checkpoint(), *head};
}

std::string seal_body(const VerifierKey& next) {
  v1::SealBody body;
  body.set_next_origin(next.name);
  body.set_next_vkey(next.text());
  return body.SerializeAsString();
}

Result<VerifierKey> sealed_for_log(std::string_view bytes) {
  v1::SealBody body;
  const auto key = parse(body, bytes) ? parse_vkey(body.next_vkey())
                                      : fail(Errc::kCorrupt, "its body is not that of a seal");
  if (!key || key->name != body.next_origin())
    return fail(Errc::kCorrupt, "the seal does not name the log that goes on, and its key");
  return key;
}

}  // namespace groove::ledger
