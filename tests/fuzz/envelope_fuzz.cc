// Any frame off the bus: dropped, or an entry that can be read and gives the same frame again. The
// first half of the inputs is taken as it is; of the others the header is made to fit, or the
// fuzzer would never get past it.
#include <cstdint>
#include <string>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/envelope.h"
#include "workers/stage.h"

using namespace groove;

namespace {

constexpr std::uint64_t kTarget = 0x0123456789abcdefULL;
constexpr std::size_t kIdsAt = 16, kListenerAt = 32;

// The fuzzer's bytes as ids, sequence and message behind a header that is this worker's.
std::string made_to_fit(std::string_view bytes, Stage stage) {
  if (bytes.size() < 32) return std::string(bytes);
  const ListenerId listener{read_be<std::uint64_t>(bytes, kListenerAt - kIdsAt)};
  std::string frame = "GRVB";
  append_be(frame, std::uint8_t{1});
  append_be(frame, static_cast<std::uint8_t>(stage));
  append_be(frame, static_cast<std::uint16_t>(partition_of(listener)));
  append_be(frame, kTarget);
  return frame.append(bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Stage stage = kStages[data[0] % kStages.size()];
  const std::string frame = data[0] < 128 ? std::string(bytes) : made_to_fit(bytes, stage);
  const auto entry = decode_frame(frame, stage, kTarget);
  if (!entry) return 0;
  GROOVE_CHECK(entry->stage == stage);
  GROOVE_CHECK(entry->fact().size() + sizeof(EventId) == entry->message.size());
  GROOVE_CHECK(as_bytes(entry->event()) == entry->message.substr(0, sizeof(EventId)));
  GROOVE_CHECK(encode_frame(*entry, kTarget) == frame);
  return 0;
}
