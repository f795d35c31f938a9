// Any bytes as a segment: the walk ends, and what it accepts is what would be written. Checksums
// are made to fit where the input says so, or the fuzzer would never get past them.
#include <cstdint>

#include "ledger/core/crc32c.h"
#include "ledger/core/segment.h"
#include "ledger/walk.h"
#include "workers/base/bytes.h"
#include "workers/base/check.h"

namespace {

using namespace groove;
using namespace groove::ledger;

constexpr std::uint32_t kSalt = 0x5a17;

void put(std::string& bytes, std::size_t at, std::uint32_t value) {
  std::string four;
  append_le(four, value);
  bytes.replace(at, 4, four);
}

// A header before the input, and right checksums in each group that has the shape of one.
std::string mended(std::string_view input) {
  std::string bytes = encode_segment_header({.salt = kSalt});
  bytes += input;
  std::string salt;
  append_le(salt, kSalt);
  std::size_t at = kSegmentHeaderBytes;
  while (at + kGroupHeaderBytes <= bytes.size() && bytes.compare(at, 4, "GRP1") == 0) {
    const std::size_t body = read_le<std::uint32_t>(bytes, at + 24);
    if (body > bytes.size() - at - kGroupHeaderBytes) break;
    const std::string_view covered =
        std::string_view(bytes).substr(at + 8, kGroupHeaderBytes - 8 + body);
    put(bytes, at + 4, crc32c(covered, crc32c(salt)));
    at += group_bytes(body);
  }
  return bytes;
}

void step_through(std::string_view bytes) {
  std::size_t at = kSegmentHeaderBytes;
  std::uint64_t index = 0, seq = 0;
  while (at <= bytes.size()) {
    const Step step = next_step(bytes, at, kSalt, index, seq);
    if (step.place != Step::Place::kGroup) break;
    const std::string again = encode_group(kSalt, index, seq, step.group.items);
    GROOVE_CHECK(again == bytes.substr(at, step.group.bytes));
    at += step.group.bytes;
    index += step.group.items.size();
    seq += step.group.items.empty() ? 0 : 1;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = mended({reinterpret_cast<const char*>(data), size});
  step_through(bytes);
  Walk walk(Walk::Depth::kPayloads, nullptr);
  if (walk.enter(bytes, "00000000000000000000.seg")) (void)walk.take(bytes);
  return 0;
}
