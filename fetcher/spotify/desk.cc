#include "fetcher/spotify/desk.h"

#include <fmt/format.h>
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <utility>

#include "fetcher/spotify/errands.h"
#include "fetcher/spotify/words.h"
#include "workers/redis.h"

namespace groove::fetcher {
namespace {

using namespace std::chrono_literals;
using Kind = SpotifyTrouble::Kind;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kThreads = 4;
constexpr std::size_t kJobsMax = 256, kKeptMax = 64;
constexpr int kTriesMax = 4, kPausesMax = 4;
constexpr std::int64_t kPauseHereMax_s = 30;  // a longer one the listener is told of
constexpr auto kFirstBackOff = 250ms;
constexpr auto kUntakenFor = 2min;  // a result that nobody came for
constexpr auto kKeptFor = 26h;      // longer than a day's pause
constexpr auto kLookAgain = 250ms;  // for a registration, or for Redis

// Half of it to all of it: who was turned away together does not come back together.
milliseconds jittered(milliseconds time) {
  const auto half = static_cast<std::uint32_t>(time.count() / 2);
  return milliseconds(half + randombytes_uniform(half + 1));
}

void wait_for_stop(const std::stop_token& stop, milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, time, [] { return false; });
}

template <class Map>
void drop_old(Map& map, steady_clock::time_point now) {
  std::erase_if(map, [&](const auto& each) { return now - each.second.since > kKeptFor; });
  while (map.size() > kKeptMax) {
    auto oldest = map.begin();
    for (auto it = map.begin(); it != map.end(); ++it)
      if (it->second.since < oldest->second.since) oldest = it;
    map.erase(oldest);
  }
}

}  // namespace

struct SpotifyDesk::Job {
  Job(Key k, SpotifyCollection c) : key(std::move(k)), collection(std::move(c)) {}
  const Key key;
  // Of the thread that runs it.
  SpotifyCollection collection;
  int tries = 0, pauses = 0;
  // Of whoever has the desk's mutex.
  std::string status = "Asking Spotify";
  std::optional<Result<Listening>> result;
  Time ended;
};

// Made anew for each task: the app's registration may have changed, and nothing here is dear.
class SpotifyDesk::Hand {
 public:
  Hand(const RedisAddress& redis, std::stop_token stop)
      : redis_(io_, redis), stop_(std::move(stop)) {}

  // Errors: in words for the listener.
  Result<SpotifyAccounts*> accounts(const Places& places) {
    auto config = SpotifyConfig::read(places.spotify_config());
    if (!config)
      return fail(Errc::kInvalid, config.error().code == Errc::kNotFound
                                      ? "Groove is not registered with Spotify yet: "
                                        "deploy/up --spotify-client-id ID."
                                      : config.error().message);
    auto seal = TokenSeal::open(places.spotify_key());
    if (!seal) return std::unexpected(seal.error());
    seal_.emplace(std::move(*seal));
    web_.emplace(std::move(*config), http_exchange, [this] { return stopping(); });
    accounts_.emplace(redis_, *seal_, *web_, clock_);
    return &*accounts_;
  }
  bool stopping() const { return stop_.stop_requested(); }
  Redis& redis() { return redis_; }
  const Clock& clock() const { return clock_; }

 private:
  boost::asio::io_context io_;
  Redis redis_;
  SystemClock clock_;
  std::stop_token stop_;
  std::optional<TokenSeal> seal_;
  std::optional<SpotifyWeb> web_;
  std::optional<SpotifyAccounts> accounts_;
};

SpotifyDesk::SpotifyDesk(Places places, RedisAddress redis, CurrentCatalog& catalog)
    : places_(std::move(places)), redis_(std::move(redis)), catalog_(catalog) {
  for (int i = 0; i < kThreads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { hear_errands(stop); });
}

SpotifyDesk::~SpotifyDesk() {
  for (std::jthread& thread : threads_) thread.request_stop();  // all, before one is waited for
}

