#include "tests/simulation/model_store.h"

#include <fmt/format.h>

#include <charconv>

#include "workers/base/check.h"
#include "workers/scripts.h"

namespace groove::simulation {
namespace {

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  if (!text.empty()) std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

RedisReply text(std::string_view value) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::kText;
  reply.text = value;
  return reply;
}

RedisReply integer(std::int64_t value) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::kInteger;
  reply.integer = value;
  return reply;
}

RedisReply list(std::vector<RedisReply> values) {
  RedisReply reply;
  reply.kind = RedisReply::Kind::kList;
  reply.list = std::move(values);
  return reply;
}

std::string id_of(std::uint64_t ms, std::uint64_t n) { return fmt::format("{}-{}", ms, n); }

std::pair<std::uint64_t, std::uint64_t> split(std::string_view id) {
  const std::size_t dash = id.find('-');
  return {static_cast<std::uint64_t>(number(id.substr(0, dash))),
          static_cast<std::uint64_t>(number(id.substr(dash + 1)))};
}

std::string_view value_of(const std::unordered_map<std::string, std::string>& hash,
                          const std::string& field) {
  const auto found = hash.find(field);
  return found == hash.end() ? std::string_view() : std::string_view(found->second);
}

std::string join(std::string_view a, std::string_view b) { return std::string(a).append(b); }

}  // namespace

Result<RedisReply> ModelStore::execute(const RedisCommand& command) {
  const std::string& what = command.at(0);
  if (what == "HGET") {
    const auto& h = hash(command[1]);
    return h.contains(command[2]) ? text(h.at(command[2])) : RedisReply();
  }
  if (what == "HDEL") return integer(static_cast<std::int64_t>(hash(command[1]).erase(command[2])));
  if (what == "HMGET") {
    std::vector<RedisReply> values;
    for (std::size_t i = 2; i < command.size(); ++i) {
      const auto& h = hash(command[1]);
      values.push_back(h.contains(command[i]) ? text(h.at(command[i])) : RedisReply());
    }
    return list(std::move(values));
  }
  if (what == "XRANGE")
    return range(command[1], command[2], static_cast<std::size_t>(number(command[5])));
  GROOVE_CHECK(what == "EVALSHA");
  const auto key_count = static_cast<std::size_t>(number(command[2]));
  const Arguments keys(command.begin() + 3, command.begin() + 3 + key_count);
  const Arguments args(command.begin() + 3 + key_count, command.end());
  if (command[1] == script("accept").sha1) return accept(keys, args);
  if (command[1] == script("commit").sha1) return commit(keys, args);
  if (command[1] == script("dead").sha1) return dead(keys, args);
  if (command[1] == script("attempt").sha1) return attempt(keys, args);
  GROOVE_CHECK(command[1] == script("register").sha1);
  return enrol(keys, args);
}

RedisReply ModelStore::accept(const Arguments& keys, const Arguments& args) {
  Hash &listener = hash(keys[0]), &seen = hash(keys[1]);
  const std::string event(args[0]);
  if (seen.contains(event) && !mutant_.no_dedupe)
    return list({text("DUP"), integer(number(seen[event])),
                 integer(number(value_of(listener, "v:ledger")))});
  const std::int64_t last = number(value_of(listener, "seq"));
  const std::int64_t recorded = number(value_of(listener, "v:ledger"));
  if (!args[7].empty()) {
    const std::int64_t promised = number(args[7]);
    if (promised <= last - number(args[5]))
      return list({text("DUP"), integer(promised), integer(recorded)});
    if (last + 1 < promised && args[8] == "1") return list({text("EARLY"), integer(last)});
  }
  for (std::size_t i = 2; i < 6 && args[7].empty(); ++i)
    if (static_cast<std::int64_t>(streams_[std::string(keys[i])].entries.size()) >= number(args[4]))
      return list({text("BUSY"), text("backlog")});
  if (args[7].empty() && last - recorded >= number(args[6]))
    return list({text("BUSY"), text("pending")});
  const std::string seq = std::to_string(last + 1);
  const bool straight = args[3] == "score" && number(value_of(listener, "v:fetch")) == last &&
                        number(value_of(listener, "v:cluster")) == last;
  if (straight) listener["v:fetch"] = listener["v:cluster"] = seq;
  listener["seq"] = seq;
  const std::string id = append(keys[straight ? 4 : 2], args[1], seq, args[2]);
  seen[event] = seq;
  seen["#" + seq] = event;
  const std::string oldest = "#" + std::to_string(last + 1 - number(args[5]));
  if (seen.contains(oldest)) {
    seen.erase(seen[oldest]);
    seen.erase(oldest);
  }
  return list({text("OK"), integer(last + 1), text(straight ? "score" : "fetch"), text(id)});
}

std::string_view ModelStore::refusal(const Arguments& keys, const Arguments& args,
                                     std::string_view sha1) {
  const std::int64_t version = number(value_of(hash(keys[1]), join("v:", args[3])));
  const std::int64_t sequence = number(args[2]);
  if (!mutant_.no_version_check) {
    if (version >= sequence) return "GONE";
    if (version + 1 != sequence) return "GAP";
  }
  const Entry* entry = find(keys[0], args[0]);
  if (entry == nullptr) return "GONE";
  if (mutant_.no_identity_check) return {};
  if (entry->listener != args[1] || entry->sequence != args[2]) return "FORGED";
  if (sha1_hex(entry->message) != sha1) return "FORGED";
  return {};
}

