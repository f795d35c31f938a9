// The bytes of one bus frame: which entry this is and its message. One frame a message, nothing
// multi-part. A frame is a hint that saves a read; the commit script decides whether it was true.
//
//   0   4  "GRVB"          4   1  version 1       5   1  stage
//   6   2  partition       8   8  target: hash_text(name|endpoint) of the receiver
//   16  8  entry id, ms   24   8  entry id, n    32   8  listener
//   40  8  sequence       48   …  message        all integers big-endian
#pragma once

#include <string>
#include <string_view>

#include "workers/base/result.h"
#include "workers/handoff.h"

namespace groove {

std::string encode_frame(const handoff::Entry& entry, std::uint64_t target);

// Errors: kInvalid, with what is wrong: size, magic, version, stage, target, or a partition that is
// not the listener's.
Result<handoff::Entry> decode_frame(std::string_view frame, Stage stage, std::uint64_t target);

}  // namespace groove
