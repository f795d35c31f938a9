#include "workers/handoff.h"

#include <fmt/format.h>

#include <charconv>

#include "workers/base/check.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/rendezvous.h"
#include "workers/scripts.h"

namespace groove::handoff {
namespace {

constexpr std::size_t kEventIdBytes = 16;

// {pNNN}: the hash tag that keeps all keys of one listener in one Redis Cluster slot.
std::string tag(std::uint32_t partition) { return fmt::format("{{p{:03}}}", partition); }

std::string queue_key(std::uint32_t partition, Stage stage) {
  return fmt::format("{}:q:{}", tag(partition), name(stage));
}

std::string listener_key(std::string_view what, ListenerId listener) {
  return fmt::format("{}:{}:{}", tag(partition_of(listener)), what, to_string(listener));
}

std::string attempts_key(std::uint32_t partition) { return tag(partition) + ":att"; }

RedisCommand eval(std::string_view script_name, std::vector<std::string> keys,
                  std::vector<std::string> arguments) {
  RedisCommand command = {"EVALSHA", script(script_name).sha1, std::to_string(keys.size())};
  std::move(keys.begin(), keys.end(), std::back_inserter(command));
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command));
  return command;
}

// Where a stage's output goes: the next stage's stream, or at the last one the listener's answers.
std::string output_key(const Entry& entry) {
  const auto following = next(entry.stage);
  return following ? queue_key(partition_of(entry.listener), *following)
                   : listener_key("out", entry.listener);
}

std::string answers_kept(Stage stage) {
  return next(stage) ? std::string() : std::to_string(limits::kResultsKept);
}

std::unexpected<Error> unexpected_reply(std::string_view what) {
  return fail(Errc::kCorrupt, fmt::format("Redis answered {} in a shape it never has", what));
}

std::optional<std::uint64_t> number(const RedisReply& reply) {
  if (reply.kind == RedisReply::Kind::kInteger && reply.integer >= 0)
    return static_cast<std::uint64_t>(reply.integer);
  if (reply.nil()) return 0;
  std::uint64_t value = 0;
  const char* const end = reply.text.data() + reply.text.size();
  const auto [stop, error] = std::from_chars(reply.text.data(), end, value);
  if (reply.kind != RedisReply::Kind::kText || error != std::errc() || stop != end)
    return std::nullopt;
  return value;
}

std::optional<Stage> stage_named(std::string_view text) {
  for (const Stage stage : kStages)
    if (name(stage) == text) return stage;
  return std::nullopt;
}

// "<ms>-<n>", as Redis names entries of streams.
bool is_entry_id(std::string_view text) {
  std::int64_t ms = 0;
  std::uint64_t n = 0;
  const char* const end = text.data() + text.size();
  const auto [dash, error] = std::from_chars(text.data(), end, ms);
  if (error != std::errc() || ms < 0 || dash == end || *dash != '-') return false;
  const auto [stop, error2] = std::from_chars(dash + 1, end, n);
  return error2 == std::errc() && stop == end;
}

// A stream entry is [id, [field, value, ...]]; ours is u, s, m in that order.
std::optional<Entry> entry_from(const RedisReply& reply, Stage stage) {
  if (reply.list.size() != 2 || reply.list[1].list.size() != 6) return std::nullopt;
  const std::vector<RedisReply>& fields = reply.list[1].list;
  const auto listener = parse_listener_id(fields[1].text);
  const auto sequence = number(fields[3]);
  if (!listener || !sequence || fields[5].text.size() < kEventIdBytes ||
      !is_entry_id(reply.list[0].text))
    return std::nullopt;
  return Entry{stage, reply.list[0].text, *listener, *sequence, fields[5].text};
}

}  // namespace

EventId Entry::event() const {
  const auto parsed = event_id_from_bytes(std::string_view(message).substr(0, kEventIdBytes));
  GROOVE_CHECK(parsed.has_value());
  return *parsed;
}

std::string_view Entry::fact() const { return std::string_view(message).substr(kEventIdBytes); }

std::string message(const EventId& event, std::string_view fact) {
  return std::string(as_bytes(event)).append(fact);
}

namespace {

RedisCommand accept_command(ListenerId listener, Stage first, std::string message,
                            std::string promised, std::string in_turn) {
  GROOVE_CHECK(first == Stage::kFetch || first == Stage::kScore);
  GROOVE_CHECK(message.size() >= kEventIdBytes && message.size() <= limits::kMessageBytesMax);
  const std::uint32_t partition = partition_of(listener);
  std::string event = message.substr(0, kEventIdBytes);
  return eval(
      "accept",
      {listener_key("u", listener), listener_key("seen", listener),
       queue_key(partition, Stage::kFetch), queue_key(partition, Stage::kCluster),
       queue_key(partition, Stage::kScore), queue_key(partition, Stage::kLedger)},
      {std::move(event), to_string(listener), std::move(message), std::string(name(first)),
       std::to_string(limits::kBacklogMax), std::to_string(limits::kDedupeWindow),
       std::to_string(limits::kPendingPerListenerMax), std::move(promised), std::move(in_turn)});
}

}  // namespace

