#include "ledger/core/note.h"

#include <sodium.h>

#include <algorithm>
#include <optional>

#include "ledger/core/base64.h"
#include "ledger/core/lines.h"
#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"
#include "workers/base/utf8.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";
constexpr std::size_t kNoteBytesMax = 1'000'000;
constexpr std::size_t kSignaturesMax = 100;

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string id_hex(std::uint32_t id) {
  std::string bytes;
  append_be(bytes, id);
  return to_hex(bytes);
}

// name+hex(id)+base64(type || 32 bytes), as both kinds of key are written.
struct KeyText {
  std::string name, id, bytes;
  KeyType type;
};
std::optional<KeyText> parse_key_text(std::string_view text) {
  const std::size_t first = text.find('+');
  if (first == text.npos || text.size() < first + 10 || text[first + 9] != '+') return std::nullopt;
  const auto bytes = from_base64(text.substr(first + 10));
  if (!bytes || bytes->size() != 33) return std::nullopt;
  const auto type = static_cast<KeyType>((*bytes)[0]);
  if (type != KeyType::kEd25519 && type != KeyType::kCosignature) return std::nullopt;
  KeyText key{std::string(text.substr(0, first)), std::string(text.substr(first + 1, 8)),
              bytes->substr(1), type};
  if (!is_key_name(key.name)) return std::nullopt;
  return key;
}

std::string secret_of(const SignerKey& key, std::string* public_key = nullptr) {
  GROOVE_CHECK(key.seed.size() == crypto_sign_SEEDBYTES);
  std::string secret(crypto_sign_SECRETKEYBYTES, '\0'), open(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(open.data()),
                           reinterpret_cast<unsigned char*>(secret.data()), raw(key.seed));
  if (public_key != nullptr) *public_key = open;
  return secret;
}

std::string signature_line(const VerifierKey& key, std::string_view payload) {
  std::string bytes;
  append_be(bytes, key.id());
  return std::string(kDash) + key.name + " " + to_base64(bytes.append(payload)) + "\n";
}

std::string cosigned_text(std::uint64_t time, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(time) + "\n" + std::string(text);
}

struct SignatureLine {
  std::string_view name;
  std::uint32_t id = 0;
  std::string payload;
};
std::optional<SignatureLine> parse_signature(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  const auto bytes = from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) return std::nullopt;
  return SignatureLine{line.substr(0, space), read_be<std::uint32_t>(*bytes, 0), bytes->substr(4)};
}

bool verifies(std::string_view text, const SignatureLine& line, const VerifierKey& key) {
  std::string_view signature = line.payload;
  std::string signed_text(text);
  if (key.type == KeyType::kCosignature) {
    if (signature.size() != 8 + crypto_sign_BYTES) return false;
    signed_text = cosigned_text(read_be<std::uint64_t>(signature, 0), text);
    signature.remove_prefix(8);
  }
  return verify_bytes(signed_text, signature, key);
}

std::unexpected<Error> not_a_note(const std::string& why) {
  return fail(Errc::kCorrupt, "this is not a signed note: " + why);
}

}  // namespace

std::string sign_bytes(std::string_view bytes, const SignerKey& key) {
  std::string secret = secret_of(key), signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, raw(bytes),
                       bytes.size(), raw(secret));
  sodium_memzero(secret.data(), secret.size());
  return signature;
}

bool verify_bytes(std::string_view bytes, std::string_view signature, const VerifierKey& key) {
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(raw(signature), raw(bytes), bytes.size(),
                                     raw(key.public_key)) == 0;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && valid_utf8(name) && std::ranges::none_of(name, [](unsigned char c) {
    return c <= ' ' || c == '+' || c == 0x7f;
  });
}

std::uint32_t VerifierKey::id() const {
  const char type_byte = static_cast<char>(type);
  const Digest digest =
      Sha256().update(name).update("\n").update({&type_byte, 1}).update(public_key).finish();
  return read_be<std::uint32_t>(as_bytes(digest), 0);
}

std::string VerifierKey::text() const {
  return name + "+" + id_hex(id()) + "+" +
         to_base64(std::string(1, static_cast<char>(type)) + public_key);
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  const auto parts = parse_key_text(text);
  if (!parts) return fail(Errc::kInvalid, "that is not a verifier key (name+id+key)");
  VerifierKey key{parts->name, parts->type, parts->bytes};
  if (id_hex(key.id()) != parts->id)
    return fail(Errc::kInvalid, "the verifier key's id is not that of its name and key");
  return key;
}

VerifierKey SignerKey::verifier() const {
  VerifierKey key{.name = name, .public_key = {}};
  std::string secret = secret_of(*this, &key.public_key);
  sodium_memzero(secret.data(), secret.size());
  return key;
}

std::string SignerKey::text() const {
  return "PRIVATE+KEY+" + name + "+" + id_hex(verifier().id()) + "+" + to_base64("\x01" + seed);
}

Result<SignerKey> parse_skey(std::string_view text) {
  constexpr std::string_view kPrefix = "PRIVATE+KEY+";
  if (!text.starts_with(kPrefix)) return fail(Errc::kInvalid, "that is not a signing key");
  const auto parts = parse_key_text(text.substr(kPrefix.size()));
  if (!parts || parts->type != KeyType::kEd25519)
    return fail(Errc::kInvalid, "that is not a signing key");
  SignerKey key{parts->name, parts->bytes};
  if (id_hex(key.verifier().id()) != parts->id)
    return fail(Errc::kInvalid, "the signing key's id is not that of its name and key");
  return key;
}

std::string sign_note(std::string_view text, const SignerKey& key) {
  GROOVE_CHECK(text.ends_with('\n'));
  return std::string(text) + "\n" + sign_line(text, key);
}

std::string sign_line(std::string_view text, const SignerKey& key) {
  return signature_line(key.verifier(), sign_bytes(text, key));
}

std::string cosign(std::string_view text, const SignerKey& key, std::uint64_t time) {
  VerifierKey verifier = key.verifier();
  verifier.type = KeyType::kCosignature;
  std::string payload;
  append_be(payload, time);
  return signature_line(verifier, payload + sign_bytes(cosigned_text(time, text), key));
}

Result<Note> open_note(std::string_view note, std::span<const VerifierKey> keys) {
  if (note.size() > kNoteBytesMax) return not_a_note("it is too long");
  if (!valid_utf8(note)) return not_a_note("it is not UTF-8");
  if (std::ranges::any_of(note, [](unsigned char c) { return c < ' ' && c != '\n'; }))
    return not_a_note("it has control bytes");
  const std::size_t split = note.rfind("\n\n");
  if (split == note.npos) return not_a_note("it has no signatures");
  Note out{.text = std::string(note.substr(0, split + 1)), .keys = {}};
  std::string_view rest = note.substr(split + 2);
  if (rest.empty() || !rest.ends_with('\n')) return not_a_note("its last line has no end");
  for (std::size_t count = 0; auto line = take_line(rest); ++count) {
    const auto signature = parse_signature(*line);
    if (!signature || count == kSignaturesMax) return not_a_note("a signature line is malformed");
    for (const VerifierKey& key : keys) {
      if (key.name != signature->name || key.id() != signature->id) continue;
      if (!verifies(out.text, *signature, key))
        return fail(Errc::kCorrupt, "the signature of " + key.name + " is wrong");
      if (std::ranges::find(out.keys, key.name) == out.keys.end()) out.keys.push_back(key.name);
    }
  }
  if (out.keys.empty()) return fail(Errc::kCorrupt, "the note bears no signature of a known key");
  return out;
}

}  // namespace groove::ledger
