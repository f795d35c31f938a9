// The segment that is being written. Each append is one write and one fdatasync; a closing group is
// then left behind it, unsynced and in nobody's way: the next group is written over it.
//
// The file grows by zeros written ahead, up to the size a segment may have, so that most syncs need
// not write its size. A new segment
// appears whole or not at all: written under another name, synced, renamed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "ledger/core/segment.h"
#include "ledger/io.h"
#include "ledger/walk.h"
#include "workers/base/result.h"

namespace groove::ledger {

class SegmentFile {
 public:
  // Where segments are and how large they may get.
  struct Place {
    Io& io;
    std::filesystem::path folder;
    std::size_t segment_bytes;
  };

  // A new segment that holds `group` already; durable on return. `next_index`: after the group.
  static Result<SegmentFile> create(const Place& place, const SegmentHeader& header,
                                    std::string_view group, std::uint64_t next_index);
  // The last segment of a walk, cleaned: what is torn at its end is zeroed, all of it synced.
  static Result<SegmentFile> reopen(const Place& place, const Walk& walk, const Walk::End& end);

  const SegmentHeader& header() const { return header_; }
  std::size_t end() const { return end_; }  // where the next group goes
  // Whether a group fits. One that fits no segment at all gets one of its own.
  bool has_room(std::size_t group) const {
    return end_ + group + kGroupHeaderBytes <= segment_bytes_;
  }
  std::uint64_t next_seq() const { return next_seq_; }
  Status sync() { return file_->sync(); }
  Result<std::string> read(std::size_t offset, std::size_t size) const {
    return file_->read(offset, size);
  }

  // `group` was encoded with header().salt and next_seq(). On an error what is durable is unknown:
  // stop, and let the next open find out.
  Status append(std::string_view group, std::uint64_t next_index);

 private:
  SegmentFile(std::unique_ptr<File> file, const SegmentHeader& header, std::size_t segment_bytes)
      : file_(std::move(file)), header_(header), segment_bytes_(segment_bytes) {}
  Status grow_for(std::size_t bytes);
  Status close_group(std::uint64_t next_index);

  std::unique_ptr<File> file_;
  SegmentHeader header_;
  std::size_t segment_bytes_;
  std::uint64_t size_ = 0;  // of the file
  std::size_t end_ = kSegmentHeaderBytes;
  std::uint64_t next_seq_ = 0;
};

}  // namespace groove::ledger
