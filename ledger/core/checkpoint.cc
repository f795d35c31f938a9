#include "ledger/core/checkpoint.h"

#include <algorithm>

#include "ledger/core/base64.h"
#include "ledger/core/hash.h"
#include "ledger/core/lines.h"

namespace groove::ledger {

std::string encode_checkpoint(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         to_base64(as_bytes(checkpoint.root)) + "\n";
}

Result<Checkpoint> decode_checkpoint(std::string_view text) {
  const auto origin = take_line(text), size = take_line(text), root = take_line(text);
  if (!origin || origin->empty() || !size || !root)
    return fail(Errc::kCorrupt, "a checkpoint has three lines: origin, size, root");
  const auto number = parse_decimal(*size);
  if (!number) return fail(Errc::kCorrupt, "the checkpoint's size is not a number");
  const auto hash = from_base64(*root);
  if (!hash || hash->size() != 32) return fail(Errc::kCorrupt, "the checkpoint's root is no hash");
  Checkpoint out{.origin = std::string(*origin), .size = *number, .root = {}};
  std::ranges::copy(*hash, out.root.bytes.begin());
  if (out.size == 0 && out.root != empty_root())
    return fail(Errc::kCorrupt, "the checkpoint of nothing has another root than SHA-256(\"\")");
  return out;
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& key) {
  return open_checkpoint(note, {&key, 1});
}

Result<Checkpoint> open_checkpoint(std::string_view note, std::span<const VerifierKey> keys) {
  const auto opened = open_note(note, keys);
  if (!opened) return std::unexpected(opened.error());
  auto checkpoint = decode_checkpoint(opened->text);
  if (checkpoint && checkpoint->origin != opened->keys.front())
    return fail(Errc::kCorrupt, "the checkpoint is of " + checkpoint->origin + ", the key of " +
                                    opened->keys.front());
  return checkpoint;
}

}  // namespace groove::ledger
