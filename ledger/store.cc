#include "ledger/store.h"

#include <algorithm>
#include <utility>

#include "ledger/core/hash.h"
#include "ledger/log_bodies.h"
#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

std::uint64_t now_us(const Clock& clock) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock.unix_us()));
}

std::uint32_t random_salt(Io& io) { return read_le<std::uint32_t>(io.random(4), 0); }

Status check_identity(const Walk& walk, const std::string& origin) {
  if (!walk.begun()) return fail(Errc::kCorrupt, "record 0: the genesis record is not there");
  if (walk.history().genesis().origin != origin)
    return fail(Errc::kConflict,
                "the ledger is " + walk.history().genesis().origin + ", not " + origin);
  return {};
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(Io& io, const LogPlace& log, const Clock& clock,
                                           const Options& options) {
  auto lock = reserve(io, log);
  if (!lock) return std::unexpected(lock.error());
  return open(io, log, clock, options, std::move(*lock));
}

Result<std::unique_ptr<Lock>> Store::reserve(Io& io, const LogPlace& log) {
  if (auto ok = io.make_folder(lock_file(log).parent_path()); !ok)
    return std::unexpected(ok.error());
  return io.lock(lock_file(log));
}

Result<std::unique_ptr<Store>> Store::open(Io& io, const LogPlace& log, const Clock& clock,
                                           const Options& options, std::unique_ptr<Lock> lock) {
  const SegmentFile::Place place{io, segment_folder(log), options.segment_bytes};
  if (auto ok = io.make_folder(place.folder); !ok) return std::unexpected(ok.error());
  if (auto ok = remove_unfinished(io, log); !ok) return std::unexpected(ok.error());
  const auto names = list_segments(io, log);
  if (!names && names.error().code != Errc::kNotFound) return std::unexpected(names.error());
  if (!names)
    if (auto ok = create(place, clock, options); !ok) return std::unexpected(ok.error());
  return recover(place, log, clock, options, std::move(lock));
}

Result<std::unique_ptr<Store>> Store::recover(const SegmentFile::Place& place, const LogPlace& log,
                                              const Clock& clock, const Options& options,
                                              std::unique_ptr<Lock> lock) {
  std::vector<Location> locations;
  Walk walk(Walk::Depth::kLeaves, [&](const Walk::Record& record) -> Status {
    locations.push_back({static_cast<std::uint32_t>(record.offset),
                         static_cast<std::uint32_t>(record.leaf_bytes),
                         static_cast<std::uint32_t>(record.payload.size())});
    return options.visit ? options.visit(record) : Status{};
  });
  const auto end = walk_log(place.io, log, walk);
  if (!end) return std::unexpected(end.error());
  if (auto ok = check_identity(walk, options.origin); !ok) return std::unexpected(ok.error());
  // A rename by a killed process may be in the kernel's memory alone.
  if (auto ok = place.io.sync_folder(place.folder); !ok) return std::unexpected(ok.error());
  auto file = SegmentFile::reopen(place, walk, *end);
  if (!file) return std::unexpected(file.error());

  std::unique_ptr<Store> store(new Store(place, clock, std::move(lock), walk, std::move(*file)));
  store->locations_ = std::move(locations);
  const auto names = list_segments(place.io, log);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) store->segments_.push_back(*parse_segment_name(name));
  return store;
}

Store::Store(SegmentFile::Place place, const Clock& clock, std::unique_ptr<Lock> lock, Walk& walk,
             SegmentFile file)
    : place_(std::move(place)),
      clock_(clock),
      lock_(std::move(lock)),
      chain_(walk.chain()),
      tree_(walk.tree()),
      history_(walk.history()),
      entries_(std::move(walk.entries())),
      file_(std::move(file)),
      pending_prev_(chain_.head()) {}

Status Store::create(const SegmentFile::Place& place, const Clock& clock, const Options& options) {
  const std::string& origin = options.origin;
  if (origin.empty()) return fail(Errc::kInvalid, "a ledger needs an origin");
  const SegmentHeader header{.salt = random_salt(place.io)};
  const EventId id = event_id_from_bytes(place.io.random(16)).value();
  const std::string leaf = encode_leaf(Chain(origin).next(
      Kind::kGenesis, id, now_us(clock), genesis_body({origin, options.vkey, options.previous})));
  const Item item{leaf, ""};
  auto file = SegmentFile::create(place, header, encode_group(header.salt, 0, 0, {&item, 1}), 1);
  return file ? Status{} : std::unexpected(file.error());
}

