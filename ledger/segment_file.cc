#include "ledger/segment_file.h"

#include <algorithm>

#include "ledger/layout.h"
#include "workers/base/limits.h"

namespace groove::ledger {

Result<SegmentFile> SegmentFile::create(const Place& place, const SegmentHeader& header,
                                        std::string_view group, std::uint64_t next_index) {
  const auto beside = place.folder / unfinished_name(header.first_index);
  auto file = place.io.open(beside, Io::Mode::kCreate);
  if (!file) return std::unexpected(file.error());

  SegmentFile segment(std::move(*file), header, place.segment_bytes);
  segment.next_seq_ = header.first_seq + 1;
  segment.end_ += group.size();
  Status ok = segment.grow_for(0);
  if (ok) ok = segment.file_->write(0, encode_segment_header(header) + std::string(group));
  if (ok) ok = segment.close_group(next_index);
  if (ok) ok = segment.file_->sync();
  if (ok) ok = place.io.rename(beside, place.folder / segment_name(header.first_index));
  if (ok) ok = place.io.sync_folder(place.folder);
  if (!ok) return std::unexpected(ok.error());
  return segment;
}

Result<SegmentFile> SegmentFile::reopen(const Place& place, const Walk& walk,
                                        const Walk::End& end) {
  auto file =
      place.io.open(place.folder / segment_name(walk.segment().first_index), Io::Mode::kWrite);
  if (!file) return std::unexpected(file.error());
  auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());

  SegmentFile segment(std::move(*file), walk.segment(), place.segment_bytes);
  segment.size_ = *size;
  segment.end_ = walk.place();
  segment.next_seq_ = walk.next_seq();
  Status ok;
  if (end.tail_bytes > 0)
    ok = segment.file_->write(end.clean_to, std::string(end.tail_bytes, '\0'));
  // What a killed process wrote may be in the kernel's memory alone.
  if (ok) ok = segment.file_->sync();
  if (ok) ok = segment.grow_for(0);
  if (ok) ok = segment.close_group(walk.size());
  if (!ok) return std::unexpected(ok.error());
  return segment;
}

Status SegmentFile::append(std::string_view group, std::uint64_t next_index) {
  Status ok = grow_for(group.size());
  if (ok) ok = file_->write(end_, group);
  if (ok) ok = file_->sync();
  if (!ok) return ok;
  end_ += group.size();
  ++next_seq_;
  return close_group(next_index);
}

// Room for a group of `bytes` and the closing group behind it.
Status SegmentFile::grow_for(std::size_t bytes) {
  const std::uint64_t needed = end_ + bytes + kGroupHeaderBytes;
  if (needed <= size_) return {};
  const std::uint64_t ahead =
      std::min<std::uint64_t>(needed + limits::kLedgerGrowBytes, segment_bytes_);
  const std::uint64_t grown = std::max(needed, ahead);
  // In pieces from one place: four fresh megabytes of zeros cost more than writing them.
  static const std::string zeros(std::size_t{256} * 1024, '\0');
  while (size_ < grown) {
    const std::size_t piece = std::min<std::uint64_t>(zeros.size(), grown - size_);
    if (auto ok = file_->write(size_, std::string_view(zeros).substr(0, piece)); !ok) return ok;
    size_ += piece;
  }
  return {};
}

Status SegmentFile::close_group(std::uint64_t next_index) {
  return file_->write(end_, encode_group(header_.salt, next_index, next_seq_, {}));
}

}  // namespace groove::ledger
