#include "gateway/intake.h"

#include <spdlog/spdlog.h>

#include <memory>

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kEventIdBytes = 16;  // in front of a message
constexpr auto kLookAfterKept = std::chrono::milliseconds(500);

RedisCommand again(const KeptEvent& event) {
  return handoff::accept_again(event.listener, event.first, event.message, event.sequence,
                               event.in_turn);
}

auto now() { return std::chrono::steady_clock::now(); }

}  // namespace

Intake::Intake(asio::io_context& io, Redis& redis, BusSender& sender, Roster& roster)
    : redis_(redis), sender_(sender), roster_(roster), timer_(io) {
  redis_.on_new_link([this](const Redis::Concerns& concerns, Redis::Settled settled) {
    std::vector<KeptEvent> concerned = kept_.all();
    std::erase_if(concerned, [&](const KeptEvent& event) { return !concerns(again(event)); });
    say_again(concerned, std::move(settled));
  });
}

void Intake::start() { look_after_kept(); }

asio::awaitable<Result<handoff::Accepted>> Intake::accept(ListenerId listener, Stage first,
                                                          EventId event, v1::Event fact) {
  std::string message = handoff::message(event, fact.SerializeAsString());
  RedisCommand command = handoff::accept(listener, first, message);
  const auto reply = co_await redis_.call_replicated(std::move(command));
  auto accepted = handoff::accepted(reply, listener, message);
  if (!accepted) co_return accepted;
  if (!accepted->recorded)
    kept_.keep({listener, accepted->sequence, first, std::move(message)}, now());
  if (accepted->entry && !sender_.send(*accepted->entry)) roster_.look_again();
  co_return accepted;
}

void Intake::heard(const NoticeSubscriber::Heard& heard) {
  const v1::BatchRecorded& recorded = heard.notice.recorded();
  if (heard.notice.has_recorded())
    kept_.recorded(heard.listener, recorded.sequence(), recorded.event_id());
}

void Intake::say_again(const std::vector<KeptEvent>& events, std::function<void(bool)> done) {
  if (events.empty()) return done(true);
  struct Saying {
    std::size_t left;
    bool all_answered = true;
  };
  const auto saying = std::make_shared<Saying>(Saying{events.size()});
  for (const KeptEvent& event : events)
    redis_.send_urgent(again(event), [this, event, saying, done](const Result<RedisReply>& reply) {
      saying->all_answered = said_again(event, reply) && saying->all_answered;
      if (--saying->left == 0) done(saying->all_answered);
    });
}

// What came too early is overdue and said again.
bool Intake::said_again(const KeptEvent& event, const Result<RedisReply>& reply) {
  const auto accepted = handoff::accepted(reply, event.listener, event.message);
  if (!accepted) return accepted.error().code == Errc::kConflict;
  if (accepted->sequence != event.sequence) {
    spdlog::error("number {} of listener {} was taken by another event: it is {} now",
                  event.sequence, to_string(event.listener), accepted->sequence);
    kept_.drop(event);
  }
  kept_.keep({event.listener, accepted->sequence, event.first, event.message}, now());
  if (accepted->recorded)
    kept_.recorded(event.listener, accepted->sequence, event.message.substr(0, kEventIdBytes));
  if (!accepted->entry) return true;
  spdlog::warn("Redis had lost number {} of listener {}: accepted again", event.sequence,
               to_string(event.listener));
  sender_.send(*accepted->entry);
  return true;
}

void Intake::look_after_kept() {
  say_again(kept_.overdue(now()), [](bool) {});
  if (const std::size_t dropped = kept_.forget(now()); dropped > 0)
    spdlog::error("{} accepted events are too many to keep in memory; they are in Redis alone",
                  dropped);
  timer_.expires_after(kLookAfterKept);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) look_after_kept();
  });
}

}  // namespace groove::gateway
