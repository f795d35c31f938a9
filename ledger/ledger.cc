#include "ledger/ledger.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/asks.h"
#include "ledger/convert.h"
#include "ledger/layout.h"
#include "ledger/log_key.h"

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

Ledger::Ledger(Io& io, const std::filesystem::path& folder, const Clock& clock, std::string origin,
               const Digest& build)
    : io_(io),
      folder_(folder),
      clock_(clock),
      origin_(std::move(origin)),
      build_(build),
      keys_(io, key_folder(folder)) {}

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

Result<std::unique_ptr<Ledger>> Ledger::open(Io& io, const std::filesystem::path& folder,
                                             const Clock& clock, const Options& options) {
  auto reserved = Store::reserve(io, folder);
  if (!reserved) return std::unexpected(reserved.error());
  const auto key = load_log_key(io, folder, options.origin);
  if (!key) return std::unexpected(key.error());
  std::unique_ptr<Ledger> ledger(new Ledger(io, folder, clock, key->name, options.build));
  auto publisher = Publisher::open(io, folder, *key, clock);
  if (!publisher) return std::unexpected(publisher.error());
  ledger->publisher_ = std::move(*publisher);
  const auto see = [&](const Walk::Record& record) -> Status {
    if (auto ok = ledger->publisher_->see(record.hash); !ok) return ok;
    return ledger->memory_.see(record.leaf, record.payload);
  };
  auto store = Store::open(io, folder, clock,
                           {.origin = key->name, .vkey = key->verifier().text(), .visit = see},
                           std::move(*reserved));
  if (!store) return std::unexpected(store.error());
  ledger->store_ = std::move(*store);
  if (options.rebuild_tiles) {
    const auto rebuilt = ledger->publisher_->rebuild(*ledger->store_);
    if (!rebuilt) return std::unexpected(rebuilt.error());
    ledger->rebuilt_ = *rebuilt;
  }
  if (auto ok = ledger->publisher_->resume(); !ok) return std::unexpected(ok.error());
  if (auto ok = ledger->record_destroyed(); !ok) return std::unexpected(ok.error());
  return ledger;
}

bool Ledger::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kBatchScored || fact == v1::Event::kEventRefused;
}

Result<Effect> Ledger::handle(const Work& work) {
  if (auto index = store_->find(work.event)) return repeat(work, *index);
  const auto key = keys_.find_or_make(work.listener);
  if (!key) return fail(Errc::kUnavailable, key.error().message);
  if (auto ok = check_sequence(work, *key); !ok) return std::unexpected(ok.error());
  const auto manifest = manifest_for(work);
  if (!manifest) return std::unexpected(manifest.error());
  const Content content{to_input(work), to_payload(work)};
  std::string payload =
      seal_payload(*key, io_.random(kSealNonceBytes), origin_, work.event, work.sequence, content);
  std::string body = batch_body(payload, *manifest);
  const std::string disclosed = disclosure(*key, work.event, payload);
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
  const EventId id = event_id_from_bytes(io_.random(16)).value();
  const auto appended = store_->append(id, Kind::kManifest, body, "");
  if (!appended) return std::unexpected(appended.error());
  memory_.manifest_body = std::move(body);
  memory_.manifest_index = appended->index;
  return appended->index;
}

Result<Effect> Ledger::repeat(const Work& work, std::uint64_t index) {
  auto entry = store_->get(index);
  if (!entry) return fail(Errc::kUnavailable, entry.error().message);
  const auto answer = answered(work, *entry);
  if (!answer) return std::unexpected(answer.error());
  const auto asked = asked_by(answer->output);
  if (!asked || asked->listener != work.listener || asked->sequence != work.sequence) {
    spdlog::critical(
        "ledger: event {} of listener {} (sequence {}) is record {}, which answers "
        "another request",
        to_string(work.event), to_string(work.listener), work.sequence, index);
    return already_answered(work.sequence);
  }
  return to_effect(answer->output,
                   {.index = index, .leaf_hash = entry->leaf_hash, .time_us = entry->leaf.time_us},
                   answer->disclosed);
}

// The answer in a record. Another listener's key does not open it, nor does any when it is erased.
Result<Ledger::Answered> Ledger::answered(const Work& work, const Entry& entry) {
  if (!is_sealed(entry.payload)) return Answered{entry.payload, ""};
  const auto key = keys_.find(work.listener);
  if (!key && key.error().code != Errc::kNotFound)
    return fail(Errc::kUnavailable, key.error().message);
  auto content =
      key ? open_payload(*key, origin_, work.event, entry.payload) : std::unexpected(key.error());
  if (content)
    return Answered{std::move(content->output), disclosure(*key, work.event, entry.payload)};
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
    const EventId entry = event_id_from_bytes(io_.random(16)).value();
    const auto appended = store_->append(entry, Kind::kErasure, body, "");
    if (!appended) return std::unexpected(appended.error());
    memory_.erasures[std::move(body)] = appended->index;
  }
  const auto synced = store_->sync();
  return synced && !ids->empty() ? keys_.forget() : synced;
}

// "erase-<listener>": the erasure's index, published. "cosigned-<size>": nothing.
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
  }
  if (!ok) return (ok.error().code == Errc::kNotFound ? "none " : "error ") + ok.error().message;
  return "done " + said;
}

void Ledger::tick() {
  const auto asked = answer_asks(
      io_, folder_,
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
