#include "ledger/ledger.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/asks.h"
#include "ledger/convert.h"

namespace groove::ledger {
namespace {

Result<Effect> to_effect(std::string_view output, const Store::Appended& record,
                         const std::string& disclosed) {
  auto answer = to_answer(output, record.index, record.leaf_hash, record.time_us);
  if (!answer) return std::unexpected(answer.error());
  return Effect{.output = std::move(*answer) + disclosed,
                .detail = "entry " + std::to_string(record.index) + " of the ledger"};
}

// For the listener; the log says more.
std::unexpected<Error> already_answered(std::uint64_t sequence) {
  return fail(Errc::kConflict, "The ledger already holds an answer to your request number " +
                                   std::to_string(sequence) +
                                   ", so this one was not recorded. Please ask again.");
}

}  // namespace

Ledger::Ledger(Io& io, const LogPlace& line, const Clock& clock, const Digest& build)
    : io_(io), place_(line), clock_(clock), build_(build), keys_(io, key_folder(line)) {}

Status Ledger::Memory::see(const Leaf& leaf, std::string_view payload) {
  if (leaf.kind == Kind::kManifest) {
    manifest_body = leaf.body;
    manifest_index = leaf.index;
  }
  if (leaf.kind == Kind::kErasure) erasures[leaf.body] = leaf.index;
  if (leaf.kind != Kind::kBatch) return {};
  if (is_sealed(payload)) {
    const auto sealed = sealed_for(payload);
    if (!sealed) return std::unexpected(sealed.error());
    std::uint64_t& last = sealed_sequences[sealed->key_id];
    last = std::max(last, sealed->sequence);
    return {};
  }
  const auto asked = asked_by(payload);
  if (!asked) return std::unexpected(asked.error());
  std::uint64_t& last = clear_sequences[asked->listener];
  last = std::max(last, asked->sequence);
  return {};
}

bool Ledger::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kBatchScored || fact == v1::Event::kEventRefused;
}

Result<Effect> Ledger::handle(const Work& work) {
  const auto found = find(work.event);
  if (!found) return fail(Errc::kUnavailable, found.error().message);
  if (*found) return repeat(work, **found);
  const auto key = keys_.find_or_make(work.listener);
  if (!key) return fail(Errc::kUnavailable, key.error().message);
  if (auto ok = check_sequence(work, *key); !ok) return std::unexpected(ok.error());
  const auto manifest = manifest_for(work);
  if (!manifest) return std::unexpected(manifest.error());
  const Content content{to_input(work), to_payload(work)};
  std::string payload =
      seal_payload(*key, io_.random(kSealNonceBytes), origin(), work.event, work.sequence, content);
  std::string body = batch_body(payload, *manifest);
  const std::string disclosed = disclosure(*key, work.event, payload, place_.name());
  auto appended = store_->append(work.event, Kind::kBatch, std::move(body), std::move(payload));
  if (!appended) return std::unexpected(appended.error());
  memory_.sealed_sequences[key->id] = work.sequence;
  return to_effect(content.output, *appended, disclosed);
}

// The record that says what this batch was computed with; made when that has changed.
Result<std::uint64_t> Ledger::manifest_for(const Work& work) {
  const auto manifest = manifest_of(work.fact, build_);
  if (!manifest) return memory_.manifest_index;
  std::string body = manifest_body(*manifest);
  if (body == memory_.manifest_body) return memory_.manifest_index;
  const auto appended = append_own(Kind::kManifest, body);
  if (!appended) return std::unexpected(appended.error());
  memory_.manifest_body = std::move(body);
  memory_.manifest_index = appended->index;
  return appended->index;
}

// The record of that event, in this log or in one that is sealed.
Result<std::optional<Ledger::Found>> Ledger::find(const EventId& event) const {
  if (const auto index = store_->find(event)) {
    auto entry = store_->get(*index);
    if (!entry) return std::unexpected(entry.error());
    return Found{std::move(*entry), place_, origin()};
  }
  for (const Past& past : past_) {
    const auto index = past.entries.find(event);
    if (!index) continue;
    auto entry = read_entry(io_, past.place, *index);
    if (!entry) return std::unexpected(entry.error());
    return Found{std::move(*entry), past.place, past.origin};
  }
  return std::nullopt;
}

