#include "ledger/core/proof.h"

#include <algorithm>
#include <optional>

#include "ledger/core/base64.h"
#include "ledger/core/lines.h"
#include "ledger/core/merkle.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::size_t kHashesMax = 63;

std::string hash_lines(const std::vector<Digest>& hashes) {
  std::string text;
  for (const Digest& hash : hashes) text += to_base64(as_bytes(hash)) + "\n";
  return text;
}

// Up to and with the empty line.
std::optional<std::vector<Digest>> take_hashes(std::string_view& text) {
  std::vector<Digest> hashes;
  while (const auto line = take_line(text)) {
    if (line->empty()) return hashes;
    const auto bytes = from_base64(*line);
    if (!bytes || bytes->size() != 32 || hashes.size() == kHashesMax) return std::nullopt;
    std::ranges::copy(*bytes, hashes.emplace_back().bytes.begin());
  }
  return std::nullopt;
}

// The number of a line "<word> <number>".
std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view word) {
  const auto line = take_line(text);
  if (!line || !line->starts_with(word)) return std::nullopt;
  return parse_decimal(line->substr(word.size()));
}

std::unexpected<Error> malformed(const std::string& what) {
  return fail(Errc::kCorrupt, "the proof is malformed: " + what);
}

}  // namespace

std::string encode_proof(const TlogProof& proof) {
  std::string text = std::string(kHeader) + "\n";
  if (!proof.extra.empty()) text += "extra " + to_base64(proof.extra) + "\n";
  return text + "index " + std::to_string(proof.index) + "\n" + hash_lines(proof.hashes) + "\n" +
         proof.checkpoint;
}

Result<TlogProof> decode_proof(std::string_view text) {
  if (take_line(text) != kHeader) return malformed("it does not start with its header");
  TlogProof proof;
  constexpr std::string_view kExtra = "extra ";
  if (text.starts_with(kExtra)) {
    const auto extra = from_base64(take_line(text).value_or("").substr(kExtra.size()));
    if (!extra || extra->empty()) return malformed("its extra data is not base64");
    proof.extra = *extra;
  }
  const auto index = take_number(text, "index ");
  if (!index) return malformed("it has no index");
  proof.index = *index;
  auto hashes = take_hashes(text);
  if (!hashes) return malformed("a line is not a hash");
  proof.hashes = std::move(*hashes);
  proof.checkpoint = text;
  return proof;
}

Result<Checkpoint> check_proof(const TlogProof& proof, const Digest& leaf, const VerifierKey& key) {
  auto checkpoint = open_checkpoint(proof.checkpoint, key);
  if (!checkpoint) return checkpoint;
  if (!verify_inclusion(leaf, proof.index, checkpoint->size, proof.hashes, checkpoint->root))
    return fail(Errc::kCorrupt,
                "the leaf is not number " + std::to_string(proof.index) + " of the signed tree");
  return checkpoint;
}

std::string encode_growth(const Growth& growth) {
  return "old " + std::to_string(growth.old_size) + "\n" + hash_lines(growth.hashes) + "\n" +
         growth.checkpoint;
}

Result<Growth> decode_growth(std::string_view text) {
  const auto old_size = take_number(text, "old ");
  if (!old_size) return malformed("it has no old size");
  auto hashes = take_hashes(text);
  if (!hashes) return malformed("a line is not a hash");
  return Growth{*old_size, std::move(*hashes), std::string(text)};
}

}  // namespace groove::ledger
