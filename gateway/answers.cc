#include "gateway/answers.h"

#include <charconv>
#include <memory>

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::uint64_t kLatestLooksBack = 8;

// All in one write; replies come in order, so the last one's arrival means all are there.
// Requires: commands not empty.
asio::awaitable<std::vector<Result<RedisReply>>> call_all(Redis& redis,
                                                          std::vector<RedisCommand> commands) {
  auto replies = std::make_shared<std::vector<Result<RedisReply>>>(commands.size());
  for (std::size_t i = 0; i + 1 < commands.size(); ++i)
    redis.send(std::move(commands[i]),
               [replies, i](Result<RedisReply> reply) { (*replies)[i] = std::move(reply); });
  replies->back() = co_await redis.call(std::move(commands.back()));
  co_return std::move(*replies);
}

std::uint64_t sequence_of(const RedisReply& reply) {
  std::uint64_t sequence = 0;
  std::from_chars(reply.text.data(), reply.text.data() + reply.text.size(), sequence);
  return sequence;
}

std::optional<v1::BatchRecorded> parse_answer(const RedisReply& reply) {
  v1::BatchRecorded recorded;
  if (reply.nil() || !recorded.ParseFromString(reply.text)) return std::nullopt;
  return recorded;
}

}  // namespace

asio::awaitable<Result<handoff::ListenerProgress>> Answers::progress(ListenerId listener) {
  RedisCommand read = handoff::read_progress(listener);
  const auto reply = co_await redis_.call(std::move(read));
  co_return handoff::progress(reply);
}

asio::awaitable<Result<std::vector<v1::BatchRecorded>>> Answers::range(ListenerId listener,
                                                                       std::uint64_t first,
                                                                       std::uint64_t last) {
  std::vector<RedisCommand> reads;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence)
    reads.push_back(handoff::read_answer(listener, sequence));
  std::vector<v1::BatchRecorded> answers;
  if (reads.empty()) co_return answers;
  const auto replies = co_await call_all(redis_, std::move(reads));
  for (const auto& reply : replies) {
    if (!reply) co_return std::unexpected(reply.error());
    if (auto answer = parse_answer(*reply)) answers.push_back(std::move(*answer));
  }
  co_return answers;
}

asio::awaitable<Result<std::optional<v1::BatchRecorded>>> Answers::latest(ListenerId listener) {
  const auto reached = co_await progress(listener);
  if (!reached) co_return std::unexpected(reached.error());
  const std::uint64_t last = reached->recorded;
  const std::uint64_t first = last > kLatestLooksBack ? last - kLatestLooksBack + 1 : 1;
  auto answers = co_await range(listener, first, last);
  if (!answers) co_return std::unexpected(answers.error());
  if (answers->empty()) co_return std::nullopt;
  for (auto it = answers->rbegin(); it != answers->rend(); ++it)
    if (it->has_batch()) co_return std::move(*it);
  co_return std::move(answers->back());
}

asio::awaitable<Result<Answers::Found>> Answers::of_event(ListenerId listener, EventId event) {
  RedisCommand find = handoff::find_event(listener, event);
  const auto known = co_await redis_.call(std::move(find));
  if (!known) co_return std::unexpected(known.error());
  Found found;
  found.sequence = sequence_of(*known);
  if (found.sequence == 0) co_return found;
  std::vector<RedisCommand> reads = {handoff::read_progress(listener),
                                     handoff::read_answer(listener, found.sequence)};
  const auto replies = co_await call_all(redis_, std::move(reads));
  const auto reached = handoff::progress(replies[0]);
  if (!reached) co_return std::unexpected(reached.error());
  if (!replies[1]) co_return std::unexpected(replies[1].error());
  found.answer = parse_answer(*replies[1]);
  found.pending = reached->recorded < found.sequence;
  co_return found;
}

asio::awaitable<Result<v1::ScorerState>> Answers::scorer_state(ListenerId listener) {
  RedisCommand read = handoff::read_state(listener, Stage::kScore);
  const auto reply = co_await redis_.call(std::move(read));
  const auto kept = handoff::state(reply);
  if (!kept) co_return std::unexpected(kept.error());
  v1::ScorerState state;
  if (!state.ParseFromString(kept->state))
    co_return fail(Errc::kCorrupt, "What the scorer keeps of this listener cannot be read.");
  co_return state;
}

}  // namespace groove::gateway
