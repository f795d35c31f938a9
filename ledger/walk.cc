#include "ledger/walk.h"

#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

std::unexpected<Error> at_record(std::uint64_t index, const Error& error) {
  return fail(error.code, "record " + std::to_string(index) + ": " + error.message);
}

std::unexpected<Error> at_group(std::uint64_t index, const std::string& wrong) {
  return fail(Errc::kCorrupt, "group starting at record " + std::to_string(index) + ": " + wrong);
}

std::unexpected<Error> at_header(const std::string& file_name, const std::string& wrong) {
  return fail(Errc::kCorrupt, "segment header of " + file_name + ": " + wrong);
}

}  // namespace

Status Walk::enter(std::string_view segment, const std::string& file_name) {
  auto header = decode_segment_header(segment);
  if (!header) return at_header(file_name, header.error().message);
  if (segment_name(header->first_index) != file_name)
    return at_header(file_name,
                     "it says that it starts at record " + std::to_string(header->first_index));
  if (header->first_index != size())
    return at_header(file_name, "it starts at record " + std::to_string(header->first_index) +
                                    ", but " + std::to_string(size()) + " are before it");
  if (header->first_seq != seq_)
    return at_header(file_name, "it starts at group " + std::to_string(header->first_seq) +
                                    ", but " + std::to_string(seq_) + " are before it");
  if (header->prev != (begun() ? chain_->head() : Digest{}))
    return at_header(file_name, "it does not carry the hash of the record before it");
  header_ = *header;
  place_ = kSegmentHeaderBytes;
  return {};
}

Result<Walk::End> Walk::take(std::string_view segment) {
  if (broken_) return std::unexpected(*broken_);
  std::size_t offset = place_;
  for (;;) {
    if (offset > segment.size()) return at_group(size(), "the file ends before it");
    const Step step = next_step(segment, offset, header_.salt, size(), seq_);
    switch (step.place) {
      case Step::Place::kEnd:
        return End{.clean_to = offset};
      case Step::Place::kTorn:
        return End{.torn = step.wrong, .clean_to = offset, .tail_bytes = step.tail_bytes};
      case Step::Place::kCorrupt:
        return at_group(size(), step.wrong);
      case Step::Place::kGroup:
        if (auto ok = take_group(step.group, segment); !ok) return std::unexpected(ok.error());
        offset += step.group.bytes;
        if (!step.group.items.empty()) place_ = offset;
    }
  }
}

Status Walk::take_group(const Group& group, std::string_view segment) {
  for (const Item& item : group.items) {
    const std::uint64_t index = size();
    const auto offset = static_cast<std::size_t>(item.leaf.data() - segment.data());
    if (auto ok = take_item(item, offset); !ok) {
      broken_ = at_record(index, ok.error()).error();
      return std::unexpected(*broken_);
    }
  }
  if (!group.items.empty()) ++seq_;
  return {};
}

Status Walk::take_item(const Item& item, std::size_t offset) {
  const auto leaf = decode_leaf(item.leaf);
  if (!leaf) return std::unexpected(leaf.error());
  const Digest hash = leaf_hash(item.leaf);
  if (auto ok = take_leaf(*leaf, hash); !ok) return ok;
  if (auto ok = check_payload(*leaf, item.payload); !ok) return ok;
  if (!visit_) return {};
  return visit_({*leaf, hash, item.payload, offset, item.leaf.size()});
}

Status Walk::take_leaf(const Leaf& leaf, const Digest& hash) {
  if (!begun()) {
    const auto genesis = genesis_of(leaf.body);
    if (!genesis) return std::unexpected(genesis.error());
    chain_.emplace(genesis->origin);
  }
  if (auto ok = chain_->extend(leaf, hash); !ok) return ok;
  if (auto ok = history_.see(leaf); !ok) return ok;
  if (const auto known = entries_.insert(leaf.entry_id, leaf.index))
    return fail(Errc::kCorrupt, "its entry id is that of record " + std::to_string(*known));
  tree_.append(hash);
  return {};
}

Status Walk::check_payload(const Leaf& leaf, std::string_view payload) const {
  if (leaf.kind != Kind::kBatch)
    return payload.empty() ? Status{} : fail(Errc::kCorrupt, "only a batch has a payload");
  if (depth_ == Depth::kLeaves) return {};
  return check_batch(leaf.body, payload);
}

Result<Walk::End> walk_log(Io& io, const LogPlace& log, Walk& walk) {
  const auto names = list_segments(io, log);
  if (!names) return std::unexpected(names.error());
  Result<Walk::End> end;
  for (const std::string& name : *names) {
    const auto bytes = read_whole(io, segment_folder(log) / name);
    if (!bytes) return std::unexpected(bytes.error());
    if (auto ok = walk.enter(*bytes, name); !ok) return std::unexpected(ok.error());
    end = walk.take(*bytes);
    if (!end) return end;
    if (name != names->back() && !end->torn.empty()) return at_group(walk.size(), end->torn);
  }
  return end;
}

}  // namespace groove::ledger
