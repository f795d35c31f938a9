#include "gateway/intake.h"

#include <spdlog/spdlog.h>

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kEventIdBytes = 16;  // in front of a message
constexpr auto kLookAfterKept = std::chrono::milliseconds(500);

auto now() { return std::chrono::steady_clock::now(); }

}  // namespace

Intake::Intake(asio::io_context& io, Redis& redis, BusSender& sender, Roster& roster)
    : redis_(redis), sender_(sender), roster_(roster), timer_(io) {
  redis_.on_new_link([this] { say_all_again(); });
}

void Intake::start() { look_after_kept(); }

asio::awaitable<Result<handoff::Accepted>> Intake::accept(ListenerId listener, Stage first,
                                                          EventId event, v1::Event fact) {
  // A server that has just started answers LOADING for a while: what it may have lost comes first.
  if (owing_ && saying_ == 0) say_all_again();
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

void Intake::say_all_again() {
  owing_ = false;
  say_again(kept_.all());
}

void Intake::say_again(const std::vector<KeptEvent>& events) {
  saying_ += events.size();
  for (const KeptEvent& event : events)
    redis_.send(handoff::accept_again(event.listener, event.first, event.message, event.sequence,
                                      event.in_turn),
                [this, event](const Result<RedisReply>& reply) { said_again(event, reply); });
}

// What failed, or came too early, is overdue and said again.
void Intake::said_again(const KeptEvent& event, const Result<RedisReply>& reply) {
  --saying_;
  const auto accepted = handoff::accepted(reply, event.listener, event.message);
  owing_ = owing_ || (!accepted && accepted.error().code == Errc::kUnavailable);
  if (!accepted) return;
  if (accepted->sequence != event.sequence) {
    spdlog::error("number {} of listener {} was taken by another event: it is {} now",
                  event.sequence, to_string(event.listener), accepted->sequence);
    kept_.drop(event);
  }
  kept_.keep({event.listener, accepted->sequence, event.first, event.message}, now());
  if (accepted->recorded)
    kept_.recorded(event.listener, accepted->sequence, event.message.substr(0, kEventIdBytes));
  if (!accepted->entry) return;
  spdlog::warn("Redis had lost number {} of listener {}: accepted again", event.sequence,
               to_string(event.listener));
  sender_.send(*accepted->entry);
}

void Intake::look_after_kept() {
  say_again(kept_.overdue(now()));
  if (const std::size_t dropped = kept_.forget(now()); dropped > 0)
    spdlog::error("{} accepted events are too many to keep in memory; they are in Redis alone",
                  dropped);
  timer_.expires_after(kLookAfterKept);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) look_after_kept();
  });
}

}  // namespace groove::gateway
