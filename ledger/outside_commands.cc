// What the log asks of others: witnesses to sign its head, a calendar to timestamp it.
#include <boost/json.hpp>
#include <iostream>

#include "ledger/anchor.h"
#include "ledger/commands.h"
#include "ledger/core/policy.h"
#include "ledger/http.h"
#include "ledger/layout.h"
#include "ledger/public_log.h"
#include "ledger/witness.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"

namespace groove::ledger {
namespace {

namespace json = boost::json;

std::string described(const Attestation& attestation) {
  switch (attestation.kind) {
    case Attestation::Kind::kPending:
      return "promised by " + attestation.calendar;
    case Attestation::Kind::kBitcoin:
      return "in Bitcoin block " + std::to_string(attestation.height) + ", if its Merkle root is " +
             to_hex(attestation.message);
    default:
      return "attested by somebody unknown here";
  }
}

int show_anchor(const Arguments& arguments, const PublicLog& log) {
  const auto timestamp =
      read_anchor(system_io(), published_folder(arguments), *arguments.size, log.key());
  if (!timestamp) return report(timestamp.error());
  json::array all;
  for (const Attestation& attestation : timestamp->attestations)
    all.emplace_back(described(attestation));
  std::string text = "the head of " + std::to_string(*arguments.size) + " records";
  for (const auto& one : all) text += "\n  " + std::string(one.as_string());
  say(arguments, {{"size", *arguments.size}, {"attestations", all}}, text);
  return kYes;
}

}  // namespace

int run_witness(const Arguments& arguments) {
  const auto text = read_file(arguments.policy);
  const auto policy = text ? parse_policy(*text) : std::unexpected(text.error());
  if (!policy) return report(policy.error());
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  std::string note = log->note();
  int asked = 0, signed_by = 0;
  for (const Policy::Member& witness : policy->members) {
    if (witness.url.empty()) continue;
    ++asked;
    const auto lines = ask_witness(exchange, witness, *log);
    if (!lines) {
      std::cerr << "groove-ledger: " << lines.error().message << '\n';
      continue;
    }
    ++signed_by;
    if (note.find(*lines) == note.npos) note += *lines;
  }
  if (signed_by > 0)
    if (const int stored = store_cosigned(arguments, note, log->head().size); stored != kYes)
      return stored;
  const bool holds = open_cosigned(note, *policy).has_value();
  say(arguments,
      {{"size", log->head().size}, {"asked", asked}, {"signed", signed_by}, {"quorum", holds}},
      std::to_string(signed_by) + " of " + std::to_string(asked) +
          " witnesses signed the head of " + std::to_string(log->head().size) + " records" +
          (holds ? "; the policy holds" : "; the policy does not hold"));
  return holds ? kYes : kNo;
}

int run_anchor(const Arguments& arguments) {
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  if (arguments.size) return show_anchor(arguments, *log);
  const auto folder = published_folder(arguments);
  if (auto ok = queue_anchor(system_io(), folder, log->note(), log->head().size); !ok)
    return report(ok.error());
  const auto done = anchor_queued(system_io(), folder, arguments.calendar, exchange);
  if (!done) return report(done.error());
  say(arguments, {{"anchored", done->done}, {"waiting", done->waiting}},
      std::to_string(done->done) + " heads are timestamped, " + std::to_string(done->waiting) +
          " wait" + (done->waiting ? ": " + done->why : ""));
  return done->waiting == 0 ? kYes : kNo;
}

}  // namespace groove::ledger
