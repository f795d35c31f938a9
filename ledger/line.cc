// How a line of logs goes on: opened from its first log to the one that is written, sealed and
// continued, its keys changed.
#include <utility>

#include "ledger/ledger.h"
#include "ledger/log_bodies.h"
#include "ledger/walk.h"

namespace groove::ledger {
namespace {

// example.org/groove, example.org/groove/2, example.org/groove/3.
std::string next_name(const std::string& origin, unsigned generation) {
  const std::string suffix = "/" + std::to_string(generation);
  const bool has = generation > 1 && origin.ends_with(suffix);
  return origin.substr(0, origin.size() - (has ? suffix.size() : 0)) + "/" +
         std::to_string(generation + 1);
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(Io& io, const LogPlace& line, const Clock& clock,
                                             const Options& options) {
  auto reserved = Store::reserve(io, line);
  if (!reserved) return std::unexpected(reserved.error());
  std::unique_ptr<Ledger> ledger(new Ledger(io, line, clock, options.build));
  ledger->lock_ = std::move(*reserved);
  const LogPlace last = newest_log(io, line);
  LogPlace log(line.ledger, {line.log.line});
  for (; log.log.generation < last.log.generation; log = log.next())
    if (auto ok = ledger->remember(log); !ok) return std::unexpected(ok.error());
  Status ok = ledger->open_log(log, options, "");
  while (ok && ledger->store_->sealed()) ok = ledger->go_on();
  if (ok) ok = ledger->record_destroyed();
  if (!ok) return std::unexpected(ok.error());
  return ledger;
}

// A sealed log whose records were taken away for good has no entries that anybody could repeat.
Status Ledger::remember(const LogPlace& past) {
  Walk walk(Walk::Depth::kLeaves, [this](const Walk::Record& record) {
    return memory_.see(record.leaf, record.payload);
  });
  const auto end = walk_log(io_, past, walk);
  if (!end && end.error().code == Errc::kNotFound) return {};
  if (!end) return std::unexpected(end.error());
  past_.push_back({past, walk.history().genesis().origin, std::move(walk.entries())});
  return {};
}

Status Ledger::open_log(const LogPlace& place, const Options& options,
                        const std::string& previous) {
  auto keys = load_log_keys(io_, place, options.origin);
  if (!keys) return std::unexpected(keys.error());
  place_ = place;
  log_keys_ = std::move(*keys);
  memory_.manifest_body.clear();
  memory_.manifest_index = 0;
  auto publisher = Publisher::open(io_, place, log_keys_, clock_);
  if (!publisher) return std::unexpected(publisher.error());
  publisher_ = std::move(*publisher);
  const auto see = [&](const Walk::Record& record) -> Status {
    if (auto ok = publisher_->see(record.hash); !ok) return ok;
    return memory_.see(record.leaf, record.payload);
  };
  auto store = Store::open(io_, place, clock_,
                           {.origin = origin(),
                            .vkey = log_keys_.key.verifier().text(),
                            .previous = previous,
                            .visit = see},
                           nullptr);
  if (!store) return std::unexpected(store.error());
  store_ = std::move(*store);
  if (!history().keys().empty())
    if (auto ok = settle_keys(io_, place_, log_keys_, history().keys().back()); !ok) return ok;
  if (options.rebuild_tiles) {
    const auto rebuilt = publisher_->rebuild(*store_);
    if (!rebuilt) return std::unexpected(rebuilt.error());
    rebuilt_ = *rebuilt;
  }
  return publisher_->resume(history());
}

// From a log that is sealed to the one that its seal names.
Status Ledger::go_on() {
  if (auto ok = publish(); !ok) return ok;
  const VerifierKey next = *history().next();
  const auto keys = load_log_keys(io_, place_.next(), next.name);
  if (!keys) return std::unexpected(keys.error());
  if (keys->key.verifier() != next)
    return fail(Errc::kCorrupt, "the seal names " + next.text() + " as the log that goes on, and " +
                                    log_key_file(place_.next()).string() + " is another key");
  if (auto ok = remember(place_); !ok) return ok;
  const std::string last_head = publisher_->signed_head();
  return open_log(place_.next(), {.origin = next.name, .build = build_}, last_head);
}

Status Ledger::rotate(std::string next_origin) {
  const LogPlace next = place_.next();
  if (next_origin.empty()) next_origin = next_name(origin(), place_.log.generation);
  auto keys = load_log_keys(io_, next, next_origin);
  if (keys && keys->key.name != next_origin) {  // of a rotation that was cut short before the seal
    if (auto ok = io_.remove(log_key_file(next)); !ok) return ok;
    keys = load_log_keys(io_, next, next_origin);
  }
  if (!keys) return std::unexpected(keys.error());
  if (next_origin == origin())
    return fail(Errc::kInvalid, "the log that goes on needs another name than " + next_origin);
  if (auto ok = append_own(Kind::kSeal, seal_body(keys->key.verifier())); !ok)
    return std::unexpected(ok.error());
  if (auto ok = store_->sync(); !ok) return ok;
  return go_on();
}

Status Ledger::change_key() {
  if (history().keys().empty())
    return fail(Errc::kInvalid,
                "this log was begun before it signed anything: its key is nowhere "
                "on record and cannot be changed");
  if (auto ok = make_next_key(io_, place_, log_keys_); !ok) return ok;
  std::string body =
      key_change_body(log_keys_.key, *log_keys_.next, {store_->size(), store_->head()});
  if (auto ok = append_own(Kind::kKeyChange, std::move(body)); !ok)
    return std::unexpected(ok.error());
  Status ok = store_->sync();
  if (ok) ok = settle_keys(io_, place_, log_keys_, history().keys().back());
  if (ok) ok = publisher_->rekeyed();
  return ok ? publish() : ok;
}

Status Ledger::drop_old_key() { return destroy_old_key(io_, place_, log_keys_); }

Status Ledger::record_head(const VerifierKey& key, const std::string& note) {
  const auto head = open_checkpoint(note, key);
  if (!head) return std::unexpected(head.error());
  const auto known = history().heads().find(head->origin);
  if (known != history().heads().end() && known->second.shard.head == *head &&
      known->second.shard.key == key)
    return {};
  const auto appended = append_own(Kind::kShardHead, shard_head_body(key, note));
  if (!appended) return fail(Errc::kCorrupt, appended.error().message);
  return store_->sync();
}

// A record that nobody repeats.
Result<Store::Appended> Ledger::append_own(Kind kind, std::string body) {
  const EventId id = event_id_from_bytes(io_.random(16)).value();
  return store_->append(id, kind, std::move(body), "");
}

}  // namespace groove::ledger
