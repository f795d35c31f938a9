// Any bytes as what others publish or hand over – a checkpoint, a proof, a growth, a bundle, a
// tile's path, a key, a policy, a timestamp –: refused, or read so that writing gives the same
// bytes.
#include <cstdint>

#include "ledger/core/checkpoint.h"
#include "ledger/core/log_name.h"
#include "ledger/core/ots.h"
#include "ledger/core/policy.h"
#include "ledger/core/proof.h"
#include "ledger/core/tile.h"
#include "ledger/root.h"
#include "workers/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove::ledger;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const SignerKey signer{"groove.test/ledger", std::string(32, 'k')};
  static const VerifierKey key = signer.verifier();
  if (const auto checkpoint = decode_checkpoint(input))
    GROOVE_CHECK(input.starts_with(encode_checkpoint(*checkpoint)));
  if (const auto proof = decode_proof(input)) GROOVE_CHECK(encode_proof(*proof) == input);
  if (const auto proof = decode_rooted(input); proof && *proof)
    GROOVE_CHECK(encode_rooted(**proof) == input);
  const NamedPath named = split_log_name(input);
  GROOVE_CHECK(input.ends_with(named.path) && parse_log_name(named.log.text()) == named.log);
  if (const auto growth = decode_growth(input)) GROOVE_CHECK(encode_growth(*growth) == input);
  if (const auto leaves = decode_bundle(input, data[0]))
    GROOVE_CHECK(encode_bundle(*leaves) == input);
  if (const auto tile = parse_tile_path(input)) GROOVE_CHECK(path_of(*tile) == input);
  if (const auto other = parse_vkey(input)) GROOVE_CHECK(other->text() == input);
  if (const auto policy = parse_policy(input))
    GROOVE_CHECK(policy->quorum <= policy->members.size());
  // Behind a head of ours, or hardly any input would get past it.
  const std::string nonce(kOtsNonceBytes, 'n');
  for (const std::string& bytes : {std::string(input), encode_ots({}, nonce, input)})
    if (const auto timestamp = decode_ots(bytes)) GROOVE_CHECK(!timestamp->attestations.empty());
  static_cast<void>(open_note(input, {&key, 1}));
  // A note of ours behind bytes that are not: signatures are found, and cover what they say.
  const auto note = open_note(sign_note(std::string(input) + "\n", signer), {&key, 1});
  if (note) GROOVE_CHECK(note->text == std::string(input) + "\n");
  return 0;
}
