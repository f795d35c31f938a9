#include "ledger/core/ots.h"

#include <algorithm>
#include <optional>

#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using namespace std::string_view_literals;

constexpr auto kMagic = "\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"sv;
constexpr auto kPendingTag = "\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e"sv;
constexpr auto kBitcoinTag = "\x05\x88\x96\x0d\x73\xd7\x19\x01"sv;
constexpr char kVersion = 1, kSha256 = 8, kAttests = 0;
constexpr char kAppend = '\xf0', kPrepend = '\xf1', kFork = '\xff';
constexpr int kDepthMax = 256;
constexpr std::size_t kAttestationsMax = 64, kMessageBytesMax = 4096, kPayloadBytesMax = 8192;

std::string hashed(std::string_view bytes) { return std::string(as_bytes(sha256(bytes))); }

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }
  std::optional<std::string_view> take(std::size_t size) {
    if (rest_.size() < size) return std::nullopt;
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::optional<std::uint64_t> take_number() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const auto byte = take(1);
      if (!byte) return std::nullopt;
      const auto bits = static_cast<unsigned char>(byte->front());
      number |= std::uint64_t{bits & 0x7fU} << shift;
      if (bits < 0x80) return number;
    }
    return std::nullopt;
  }
  std::optional<std::string_view> take_bytes(std::size_t most) {
    const auto size = take_number();
    return size && *size <= most ? take(*size) : std::nullopt;
  }

  // Whether a whole timestamp of `message` follows; its attestations go to `out`.
  bool take_timestamp(std::string message, int depth, std::vector<Attestation>& out) {
    for (; depth < kDepthMax; ++depth) {
      auto tag = take(1);
      while (tag && tag->front() == kFork) {
        const auto branch = take(1);
        if (!branch || !take_item(branch->front(), message, depth, out)) return false;
        tag = take(1);
      }
      if (!tag) return false;
      if (tag->front() == kAttests) return take_attestation(message, out);
      if (!operate(tag->front(), message)) return false;  // and on with its timestamp
    }
    return false;
  }

 private:
  bool take_item(char tag, const std::string& message, int depth, std::vector<Attestation>& out) {
    if (tag == kAttests) return take_attestation(message, out);
    std::string next = message;
    return operate(tag, next) && take_timestamp(std::move(next), depth + 1, out);
  }

  bool operate(char tag, std::string& message) {
    if (tag == kSha256) {
      message = hashed(message);
      return true;
    }
    if (tag != kAppend && tag != kPrepend) return false;
    const auto bytes = take_bytes(kMessageBytesMax);
    if (!bytes || bytes->empty() || message.size() + bytes->size() > kMessageBytesMax) return false;
    message = tag == kAppend ? message + std::string(*bytes) : std::string(*bytes) + message;
    return true;
  }

  bool take_attestation(const std::string& message, std::vector<Attestation>& out) {
    const auto tag = take(8);
    const auto payload = tag ? take_bytes(kPayloadBytesMax) : std::nullopt;
    if (!payload || out.size() == kAttestationsMax) return false;
    Attestation attestation{.message = message, .calendar = {}};
    Reader inner(*payload);
    if (*tag == kPendingTag) {
      const auto calendar = inner.take_bytes(1000);
      if (!calendar || !inner.done()) return false;
      attestation.kind = Attestation::Kind::kPending;
      attestation.calendar = *calendar;
    } else if (*tag == kBitcoinTag) {
      const auto height = inner.take_number();
      if (!height || !inner.done()) return false;
      attestation.kind = Attestation::Kind::kBitcoin;
      attestation.height = *height;
    }
    out.push_back(std::move(attestation));
    return true;
  }

  std::string_view rest_;
};

std::unexpected<Error> malformed() {
  return fail(Errc::kCorrupt, "this is not an OpenTimestamps file of a SHA-256 digest");
}

}  // namespace

Digest ots_commitment(const Digest& file, std::string_view nonce) {
  return sha256(std::string(as_bytes(file)) + std::string(nonce));
}

std::string encode_ots(const Digest& file, std::string_view nonce, std::string_view answer) {
  std::string bytes(kMagic);
  bytes += kVersion;
  bytes += kSha256;
  bytes += as_bytes(file);
  bytes += kAppend;
  bytes += static_cast<char>(nonce.size());
  bytes += nonce;
  bytes += kSha256;
  return bytes += answer;
}

Result<Timestamp> decode_ots(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.take(kMagic.size()) != kMagic || reader.take(2) != "\x01\x08"sv) return malformed();
  const auto digest = reader.take(32);
  if (!digest) return malformed();
  Timestamp out;
  std::ranges::copy(*digest, out.file.bytes.begin());
  if (!reader.take_timestamp(std::string(*digest), 0, out.attestations) || !reader.done())
    return malformed();
  return out;
}

}  // namespace groove::ledger