RedisCommand accept(ListenerId listener, Stage first, std::string message) {
  return accept_command(listener, first, std::move(message), "", "");
}

RedisCommand accept_again(ListenerId listener, Stage first, std::string message,
                          std::uint64_t promised, bool in_turn) {
  return accept_command(listener, first, std::move(message), std::to_string(promised),
                        in_turn ? "1" : "");
}

Result<Accepted> accepted(const Result<RedisReply>& reply, ListenerId listener,
                          std::string message) {
  if (!reply) return std::unexpected(reply.error());
  const std::vector<RedisReply>& list = reply->list;
  if (list.size() < 2) return unexpected_reply("accept");
  if (list[0].text == "BUSY") {
    return fail(Errc::kBusy, list[1].text == "pending"
                                 ? "Too many of your requests are still being worked on."
                                 : "Groove has more work waiting than it takes on.");
  }
  const auto sequence = number(list[1]);
  if (!sequence) return unexpected_reply("accept");
  if (list[0].text == "EARLY")
    return fail(Errc::kConflict, "An earlier event of this listener must come first.");
  if (list[0].text == "DUP") {
    const auto recorded = list.size() == 3 ? number(list[2]) : std::nullopt;
    if (!recorded) return unexpected_reply("accept");
    return Accepted{*sequence, true, *recorded >= *sequence, std::nullopt};
  }
  const auto stage = list.size() == 4 ? stage_named(list[2].text) : std::nullopt;
  if (list[0].text != "OK" || !stage || !is_entry_id(list[3].text))
    return unexpected_reply("accept");
  return Accepted{*sequence, false, false,
                  Entry{*stage, list[3].text, listener, *sequence, std::move(message)}};
}

RedisCommand commit(const Entry& entry, std::optional<std::string_view> state,
                    std::string_view output) {
  const std::uint32_t partition = partition_of(entry.listener);
  return eval("commit",
              {queue_key(partition, entry.stage), listener_key("u", entry.listener),
               output_key(entry), attempts_key(partition)},
              {entry.id, to_string(entry.listener), std::to_string(entry.sequence),
               std::string(name(entry.stage)), state ? "=" + std::string(*state) : std::string(),
               std::string(output), sha1_hex(entry.message), answers_kept(entry.stage)});
}

RedisCommand dead(const Entry& entry, std::string_view reason, std::string_view refusal) {
  const std::uint32_t partition = partition_of(entry.listener);
  return eval("dead",
              {queue_key(partition, entry.stage), listener_key("u", entry.listener),
               output_key(entry), attempts_key(partition), tag(partition) + ":dlq"},
              {entry.id, to_string(entry.listener), std::to_string(entry.sequence),
               std::string(name(entry.stage)), std::string(reason), std::string(refusal),
               answers_kept(entry.stage), sha1_hex(entry.message)});
}

Result<Committed> committed(const Result<RedisReply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  const std::vector<RedisReply>& list = reply->list;
  if (list.empty()) return unexpected_reply("commit");
  if (list[0].text == "GONE") return Committed{Outcome::kGone, {}};
  if (list[0].text == "GAP") return Committed{Outcome::kGap, {}};
  if (list[0].text == "FORGED") return Committed{Outcome::kForged, {}};
  if (list[0].text != "OK" || list.size() != 2) return unexpected_reply("commit");
  if (!list[1].text.empty() && !is_entry_id(list[1].text)) return unexpected_reply("commit");
  return Committed{Outcome::kDone, list[1].text};
}

RedisCommand attempt(const Entry& entry) {
  const std::uint32_t partition = partition_of(entry.listener);
  return eval("attempt", {queue_key(partition, entry.stage), attempts_key(partition)},
              {entry.id, std::string(name(entry.stage))});
}

RedisCommand read_attempts(const Entry& entry) {
  return {"HGET", attempts_key(partition_of(entry.listener)),
          fmt::format("{}:{}", name(entry.stage), entry.id)};
}

RedisCommand forgive(const Entry& entry) {
  return {"HDEL", attempts_key(partition_of(entry.listener)),
          fmt::format("{}:{}", name(entry.stage), entry.id)};
}

Result<std::uint64_t> attempts(const Result<RedisReply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  const auto count = number(*reply);
  if (!count) return unexpected_reply("a count");
  return *count;
}