Result<Effect> Ledger::repeat(const Work& work, const Found& found) {
  const Leaf& leaf = found.entry.leaf;
  const auto answer = answered(work, found);
  if (!answer) return std::unexpected(answer.error());
  const auto asked = asked_by(answer->output);
  if (!asked || asked->listener != work.listener || asked->sequence != work.sequence) {
    spdlog::critical(
        "ledger: event {} of listener {} (sequence {}) is record {}, which answers "
        "another request",
        to_string(work.event), to_string(work.listener), work.sequence, leaf.index);
    return already_answered(work.sequence);
  }
  return to_effect(
      answer->output,
      {.index = leaf.index, .leaf_hash = found.entry.leaf_hash, .time_us = leaf.time_us},
      answer->disclosed);
}

// The answer in a record. Another listener's key does not open it, nor does any when it is erased.
Result<Ledger::Answered> Ledger::answered(const Work& work, const Found& found) {
  const Entry& entry = found.entry;
  if (!is_sealed(entry.payload)) return Answered{entry.payload, ""};
  const auto key = keys_.find(work.listener);
  if (!key && key.error().code != Errc::kNotFound)
    return fail(Errc::kUnavailable, key.error().message);
  auto content = key ? open_payload(*key, found.origin, work.event, entry.payload)
                     : std::unexpected(key.error());
  if (content)
    return Answered{std::move(content->output),
                    disclosure(*key, work.event, entry.payload, found.place.name())};
  spdlog::critical("ledger: event {} of listener {} (sequence {}) is record {}: {}",
                   to_string(work.event), to_string(work.listener), work.sequence, entry.leaf.index,
                   content.error().message);
  return already_answered(work.sequence);
}

Result<std::uint64_t> Ledger::erase(ListenerId listener) {
  const auto key = keys_.find(listener);
  if (!key) return std::unexpected(key.error());
  // Destroyed first: there is never a record of a key that is still there. A crash between the two
  // is made good when the ledger is opened.
  if (auto ok = keys_.destroy(listener); !ok) return std::unexpected(ok.error());
  if (auto ok = record_destroyed(); !ok) return std::unexpected(ok.error());
  return memory_.erasures.at(erasure_body(key->id));
}

// Each key that is destroyed is on record once, and its note gone when it is.
Status Ledger::record_destroyed() {
  const auto ids = keys_.destroyed();
  if (!ids) return std::unexpected(ids.error());
  for (const std::string& id : *ids) {
    std::string body = erasure_body(id);
    if (memory_.erasures.contains(body)) continue;
    const auto appended = append_own(Kind::kErasure, body);
    if (!appended) return std::unexpected(appended.error());
    memory_.erasures[std::move(body)] = appended->index;
  }
  const auto synced = store_->sync();
  return synced && !ids->empty() ? keys_.forget() : synced;
}

// "erase-<listener>": the erasure's index, published. "cosigned-<size>", "rotate", "rotate-key",
// "drop-old-key": nothing.
std::string Ledger::answer_ask(const std::string& name, const std::string& body) {
  constexpr std::string_view kErase = "erase-", kCosigned = "cosigned-";
  Status ok = fail(Errc::kInvalid, "this cannot be asked for");
  std::string said;
  if (const auto listener = parse_listener_id(name.substr(std::min(name.size(), kErase.size())));
      name.starts_with(kErase) && listener) {
    const auto index = erase(*listener);
    ok = index ? publish() : std::unexpected(index.error());
    if (index) said = std::to_string(*index);
  } else if (name.starts_with(kCosigned)) {
    ok = cosigned(body);
  } else if (name == "rotate") {
    ok = rotate(body);
  } else if (name == "rotate-key") {
    ok = change_key();
  } else if (name == "drop-old-key") {
    ok = drop_old_key();
  }
  if (!ok) return (ok.error().code == Errc::kNotFound ? "none " : "error ") + ok.error().message;
  return "done " + said;
}

void Ledger::tick() {
  const auto asked = answer_asks(
      io_, place_,
      [this](const std::string& name, const std::string& body) { return answer_ask(name, body); });
  if (!asked) spdlog::error("ledger: {}", asked.error().message);
  constexpr auto kEvery = std::chrono::seconds(1);
  const auto now = clock_.steady();
  if (now < publish_at_) return;
  publish_at_ = now + kEvery;
  if (auto ok = publish(); !ok)
    spdlog::critical("ledger: the log's head is not published: {}", ok.error().message);
}

Status Ledger::check_sequence(const Work& work, const ListenerKey& key) const {
  const auto clear = memory_.clear_sequences.find(work.listener);
  const auto sealed = memory_.sealed_sequences.find(key.id);
  const std::uint64_t last =
      std::max(clear == memory_.clear_sequences.end() ? 0 : clear->second,
               sealed == memory_.sealed_sequences.end() ? 0 : sealed->second);
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
