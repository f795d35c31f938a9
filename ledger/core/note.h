// Signed notes (C2SP signed-note): a text, an empty line, and lines that sign the text.
//
//   — <key name> base64(key id, 4 bytes big-endian || signature)
//
// Ed25519 (type 1) signs the text with its last newline; a witness's cosignature (type 4) signs
// "cosignature/v1\ntime <t>\n" and the text. Lines of unknown keys are ignored; a line of a known
// key that does not verify makes the whole note bad.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/result.h"

namespace groove::ledger {

enum class KeyType : std::uint8_t { kEd25519 = 1, kCosignature = 4 };

struct VerifierKey {
  std::string name;
  KeyType type = KeyType::kEd25519;
  std::string public_key;  // 32 bytes

  std::uint32_t id() const;
  std::string text() const;  // the vkey: name+hex(id)+base64(type || public key)
  bool operator==(const VerifierKey&) const = default;
};
// Errors: kInvalid.
Result<VerifierKey> parse_vkey(std::string_view text);

struct SignerKey {
  std::string name;
  std::string seed;  // 32 bytes, secret

  VerifierKey verifier() const;
  std::string text() const;  // Go's: PRIVATE+KEY+name+hex(id)+base64(type || seed)
};
// Errors: kInvalid.
Result<SignerKey> parse_skey(std::string_view text);
// A name that a key may have: not empty, no space, no plus, no control byte.
bool is_key_name(std::string_view name);

// 64 bytes over exactly these.
std::string sign_bytes(std::string_view bytes, const SignerKey& key);
bool verify_bytes(std::string_view bytes, std::string_view signature, const VerifierKey& key);

// Requires: `text` ends with a newline.
std::string sign_note(std::string_view text, const SignerKey& key);
// The line, with its newline, that one more key adds to a note of that text.
std::string sign_line(std::string_view text, const SignerKey& key);
// The signature line, with its newline, that a witness adds at `time` (Unix seconds).
std::string cosign(std::string_view text, const SignerKey& key, std::uint64_t time);

struct Note {
  std::string text;               // with its last newline
  std::vector<std::string> keys;  // names of those of the known keys that signed it
};
// Errors: kCorrupt (not a note, or signed by none of `keys`, or one of their signatures is wrong).
Result<Note> open_note(std::string_view note, std::span<const VerifierKey> keys);

}  // namespace groove::ledger