Result<Listening> SpotifyDesk::listening(ListenerId listener, const SpotifyBasis& basis) {
  const Key key{listener, basis};
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  forget_old(now);
  const auto found = jobs_.find(key);
  if (found != jobs_.end()) {
    if (!found->second->result) return fail(Errc::kBusy, found->second->status);
    Result<Listening> result = std::move(*found->second->result);
    jobs_.erase(found);
    return result;
  }
  if (jobs_.size() >= kJobsMax)
    return fail(Errc::kBusy, "Many are asking Spotify just now; yours comes next");
  const auto begun = unfinished_.find(key);
  auto job = std::make_shared<Job>(
      key, begun == unfinished_.end() ? SpotifyCollection(basis) : begun->second.kept);
  if (begun != unfinished_.end()) unfinished_.erase(begun);
  jobs_.emplace(key, job);
  tasks_.add(now, [this, job](Hand& hand) { run(hand, job); });
  return fail(Errc::kBusy, job->status);
}

void SpotifyDesk::serve(const std::stop_token& stop) {
  Hand hand(redis_, stop);
  Task task;
  while (tasks_.next(stop, task)) {
    task(hand);
    task = nullptr;
  }
}

void SpotifyDesk::run(Hand& hand, const std::shared_ptr<Job>& job) {
  const auto& [listener, basis] = job->key;
  const auto accounts = hand.accounts(places_);
  if (!accounts) return end(job, std::unexpected(accounts.error()));
  const auto account = (*accounts)->find(listener);
  SpotifyAnswer<bool> all = false;
  if (!account) all = std::unexpected(account.error());
  if (account && !*account) {
    forget(listener);
    return end(job, fail(Errc::kInvalid, "Sign in with Spotify first."));
  }
  const std::int64_t now_s = hand.clock().unix_us() / 1'000'000;
  if (account && (*account)->until_s() > now_s)
    all = std::unexpected(
        SpotifyTrouble{Kind::kWait, (*account)->until_s() - now_s, (*account)->why()});
  std::optional<PlaylistRead> known;
  if (basis.what == SpotifyBasis::What::kPlaylist) {
    const std::lock_guard lock(mutex_);
    const auto read = playlists_.find({listener, basis.playlist});
    if (read != playlists_.end()) known = read->second.kept;
  }
  const auto get = [&](const std::string& path) {
    return (*accounts)->call(listener, "GET", path);
  };
  while (all && !*all && !hand.stopping()) {
    all = job->collection.step(get, known ? &*known : nullptr);
    say(job, job->collection.progress());
  }
  if (!all) {
    if (!goes_on(hand, job, all.error()))
      end(job,
          fail(Errc::kInvalid, spotify_words(all.error(), hand.clock().unix_us() / 1'000'000)));
    return;
  }
  if (hand.stopping()) return;  // the event waits in Redis for the next start
  const auto songs = finder();
  if (!songs) return end(job, std::unexpected(songs.error()));
  if (basis.what == SpotifyBasis::What::kPlaylist) {
    const std::lock_guard lock(mutex_);
    playlists_.insert_or_assign(
        {listener, basis.playlist},
        Dated<PlaylistRead>{job->collection.playlist(), steady_clock::now()});
  }
  Listening listening = job->collection.listening(**songs);
  if (listening.songs.empty())
    return end(job, fail(Errc::kNotFound, "There are no songs in that list of Spotify's yet."));
  end(job, std::move(listening));
}

bool SpotifyDesk::goes_on(Hand& hand, const std::shared_ptr<Job>& job,
                          const SpotifyTrouble& trouble) {
  if (hand.stopping()) return true;
  const ListenerId listener = job->key.first;
  if (trouble.kind == Kind::kPassing && job->tries < kTriesMax) {
    pause(job, jittered(kFirstBackOff * (1 << job->tries++)),
          "Spotify does not answer; trying again");
    return true;
  }
  if (trouble.kind == Kind::kWait) {
    const std::int64_t now_s = hand.clock().unix_us() / 1'000'000;
    if (const auto accounts = hand.accounts(places_))
      (*accounts)->wait_until(listener, now_s + trouble.wait_s, trouble.said);
    if (trouble.wait_s <= kPauseHereMax_s && job->pauses++ < kPausesMax) {
      pause(job, std::chrono::seconds(trouble.wait_s) + jittered(kFirstBackOff),
            fmt::format("Spotify asks for a pause of {} s; then it goes on", trouble.wait_s));
      return true;
    }
  }
  if (trouble.kind == Kind::kWait || trouble.kind == Kind::kPassing) {
    const std::lock_guard lock(mutex_);
    unfinished_.insert_or_assign(job->key,
                                 Dated<SpotifyCollection>{job->collection, steady_clock::now()});
  }
  return false;
}

