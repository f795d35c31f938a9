#include "gateway/intake.h"

namespace groove::gateway {
namespace asio = boost::asio;

asio::awaitable<Result<handoff::Accepted>> Intake::accept(ListenerId listener, Stage first,
                                                          EventId event, v1::Event fact) {
  std::string message = handoff::message(event, fact.SerializeAsString());
  RedisCommand command = handoff::accept(listener, first, message);
  const auto reply = co_await redis_.call(std::move(command));
  auto accepted = handoff::accepted(reply, listener, std::move(message));
  if (accepted && accepted->entry && !sender_.send(*accepted->entry)) roster_.look_again();
  co_return accepted;
}

}  // namespace groove::gateway
