#include "ledger/ledger.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/convert.h"

namespace groove::ledger {
namespace {

Result<Effect> to_effect(std::string_view payload, const Store::Appended& record) {
  auto answer = to_answer(payload, record.index, record.leaf_hash, record.time_us);
  if (!answer) return std::unexpected(answer.error());
  return Effect{.output = std::move(*answer),
                .detail = "entry " + std::to_string(record.index) + " of the ledger"};
}

// For the listener; the log says more.
std::unexpected<Error> already_answered(std::uint64_t sequence) {
  return fail(Errc::kConflict, "The ledger already holds an answer to your request number " +
                                   std::to_string(sequence) +
                                   ", so this one was not recorded. Please ask again.");
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(Io& io, const std::filesystem::path& folder,
                                             const Clock& clock) {
  LastSequences last;
  const auto remember = [&last](const Walk::Record& record) -> Status {
    if (record.leaf.kind != Kind::kBatch) return {};
    const auto asked = asked_by(record.payload);
    if (!asked) return std::unexpected(asked.error());
    std::uint64_t& sequence = last[asked->listener];
    sequence = std::max(sequence, asked->sequence);
    return {};
  };
  auto store = Store::open(io, folder, clock, {.origin = kOrigin, .visit = remember});
  if (!store) return std::unexpected(store.error());
  return std::unique_ptr<Ledger>(new Ledger(std::move(*store), std::move(last)));
}

bool Ledger::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kBatchScored || fact == v1::Event::kEventRefused;
}

Result<Effect> Ledger::handle(const Work& work) {
  if (auto index = store_->find(work.event)) return repeat(work, *index);
  if (auto ok = check_sequence(work); !ok) return std::unexpected(ok.error());
  std::string payload = to_payload(work);
  auto appended = store_->append(work.event, Kind::kBatch, batch_body(payload), payload);
  if (!appended) return std::unexpected(appended.error());
  last_[work.listener] = work.sequence;
  return to_effect(payload, *appended);
}

Result<Effect> Ledger::repeat(const Work& work, std::uint64_t index) {
  auto entry = store_->get(index);
  if (!entry) return fail(Errc::kUnavailable, entry.error().message);
  const auto asked = asked_by(entry->payload);
  if (!asked || asked->listener != work.listener || asked->sequence != work.sequence) {
    spdlog::critical(
        "ledger: event {} of listener {} (sequence {}) is record {}, which answers "
        "another request",
        to_string(work.event), to_string(work.listener), work.sequence, index);
    return already_answered(work.sequence);
  }
  return to_effect(entry->payload,
                   {.index = index, .leaf_hash = entry->leaf_hash, .time_us = entry->leaf.time_us});
}

Status Ledger::check_sequence(const Work& work) const {
  const auto found = last_.find(work.listener);
  const std::uint64_t last = found == last_.end() ? 0 : found->second;
  if (work.sequence <= last) {
    spdlog::critical(
        "ledger: listener {} has sequence {} on record; event {} comes with sequence "
        "{}: refused. The hand-off's memory is older than the ledger",
        to_string(work.listener), last, to_string(work.event), work.sequence);
    return already_answered(work.sequence);
  }
  // Dead letters are answered without the ledger, so a gap is not a fault by itself; refusing what
  // comes after it would turn one loss into many.
  if (work.sequence > last + 1)
    spdlog::warn("ledger: listener {} goes from sequence {} to {}", to_string(work.listener), last,
                 work.sequence);
  return {};
}

}  // namespace groove::ledger