std::string ModelStore::pass_on(std::string_view key, const Arguments& args,
                                std::string_view output, std::string_view answers_kept) {
  if (answers_kept.empty()) return append(key, args[1], args[2], output);
  hash(key)[std::string(args[2])] = output;
  hash(key).erase(std::to_string(number(args[2]) - number(answers_kept)));
  return {};
}

RedisReply ModelStore::commit(const Arguments& keys, const Arguments& args) {
  if (const auto why = refusal(keys, args, args[6]); !why.empty()) return list({text(why)});
  if (!mutant_.remove_nothing) remove(keys[0], args[0]);
  Hash& listener = hash(keys[1]);
  listener[join("v:", args[3])] = args[2];
  if (!args[4].empty()) listener[join("st:", args[3])] = args[4].substr(1);
  const std::string id = pass_on(keys[2], args, args[5], args[7]);
  hash(keys[3]).erase(join(args[3], join(":", args[0])));
  return list({text("OK"), text(id)});
}

RedisReply ModelStore::dead(const Arguments& keys, const Arguments& args) {
  if (const auto why = refusal(keys, args, args[7]); !why.empty()) return list({text(why)});
  const std::string message = find(keys[0], args[0])->message;
  remove(keys[0], args[0]);
  hash(keys[1])[join("v:", args[3])] = args[2];
  append(keys[4], args[1], args[2], message);
  const std::string id = pass_on(keys[2], args, args[5], args[6]);
  hash(keys[3]).erase(join(args[3], join(":", args[0])));
  return list({text("OK"), text(id)});
}

RedisReply ModelStore::attempt(const Arguments& keys, const Arguments& args) {
  if (find(keys[0], args[0]) == nullptr) return integer(0);
  std::string& count = hash(keys[1])[join(args[1], join(":", args[0]))];
  count = std::to_string(number(count) + 1);
  return integer(number(count));
}

RedisReply ModelStore::enrol(const Arguments& keys, const Arguments& args) {
  auto& members = sets_[std::string(keys[0])];
  const std::int64_t now = now_ms_();
  std::erase_if(members, [&](const auto& each) { return each.second <= now - 60'000; });
  if (!args[0].empty()) {
    const std::string_view name = args[0].substr(0, args[0].find('|') + 1);
    std::erase_if(members, [&](const auto& each) {
      return each.first != args[0] && each.first.starts_with(name);
    });
    if (number(args[1]) > 0)
      members[std::string(args[0])] = now + number(args[1]);
    else
      members.erase(std::string(args[0]));
  }
  std::vector<RedisReply> alive;
  for (const auto& [member, expiry] : members)
    if (expiry >= now) alive.push_back(text(member));
  return list(std::move(alive));
}

RedisReply ModelStore::range(std::string_view key, std::string_view from, std::size_t count) {
  std::vector<RedisReply> found;
  const auto after = from.starts_with('(') ? split(from.substr(1)) : std::pair{0ul, 0ul};
  for (const Entry& entry : streams_[std::string(key)].entries) {
    if (found.size() >= count) break;
    if (std::pair{entry.ms, entry.n} <= after) continue;
    found.push_back(list({text(id_of(entry.ms, entry.n)),
                          list({text("u"), text(entry.listener), text("s"), text(entry.sequence),
                                text("m"), text(entry.message)})}));
  }
  return list(std::move(found));
}

std::string ModelStore::append(std::string_view key, std::string_view listener,
                               std::string_view sequence, std::string_view message) {
  Stream& stream = streams_[std::string(key)];
  const auto now = static_cast<std::uint64_t>(now_ms_());
  if (now > stream.last_ms) {
    stream.last_ms = now;
    stream.last_n = 0;
  } else {
    ++stream.last_n;
  }
  stream.entries.push_back({stream.last_ms, stream.last_n, std::string(listener),
                            std::string(sequence), std::string(message)});
  return id_of(stream.last_ms, stream.last_n);
}

ModelStore::Entry* ModelStore::find(std::string_view key, std::string_view id) {
  const auto at = split(id);
  for (Entry& entry : streams_[std::string(key)].entries)
    if (std::pair{entry.ms, entry.n} == at) return &entry;
  return nullptr;
}

void ModelStore::remove(std::string_view key, std::string_view id) {
  const auto at = split(id);
  std::erase_if(streams_[std::string(key)].entries,
                [&](const Entry& entry) { return std::pair{entry.ms, entry.n} == at; });
}

std::size_t ModelStore::unconsumed() const {
  std::size_t count = 0;
  for (const auto& [key, stream] : streams_)
    if (key.find(":q:") != std::string::npos) count += stream.entries.size();
  return count;
}

std::size_t ModelStore::counted_attempts() const {
  std::size_t count = 0;
  for (const auto& [key, h] : hashes_)
    if (key.ends_with(":att")) count += h.size();
  return count;
}

std::size_t ModelStore::dead_letters() const {
  std::size_t count = 0;
  for (const auto& [key, stream] : streams_)
    if (key.ends_with(":dlq")) count += stream.entries.size();
  return count;
}

std::string ModelStore::field(const std::string& key, const std::string& name) const {
  const auto h = hashes_.find(key);
  return h == hashes_.end() ? std::string() : std::string(value_of(h->second, name));
}

}  // namespace groove::simulation
