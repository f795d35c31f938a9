// Any bytes as Redis's answer: no protocol, or a reply that each reader of the hand-off refuses or
// understands; and what they understand can go on to the bus.
#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>

#include "workers/base/check.h"
#include "workers/envelope.h"
#include "workers/handoff.h"
#include "workers/redis_reply.h"

using namespace groove;

namespace {

constexpr ListenerId kAda{42};

void check_entry(const handoff::Entry& entry) {
  GROOVE_CHECK(!encode_frame(entry, 1).empty());
  GROOVE_CHECK(entry.fact().size() < entry.message.size());
  static_cast<void>(entry.event());
}

void read_by_all(const Result<RedisReply>& reply) {
  const std::string message(20, 'm');
  if (const auto accepted = handoff::accepted(reply, kAda, message); accepted && accepted->entry)
    check_entry(*accepted->entry);
  if (const auto done = handoff::committed(reply);
      done && done->outcome == handoff::Outcome::kDone && !done->next_id.empty())
    check_entry({Stage::kScore, done->next_id, kAda, 1, message});
  if (const auto entries = handoff::pulled(reply, Stage::kScore))
    for (const handoff::Entry& entry : *entries) check_entry(entry);
  if (const auto letters = handoff::dead_letters(reply, 7))
    for (const handoff::DeadLetter& letter : *letters) {
      const handoff::Entry revived = handoff::revived(letter);
      GROOVE_CHECK(revived.message.size() == letter.message.size());
    }
  if (const auto members = handoff::members(reply))
    for (const handoff::Member& member : *members) static_cast<void>(handoff::target_of(member));
  static_cast<void>(handoff::attempts(reply));
  static_cast<void>(handoff::state(reply));
  static_cast<void>(handoff::progress(reply));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::unique_ptr<redisReader, void (*)(redisReader*)> reader(redisReaderCreate(),
                                                                    redisReaderFree);
  redisReaderFeed(reader.get(), reinterpret_cast<const char*>(data), size);
  void* raw = nullptr;
  while (redisReaderGetReply(reader.get(), &raw) == REDIS_OK && raw != nullptr) {
    const std::unique_ptr<redisReply, void (*)(void*)> reply(static_cast<redisReply*>(raw),
                                                             freeReplyObject);
    read_by_all(to_reply(*reply));
  }
  return 0;
}
