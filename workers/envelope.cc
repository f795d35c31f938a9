#include "workers/envelope.h"

#include <fmt/format.h>

#include <charconv>

#include "workers/base/bytes.h"
#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove {
namespace {

constexpr std::string_view kMagic = "GRVB";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 48;
constexpr std::size_t kEventIdBytes = 16;
static_assert(kHeaderBytes + limits::kMessageBytesMax <= limits::kFrameBytesMax);

// "<ms>-<n>", which Redis wrote.
std::pair<std::uint64_t, std::uint64_t> split_entry_id(std::string_view id) {
  std::uint64_t ms = 0, n = 0;
  const char* const end = id.data() + id.size();
  const auto [dash, error] = std::from_chars(id.data(), end, ms);
  GROOVE_CHECK(error == std::errc() && dash != end && *dash == '-');
  const auto [stop, error2] = std::from_chars(dash + 1, end, n);
  GROOVE_CHECK(error2 == std::errc() && stop == end);
  return {ms, n};
}

std::unexpected<Error> refuse(std::string_view why) {
  return fail(Errc::kInvalid, fmt::format("a bus frame was dropped: {}", why));
}

}  // namespace

std::string encode_frame(const handoff::Entry& entry, std::uint64_t target) {
  const auto [ms, n] = split_entry_id(entry.id);
  std::string frame;
  frame.reserve(kHeaderBytes + entry.message.size());
  frame.append(kMagic);
  append_be(frame, kVersion);
  append_be(frame, static_cast<std::uint8_t>(entry.stage));
  append_be(frame, static_cast<std::uint16_t>(partition_of(entry.listener)));
  append_be(frame, target);
  append_be(frame, ms);
  append_be(frame, n);
  append_be(frame, entry.listener.value);
  append_be(frame, entry.sequence);
  return frame.append(entry.message);
}

Result<handoff::Entry> decode_frame(std::string_view frame, Stage stage, std::uint64_t target) {
  if (frame.size() < kHeaderBytes + kEventIdBytes) return refuse("it is too short");
  if (frame.size() > limits::kFrameBytesMax) return refuse("it is too long");
  if (!frame.starts_with(kMagic)) return refuse("it does not begin as one");
  if (read_be<std::uint8_t>(frame, 4) != kVersion) return refuse("its version is unknown");
  if (read_be<std::uint8_t>(frame, 5) != static_cast<std::uint8_t>(stage))
    return refuse("it is for another stage");
  if (read_be<std::uint64_t>(frame, 8) != target) return refuse("it is for another worker");
  const ListenerId listener{read_be<std::uint64_t>(frame, 32)};
  if (read_be<std::uint16_t>(frame, 6) != partition_of(listener))
    return refuse("its partition is not its listener's");
  return handoff::Entry{
      stage,
      fmt::format("{}-{}", read_be<std::uint64_t>(frame, 16), read_be<std::uint64_t>(frame, 24)),
      listener, read_be<std::uint64_t>(frame, 40), std::string(frame.substr(kHeaderBytes))};
}

}  // namespace groove
