#include "ledger/core/seal.h"

#include <sodium.h>

#include <algorithm>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string hmac(std::string_view key, std::string_view bytes) {
  crypto_auth_hmacsha256_state state;
  std::string out(crypto_auth_hmacsha256_BYTES, '\0');
  crypto_auth_hmacsha256_init(&state, raw(key), key.size());
  crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
  crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char*>(out.data()));
  return out;
}

// RFC 5869.
std::string hkdf(std::string_view secret, std::string_view salt, std::string_view info,
                 std::size_t size) {
  const std::string key = hmac(salt, secret);
  std::string out, block;
  for (char i = 1; out.size() < size; ++i) {
    block = hmac(key, block.append(info) + i);
    out += block;
  }
  out.resize(size);
  return out;
}

std::string associated(std::string_view origin, const EventId& entry_id) {
  std::string out = "groove-ledger/v1 seal\n";
  return out.append(origin).append("\n").append(as_bytes(entry_id));
}

}  // namespace

RecordKeys derive_keys(std::string_view secret, const EventId& entry_id) {
  const std::string okm = hkdf(secret, as_bytes(entry_id), "groove-ledger/v1 record", 96);
  return {okm.substr(0, 32), okm.substr(32, 32), okm.substr(64, 32)};
}

std::string Commitments::part() const {
  std::string out;
  for (const Digest* digest : {&input, &output, &sealed, &key_tag}) out += as_bytes(*digest);
  return out;
}

std::string seal(const RecordKeys& keys, std::string_view nonce, std::string_view origin,
                 const EventId& entry_id, const Content& content) {
  GROOVE_CHECK(nonce.size() == kSealNonceBytes);
  std::string plain;
  append_be(plain, static_cast<std::uint32_t>(content.input.size()));
  plain.append(content.input).append(content.output);
  const std::string aad = associated(origin, entry_id);
  std::string cipher(plain.size() + kTagBytes, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(reinterpret_cast<unsigned char*>(cipher.data()),
                                             nullptr, raw(plain), plain.size(), raw(aad),
                                             aad.size(), nullptr, raw(nonce), raw(keys.seal));
  return std::string(nonce) + cipher;
}

Result<Content> unseal(const RecordKeys& keys, std::string_view sealed, std::string_view origin,
                       const EventId& entry_id) {
  const auto refused = [] {
    return fail(Errc::kCorrupt, "the sealed record does not open with this key");
  };
  if (sealed.size() < kSealNonceBytes + kTagBytes) return refused();
  const std::string_view cipher = sealed.substr(kSealNonceBytes);
  const std::string aad = associated(origin, entry_id);
  std::string plain(cipher.size() - kTagBytes, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, raw(cipher),
          cipher.size(), raw(aad), aad.size(), raw(sealed), raw(keys.seal)) != 0)
    return refused();
  if (plain.size() < 4 || plain.size() - 4 < read_be<std::uint32_t>(plain, 0)) return refused();
  const std::size_t input = read_be<std::uint32_t>(plain, 0);
  return Content{plain.substr(4, input), plain.substr(4 + input)};
}

Digest commit(std::string_view key, std::string_view bytes) {
  Digest digest;
  std::ranges::copy(hmac(key, bytes), digest.bytes.begin());
  return digest;
}

Digest key_tag(std::string_view key_id, const EventId& entry_id) {
  return Sha256().update("groove-ledger/v1 key").update(key_id).update(as_bytes(entry_id)).finish();
}

Digest key_commitment(std::string_view key_id) { return sha256(key_id); }

Commitments commitments(const RecordKeys& keys, const Content& content, std::string_view sealed,
                        std::string_view key_id, const EventId& entry_id) {
  return {.input = commit(keys.input, content.input),
          .output = commit(keys.output, content.output),
          .sealed = sha256(sealed),
          .key_tag = key_tag(key_id, entry_id)};
}

}  // namespace groove::ledger