Result<Store::Appended> Store::append(const EventId& entry_id, Kind kind, std::string body,
                                      std::string payload) {
  if (stopped_) return std::unexpected(*stopped_);
  if (auto index = find(entry_id)) return repeat(*index, kind, body);
  if (body.size() > kLeafBytesMax - kLeafHeadBytes || payload.size() > kPayloadBytesMax)
    return fail(Errc::kInvalid, "the record is too large for the ledger: a body of " +
                                    std::to_string(body.size()) + " and a payload of " +
                                    std::to_string(payload.size()) + " bytes");

  const std::size_t bytes = item_bytes(kLeafHeadBytes + body.size(), payload.size());
  if (pending_.size() == kGroupRecordsMax || pending_bytes_ + bytes > kGroupBodyBytesMax)
    if (auto ok = sync(); !ok) return std::unexpected(ok.error());

  const Leaf leaf = chain_.next(kind, entry_id, now_us(clock_), std::move(body));
  std::string encoded = encode_leaf(leaf);
  const Digest hash = leaf_hash(encoded);
  if (auto ok = history_.see(leaf); !ok) return fail(Errc::kInvalid, ok.error().message);
  if (auto ok = chain_.extend(leaf, hash); !ok) return fail(Errc::kInvalid, ok.error().message);
  tree_.append(hash);
  entries_.insert(entry_id, leaf.index);
  pending_.push_back({std::move(encoded), std::move(payload)});
  pending_bytes_ += bytes;
  return Appended{.index = leaf.index, .leaf_hash = hash, .time_us = leaf.time_us};
}

Result<Store::Appended> Store::repeat(std::uint64_t index, Kind kind,
                                      const std::string& body) const {
  auto entry = get(index);
  if (!entry) return std::unexpected(entry.error());
  if (entry->leaf.kind != kind || entry->leaf.body != body)
    return fail(Errc::kConflict, "entry " + to_string(entry->leaf.entry_id) +
                                     " is in the ledger as record " + std::to_string(index) +
                                     ", with other content");
  return Appended{.index = index,
                  .leaf_hash = entry->leaf_hash,
                  .time_us = entry->leaf.time_us,
                  .repeated = true};
}

Status Store::sync() {
  if (stopped_) return std::unexpected(*stopped_);
  if (pending_.empty()) return {};
  if (auto ok = write_group(); !ok) {
    stopped_ =
        Error{Errc::kUnavailable, "the ledger has stopped, start it again: " + ok.error().message};
    return std::unexpected(*stopped_);
  }
  pending_.clear();
  pending_bytes_ = 0;
  pending_prev_ = chain_.head();
  return {};
}

Status Store::write_group() {
  std::vector<Item> items;
  for (const Pending& record : pending_) items.push_back({record.leaf, record.payload});
  const std::size_t bytes = group_bytes(pending_bytes_);
  const Status ok = file_.has_room(bytes) ? write_to_segment(items) : write_new_segment(items);
  if (!ok) return ok;
  locate_pending(file_.end() - bytes);
  return {};
}

Status Store::write_to_segment(const std::vector<Item>& items) {
  encode_group(file_.header().salt, locations_.size(), file_.next_seq(), items, group_);
  return file_.append(group_, size());
}

Status Store::write_new_segment(const std::vector<Item>& items) {
  // The closing group at the old one's end must not stay half written: only a last segment may end
  // in a torn write.
  if (auto ok = file_.sync(); !ok) return ok;
  const SegmentHeader header{.first_index = locations_.size(),
                             .first_seq = file_.next_seq(),
                             .prev = pending_prev_,
                             .salt = random_salt(place_.io)};
  encode_group(header.salt, header.first_index, header.first_seq, items, group_);
  auto file = SegmentFile::create(place_, header, group_, size());
  if (!file) return std::unexpected(file.error());
  file_ = std::move(*file);
  segments_.push_back(header.first_index);
  return {};
}

void Store::locate_pending(std::size_t group_at) {
  std::size_t offset = group_at + kGroupHeaderBytes;
  for (const Pending& record : pending_) {
    offset += kItemHeadBytes;
    locations_.push_back({static_cast<std::uint32_t>(offset),
                          static_cast<std::uint32_t>(record.leaf.size()),
                          static_cast<std::uint32_t>(record.payload.size())});
    offset += record.leaf.size() + record.payload.size();
  }
}

Result<Entry> Store::get(std::uint64_t index) const {
  if (index >= size())
    return fail(Errc::kNotFound, "the ledger has " + std::to_string(size()) +
                                     " records; there is no record " + std::to_string(index));
  Result<Pending> record;
  if (index < locations_.size())
    record = read(index);
  else
    record = pending_[index - locations_.size()];
  if (!record) return std::unexpected(record.error());
  return to_entry(index, record->leaf, std::move(record->payload));
}

Result<Store::Pending> Store::read(std::uint64_t index) const {
  const Location& at = locations_[index];
  const std::size_t bytes = std::size_t{at.leaf_bytes} + at.payload_bytes;
  const std::uint64_t segment = *std::prev(std::ranges::upper_bound(segments_, index));
  Result<std::string> both;
  if (segment == segments_.back()) {
    both = file_.read(at.offset, bytes);
  } else {
    auto file = place_.io.open(place_.folder / segment_name(segment), Io::Mode::kRead);
    if (!file) return std::unexpected(file.error());
    both = (*file)->read(at.offset, bytes);
  }
  if (!both) return std::unexpected(both.error());
  if (both->size() != bytes)
    return fail(Errc::kCorrupt, "record " + std::to_string(index) + ": its segment ends before it");
  return Pending{both->substr(0, at.leaf_bytes), both->substr(at.leaf_bytes)};
}

}  // namespace groove::ledger