RedisCommand pull(std::uint32_t partition, Stage stage, std::size_t count, std::string_view after) {
  return {
      "XRANGE", queue_key(partition, stage), after.empty() ? "-" : fmt::format("({}", after), "+",
      "COUNT",  std::to_string(count)};
}

Result<std::vector<Entry>> pulled(const Result<RedisReply>& reply, Stage stage) {
  if (!reply) return std::unexpected(reply.error());
  std::vector<Entry> entries;
  entries.reserve(reply->list.size());
  for (const RedisReply& item : reply->list) {
    auto entry = entry_from(item, stage);
    if (!entry) return unexpected_reply("a stream entry");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

RedisCommand read_state(ListenerId listener, Stage stage) {
  return {"HMGET", listener_key("u", listener), fmt::format("v:{}", name(stage)),
          fmt::format("st:{}", name(stage))};
}

Result<StageState> state(const Result<RedisReply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  const auto version = reply->list.size() == 2 ? number(reply->list[0]) : std::nullopt;
  if (!version) return unexpected_reply("a listener's state");
  return StageState{*version, reply->list[1].text};
}

RedisCommand read_progress(ListenerId listener) {
  return {"HMGET", listener_key("u", listener), "seq", fmt::format("v:{}", name(kLastStage))};
}

Result<ListenerProgress> progress(const Result<RedisReply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  if (reply->list.size() != 2) return unexpected_reply("a listener's progress");
  const auto sequence = number(reply->list[0]), recorded = number(reply->list[1]);
  if (!sequence || !recorded) return unexpected_reply("a listener's progress");
  return ListenerProgress{*sequence, *recorded};
}

RedisCommand read_answer(ListenerId listener, std::uint64_t sequence) {
  return {"HGET", listener_key("out", listener), std::to_string(sequence)};
}

RedisCommand find_event(ListenerId listener, const EventId& event) {
  return {"HGET", listener_key("seen", listener), std::string(as_bytes(event))};
}

RedisCommand read_dead_letters(std::uint32_t partition) {
  return {"XRANGE", tag(partition) + ":dlq", "-", "+"};
}

// A dead letter is [id, [stage, ., id, ., u, ., s, ., why, ., m, .]].
Result<std::vector<DeadLetter>> dead_letters(const Result<RedisReply>& reply,
                                             std::uint32_t partition) {
  if (!reply) return std::unexpected(reply.error());
  std::vector<DeadLetter> letters;
  for (const RedisReply& item : reply->list) {
    if (item.list.size() != 2 || item.list[1].list.size() != 12)
      return unexpected_reply("a dead letter");
    const std::vector<RedisReply>& fields = item.list[1].list;
    const auto stage = stage_named(fields[1].text);
    const auto listener = parse_listener_id(fields[5].text);
    const auto sequence = number(fields[7]);
    if (!stage || !listener || !sequence || fields[11].text.size() < kEventIdBytes)
      return unexpected_reply("a dead letter");
    letters.push_back({item.list[0].text, partition, *stage, *listener, *sequence, fields[9].text,
                       fields[11].text});
  }
  return letters;
}

Entry revived(const DeadLetter& letter) {
  const Digest digest =
      sha256(fmt::format("groove dead letter {} {}", letter.partition, letter.id));
  const auto id = event_id_from_bytes(as_bytes(digest).substr(0, kEventIdBytes));
  const std::string_view fact = std::string_view(letter.message).substr(kEventIdBytes);
  const Stage first = letter.stage == Stage::kFetch || letter.stage == Stage::kCluster
                          ? Stage::kFetch
                          : Stage::kScore;
  return {first, {}, letter.listener, 0, message(*id, fact)};
}

RedisCommand forget_dead_letter(const DeadLetter& letter) {
  return {"XDEL", tag(letter.partition) + ":dlq", letter.id};
}

std::uint64_t target_of(const Member& member) {
  return hash_text(member.name + "|" + member.endpoint);
}

RedisCommand register_member(Stage stage, const Member* self, bool leave) {
  const auto ttl = std::chrono::milliseconds(limits::kRegistrationTtl).count();
  return eval("register", {fmt::format("{{reg}}:{}", name(stage))},
              {self ? fmt::format("{}|{}|{}", self->name, self->endpoint, self->notices) : "",
               std::to_string(leave ? 0 : ttl)});
}

Result<std::vector<Member>> members(const Result<RedisReply>& reply) {
  if (!reply) return std::unexpected(reply.error());
  std::vector<Member> all;
  for (const RedisReply& item : reply->list) {
    const std::size_t first = item.text.find('|'), second = item.text.find('|', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      return unexpected_reply("a member");
    all.push_back({item.text.substr(0, first), item.text.substr(first + 1, second - first - 1),
                   item.text.substr(second + 1)});
  }
  return all;
}

}  // namespace groove::handoff
