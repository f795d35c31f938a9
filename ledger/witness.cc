#include "ledger/witness.h"

#include "ledger/core/lines.h"
#include "ledger/core/proof.h"

namespace groove::ledger {
namespace {

constexpr int kConflictStatus = 409, kOkStatus = 200;

std::unexpected<Error> refused(const Policy::Member& witness, const HttpReply& reply) {
  return fail(Errc::kConflict, "the witness " + witness.name + " refuses with status " +
                                   std::to_string(reply.status) + ": " + reply.body.substr(0, 200));
}

// Of what the witness sent, the lines of its own key; the note with them must open.
Result<std::string> own_lines(const Policy::Member& witness, const std::string& note,
                              std::string_view lines) {
  std::string own;
  const std::string start = "\u2014 " + witness.key.name + " ";
  while (const auto line = take_line(lines))
    if (line->starts_with(start)) own += std::string(*line) + "\n";
  if (const auto opened = open_note(note + own, {&witness.key, 1}); !opened)
    return fail(Errc::kCorrupt, "the witness " + witness.name + ": " + opened.error().message);
  return own;
}

}  // namespace

Result<std::string> ask_witness(const Exchange& exchange, const Policy::Member& witness,
                                const PublicLog& log) {
  std::uint64_t old_size = 0;
  // It says what it saw last; in between somebody else may have shown it more.
  for (int asked = 0; asked < 3; ++asked) {
    const auto growth = log.prove_growth(old_size, std::nullopt);
    if (!growth) return std::unexpected(growth.error());
    const std::string body = encode_growth(*growth);
    const auto reply = exchange(witness.url + "/add-checkpoint", &body);
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == kOkStatus) return own_lines(witness, growth->checkpoint, reply->body);
    if (reply->status != kConflictStatus) return refused(witness, *reply);
    std::string_view text = reply->body;
    const auto size = parse_decimal(take_line(text).value_or(""));
    if (!size || *size > log.head().size) return refused(witness, *reply);
    old_size = *size;
  }
  return fail(Errc::kConflict, "the witness " + witness.name + " cannot make up its mind");
}

}  // namespace groove::ledger
