// Redis as the hand-off uses it, modelled: the five scripts and the few plain commands, each
// atomic. The same traces on a real Redis with the real Lua give the same replies
// (model_store_test.cc), so what the simulation finds holds for the real scripts.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workers/store.h"

namespace groove::simulation {

// Rules of the real scripts that a mutant leaves out, to see that somebody notices.
struct Mutant {
  bool no_version_check = false;   // commit does not ask what the stage applied last
  bool no_identity_check = false;  // commit does not compare the entry with what was computed on
  bool remove_nothing = false;     // commit leaves its entry in the stream
  bool no_dedupe = false;          // accept does not remember event ids
};

class ModelStore {
 public:
  // `now_ms`: the store's clock.
  explicit ModelStore(std::function<std::int64_t()> now_ms, Mutant mutant = {})
      : now_ms_(std::move(now_ms)), mutant_(mutant) {}

  Result<RedisReply> execute(const RedisCommand& command);

  // What is left when nothing should be: entries in queues, counted attempts.
  std::size_t unconsumed() const;
  std::size_t counted_attempts() const;
  std::size_t dead_letters() const;
  std::string field(const std::string& key, const std::string& name) const;

 private:
  using Arguments = std::vector<std::string_view>;
  struct Entry {
    std::uint64_t ms = 0, n = 0;
    std::string listener, sequence, message;
  };
  struct Stream {
    std::deque<Entry> entries;
    std::uint64_t last_ms = 0, last_n = 0;
  };
  using Hash = std::unordered_map<std::string, std::string>;

  RedisReply accept(const Arguments& keys, const Arguments& args);
  RedisReply commit(const Arguments& keys, const Arguments& args);
  RedisReply dead(const Arguments& keys, const Arguments& args);
  RedisReply attempt(const Arguments& keys, const Arguments& args);
  RedisReply enrol(const Arguments& keys, const Arguments& args);
  RedisReply range(std::string_view key, std::string_view from, std::size_t count);

  std::string append(std::string_view key, std::string_view listener, std::string_view sequence,
                     std::string_view message);
  Entry* find(std::string_view key, std::string_view id);
  void remove(std::string_view key, std::string_view id);
  std::string pass_on(std::string_view key, const Arguments& args, std::string_view output,
                      std::string_view answers_kept);
  // Why an entry may not be consumed; empty when it may.
  std::string_view refusal(const Arguments& keys, const Arguments& args, std::string_view sha1);
  Hash& hash(std::string_view key) { return hashes_[std::string(key)]; }

  std::function<std::int64_t()> now_ms_;
  Mutant mutant_;
  std::unordered_map<std::string, Stream> streams_;
  std::unordered_map<std::string, Hash> hashes_;
  std::map<std::string, std::map<std::string, std::int64_t>> sets_;
};

}  // namespace groove::simulation
