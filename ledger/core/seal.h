// How one record of one listener is sealed, so that what the log commits to can be published and
// yet be forgotten: without the listener's key a record is noise of known length.
//
//   okm = HKDF-SHA256(ikm key, salt entry id, info "groove-ledger/v1 record", 96) = seal || in ||
//   out input commitment = HMAC-SHA256(in, input)     output commitment = HMAC-SHA256(out, output)
//   sealed = nonce 24 || XChaCha20-Poly1305(seal, nonce, u32be len(input) || input || output,
//                                   aad "groove-ledger/v1 seal\n" || origin || "\n" || entry id)
//   key tag = SHA-256("groove-ledger/v1 key" || key id || entry id)
//   part = input commitment || output commitment || SHA-256(sealed) || key tag
#pragma once

#include <string>
#include <string_view>

#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

inline constexpr std::size_t kSealKeyBytes = 32;
inline constexpr std::size_t kSealNonceBytes = 24;
inline constexpr std::size_t kKeyIdBytes = 16;

struct ListenerKey {
  std::string secret;  // 32 random bytes: who has them opens all records of that listener
  std::string id;      // 16 random bytes: names the key without telling whose it is
};

struct RecordKeys {
  std::string seal, input, output;  // 32 bytes each
};
RecordKeys derive_keys(std::string_view secret, const EventId& entry_id);

struct Content {
  std::string input, output;
};

struct Commitments {
  Digest input, output, sealed, key_tag;

  std::string part() const;
  bool operator==(const Commitments&) const = default;
};

// `nonce`: 24 random bytes.
std::string seal(const RecordKeys& keys, std::string_view nonce, std::string_view origin,
                 const EventId& entry_id, const Content& content);
// Errors: kCorrupt (another key, or not what was sealed).
Result<Content> unseal(const RecordKeys& keys, std::string_view sealed, std::string_view origin,
                       const EventId& entry_id);

Digest commit(std::string_view key, std::string_view bytes);  // HMAC-SHA256
Digest key_tag(std::string_view key_id, const EventId& entry_id);
Digest key_commitment(std::string_view key_id);  // what an erasure leaf names: SHA-256(key id)
Commitments commitments(const RecordKeys& keys, const Content& content, std::string_view sealed,
                        std::string_view key_id, const EventId& entry_id);

}  // namespace groove::ledger
