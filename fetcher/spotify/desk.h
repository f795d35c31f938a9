// Where Spotify is asked, beside the loop of the stage: on threads of its own, so that nobody else
// waits for it. The loop asks again and again; what is under way says how it stands.
//
// Pauses that Spotify asks for are kept: short ones here, with the rest of the pages to come; for a
// long one the listener is told when it ends, and what was read so far is kept for then.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fetcher/core/listening.h"
#include "fetcher/song_finder.h"
#include "fetcher/spotify/accounts.h"
#include "fetcher/spotify/collection.h"
#include "fetcher/spotify/timed_tasks.h"
#include "workers/base/ids.h"
#include "workers/library.h"
#include "workers/places.h"
#include "workers/redis_address.h"

namespace groove::fetcher {

class SpotifyDesk {
 public:
  // Nothing is asked before somebody wants something.
  SpotifyDesk(Places places, RedisAddress redis, CurrentCatalog& catalog);
  ~SpotifyDesk();

  // What the listener has there. Errors: kBusy (under way; how it stands, for the listener), others
  // are sentences for the listener.
  Result<Listening> listening(ListenerId listener, const SpotifyBasis& basis);

 private:
  using Key = std::pair<ListenerId, SpotifyBasis>;
  using Time = std::chrono::steady_clock::time_point;
  struct Job;
  class Hand;  // what one thread works with
  using Task = std::function<void(Hand&)>;
  template <class Kept>
  struct Dated {
    Kept kept;
    Time since;
  };

  void serve(const std::stop_token& stop);
  void hear_errands(const std::stop_token& stop);
  void run_errand(Hand& hand, const std::string& bytes);
  void run(Hand& hand, const std::shared_ptr<Job>& job);
  void pause(const std::shared_ptr<Job>& job, std::chrono::milliseconds time, std::string status);
  void end(const std::shared_ptr<Job>& job, Result<Listening> result);
  void say(const std::shared_ptr<Job>& job, std::string status);
  // True when it goes on after a pause.
  bool goes_on(Hand& hand, const std::shared_ptr<Job>& job, const SpotifyTrouble& trouble);
  void forget(ListenerId listener);
  void forget_old(Time now);
  Result<std::shared_ptr<const SongFinder>> finder();

  const Places places_;
  const RedisAddress redis_;
  CurrentCatalog& catalog_;
  std::mutex mutex_;  // over the four below
  std::map<Key, std::shared_ptr<Job>> jobs_;
  std::map<Key, Dated<SpotifyCollection>> unfinished_;
  std::map<std::pair<ListenerId, std::string>, Dated<PlaylistRead>> playlists_;
  std::shared_ptr<const SongFinder> finder_;
  TimedTasks<Task> tasks_;
  std::vector<std::jthread> threads_;  // last: they stop first
};

}  // namespace groove::fetcher
