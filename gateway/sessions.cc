#include "gateway/sessions.h"

#include "gateway/entropy.h"
#include "workers/base/bytes.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/text.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

RedisCommand store(std::string_view token, const Session& session) {
  const auto idle = std::chrono::seconds(limits::kSessionIdle).count();
  return {"SET", session_key(token), encode_session(session), "EX", std::to_string(idle)};
}

}  // namespace

ListenerId listener_named(std::string_view name) {
  // A name of signs alone folds to nothing; such names stay apart by being taken as they are.
  const std::string folded = fold(name);
  const std::string identity = "name:" + (folded.empty() ? std::string(name) : folded);
  return ListenerId{read_be<std::uint64_t>(as_bytes(sha256(identity)), 0)};
}

asio::awaitable<Result<Sessions::Begun>> Sessions::begin(ListenerId listener, std::string name) {
  Begun begun;
  begun.session = Session{listener, std::move(name), now_s(), now_s()};
  begun.token = make_token(random_token_bytes());
  const auto stored = co_await redis_.call(store(begun.token, begun.session));
  if (!stored) co_return std::unexpected(stored.error());
  co_return begun;
}

asio::awaitable<Result<std::optional<Session>>> Sessions::find(std::string token) {
  RedisCommand read = {"GET", session_key(token)};
  const auto record = co_await redis_.call(std::move(read));
  if (!record) co_return std::unexpected(record.error());
  auto session = decode_session(record->text);
  if (!session) co_return std::nullopt;
  const SessionAge age = age_of(*session, now_s());
  if (age == SessionAge::kEnded) co_return std::nullopt;
  if (age == SessionAge::kRenew) {
    session->renewed_s = now_s();
    // Nobody waits for it: what fails here is done by the next request. XX: a session that was
    // ended in the meantime stays ended.
    RedisCommand renew = store(token, *session);
    renew.emplace_back("XX");
    redis_.send(std::move(renew), [](const Result<RedisReply>&) {});
  }
  co_return session;
}

asio::awaitable<Status> Sessions::end(std::string token) {
  RedisCommand remove = {"DEL", session_key(token)};
  const auto removed = co_await redis_.call(std::move(remove));
  if (!removed) co_return std::unexpected(removed.error());
  co_return Status();
}

}  // namespace groove::gateway
