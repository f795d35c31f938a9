#include "ledger/anchor.h"

#include <algorithm>

#include "ledger/core/lines.h"
#include "ledger/layout.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

fs::path anchor_folder(const fs::path& published) { return published / "anchors"; }

// The .ots bytes of a head.
Result<std::string> ask_calendar(Io& io, const std::string& note, const std::string& calendar,
                                 const Exchange& exchange) {
  const Digest file = sha256(note);
  const std::string nonce = io.random(kOtsNonceBytes);
  const std::string asked(as_bytes(ots_commitment(file, nonce)));
  const auto reply = exchange(calendar + "/digest", &asked);
  if (!reply) return std::unexpected(reply.error());
  if (reply->status != 200)
    return fail(Errc::kUnavailable,
                "the calendar answers with status " + std::to_string(reply->status));
  std::string ots = encode_ots(file, nonce, reply->body);
  if (!decode_ots(ots)) return fail(Errc::kUnavailable, "the calendar's answer cannot be read");
  return ots;
}

}  // namespace

Status queue_anchor(Io& io, const fs::path& published, const std::string& note,
                    std::uint64_t size) {
  const fs::path file = anchor_folder(published) / std::to_string(size);
  if (const auto there = read_whole(io, file); there || there.error().code != Errc::kNotFound)
    return there ? Status{} : std::unexpected(there.error());
  if (auto ok = io.make_folder(anchor_folder(published)); !ok) return ok;
  return replace_whole(io, file, note);
}

Result<Anchored> anchor_queued(Io& io, const fs::path& published, const std::string& calendar,
                               const Exchange& exchange) {
  const auto names = io.list(anchor_folder(published));
  if (!names) return std::unexpected(names.error());
  Anchored out;
  for (const std::string& name : *names) {
    if (!parse_decimal(name) || std::ranges::find(*names, name + ".ots") != names->end()) continue;
    const fs::path file = anchor_folder(published) / name;
    const auto note = read_whole(io, file);
    if (!note) return std::unexpected(note.error());
    const auto ots = ask_calendar(io, *note, calendar, exchange);
    if (!ots) {
      if (out.waiting++ == 0) out.why = ots.error().message;
      continue;
    }
    if (auto ok = replace_whole(io, anchor_folder(published) / (name + ".ots"), *ots); !ok)
      return std::unexpected(ok.error());
    ++out.done;
  }
  return out;
}

Result<Timestamp> read_anchor(Io& io, const fs::path& published, std::uint64_t size,
                              const VerifierKey& key) {
  const fs::path file = anchor_folder(published) / std::to_string(size);
  const auto note = read_whole(io, file);
  if (!note) return std::unexpected(note.error());
  const auto head = open_checkpoint(*note, key);
  if (!head) return std::unexpected(head.error());
  const auto ots = read_whole(io, file.string() + ".ots");
  if (!ots) return std::unexpected(ots.error());
  auto timestamp = decode_ots(*ots);
  if (!timestamp) return timestamp;
  if (head->size != size || timestamp->file != sha256(*note))
    return fail(Errc::kCorrupt,
                "the timestamp is not of the head of " + std::to_string(size) + " records");
  return timestamp;
}

}  // namespace groove::ledger