void SpotifyDesk::pause(const std::shared_ptr<Job>& job, milliseconds time, std::string status) {
  say(job, std::move(status));
  tasks_.add(steady_clock::now() + time, [this, job](Hand& hand) { run(hand, job); });
}

void SpotifyDesk::say(const std::shared_ptr<Job>& job, std::string status) {
  const std::lock_guard lock(mutex_);
  job->status = std::move(status);
}

void SpotifyDesk::end(const std::shared_ptr<Job>& job, Result<Listening> result) {
  const std::lock_guard lock(mutex_);
  job->result = std::move(result);
  job->ended = steady_clock::now();
}

// Of who has disconnected, nothing stays here either.
void SpotifyDesk::forget(ListenerId listener) {
  const std::lock_guard lock(mutex_);
  std::erase_if(unfinished_, [&](const auto& each) { return each.first.first == listener; });
  std::erase_if(playlists_, [&](const auto& each) { return each.first.first == listener; });
}

// Requires: the mutex is held.
void SpotifyDesk::forget_old(Time now) {
  std::erase_if(jobs_, [&](const auto& each) {
    return each.second->result && now - each.second->ended > kUntakenFor;
  });
  drop_old(unfinished_, now);
  drop_old(playlists_, now);
}

Result<std::shared_ptr<const SongFinder>> SpotifyDesk::finder() {
  const auto catalog = catalog_.get();
  if (!catalog) return std::unexpected(catalog.error());
  {
    const std::lock_guard lock(mutex_);
    if (finder_ && &finder_->catalog() == catalog->get()) return finder_;
  }
  auto fresh = std::make_shared<const SongFinder>(*catalog);
  const std::lock_guard lock(mutex_);
  finder_ = fresh;
  return fresh;
}

void SpotifyDesk::hear_errands(const std::stop_token& stop) {
  Hand hand(redis_, stop);
  while (!stop.stop_requested()) {
    std::error_code error;
    if (!std::filesystem::exists(places_.spotify_config(), error)) {
      wait_for_stop(stop, kLookAgain);
      continue;
    }
    const auto errand =
        hand.redis().roundtrip(RedisCommand{"BRPOP", std::string(kSpotifyErrands), "1"});
    if (!errand) {
      wait_for_stop(stop, kLookAgain);
    } else if (errand->list.size() == 2) {
      tasks_.add(steady_clock::now(),
                 [this, bytes = errand->list[1].text](Hand& other) { run_errand(other, bytes); });
    }
  }
}

void SpotifyDesk::run_errand(Hand& hand, const std::string& bytes) {
  v1::SpotifyErrand errand;
  if (!errand.ParseFromString(bytes)) return;
  const std::int64_t age_us = hand.clock().unix_us() - errand.asked_us();
  if (age_us > std::int64_t{kSpotifyErrandSeconds} * 1'000'000) return;  // nobody waits any more
  const auto accounts = hand.accounts(places_);
  const auto catalog = catalog_.get();
  v1::SpotifyDone done;
  if (accounts) {
    done = do_spotify_errand(errand, **accounts, catalog ? catalog->get() : nullptr, hand.clock());
  } else {
    done.set_trouble(v1::SpotifyDone::TROUBLE_REFUSED);
    done.set_reason(accounts.error().message);
  }
  const auto said = hand.redis().roundtrip(RedisCommand{"SET", spotify_done_key(errand.id()),
                                                        done.SerializeAsString(), "EX",
                                                        std::to_string(kSpotifyErrandSeconds)});
  if (!said) spdlog::warn("an errand's answer could not be given: {}", said.error().message);
}

}  // namespace groove::fetcher
