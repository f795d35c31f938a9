#include "clusterer/model_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "clusterer/train.h"
#include "workers/catalog.h"
#include "workers/durable_file.h"
#include "workers/file_identity.h"
#include "workers/library_state.h"
#include "workers/model.h"
#include "workers/ticker.h"

namespace groove::clusterer {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLookEvery = 1s;
constexpr auto kTryAgainAfter = 30s;
constexpr auto kTellEvery = 500ms;  // each notice is fsynced

// Held while it lives; the kernel lets go of it when the process dies.
class TrainingLock {
 public:
  explicit TrainingLock(const std::filesystem::path& file)
      : file_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    held_ = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0;
  }
  ~TrainingLock() {
    if (file_ >= 0) ::close(file_);
  }
  TrainingLock(const TrainingLock&) = delete;
  TrainingLock& operator=(const TrainingLock&) = delete;

  bool held() const { return held_; }

 private:
  int file_;
  bool held_ = false;
};

void tell(const Places& places, const LibraryState& state) {
  if (const Status ok = write_library_state(places, state); !ok)
    spdlog::warn("library.json: {}", ok.error().message);
}

void tell_failed(const Places& places, const Error& error) {
  tell(places, {.state = LibraryState::State::kFailed,
                .detail = "The clusters could not be trained: " + error.message});
}

void tell_ready(const Places& places, std::size_t songs) {
  tell(places, {.state = LibraryState::State::kReady, .detail = fmt::format("{} songs", songs)});
}

// A training that was stopped left its notice behind; what it trained may since have been trained
// by another process.
void correct_notice(const Places& places, const Catalog& catalog) {
  const auto state = read_library_state(places);
  if (state && state->state == LibraryState::State::kTraining) tell_ready(places, catalog.size());
}

// Tells people how far it is, a few times a second at most.
OnStep teller(const Places& places, std::size_t songs, unsigned steps_max) {
  static const SystemClock clock;
  return [&places, songs, steps_max, ticker = Ticker(clock, kTellEvery)](
             unsigned step, double, std::size_t moved) mutable {
    if (!ticker.due()) return;
    tell(places,
         {.state = LibraryState::State::kTraining,
          .detail = fmt::format("Step {}: {} of {} songs changed cluster", step, moved, songs),
          .done = step,
          .total = steps_max});
  };
}

Status train_model(const Places& places, const Catalog& catalog, std::stop_token stop) {
  tell(places, {.state = LibraryState::State::kTraining,
                .detail = fmt::format("Learning how {} songs sound", catalog.size())});
  TrainOptions options;
  options.stop = std::move(stop);
  options.on_step = teller(places, catalog.size(), options.iterations_max);
  const auto started = Clock::now();
  const auto trained = train(catalog, options);
  if (!trained) return std::unexpected(trained.error());
  if (const Status ok = replace_file(places.model(), trained->bytes); !ok) return ok;
  const std::chrono::duration<double> took = Clock::now() - started;
  spdlog::info("trained {} clusters of {} songs on their {} in {:.1f} s: model {}",
               trained->model.clusters_size(), catalog.size(),
               trained->model.has_series() ? "series" : "vectors", took.count(),
               to_string(trained->digest));
  tell_ready(places, catalog.size());
  return {};
}

bool model_is_due(const Places& places, const Catalog& catalog) {
  const auto model = Model::open(places.model(), catalog);
  return !model && model.error().code != Errc::kUnavailable;
}

// The two files as they were.
struct Seen {
  std::optional<FileIdentity> catalog, model;
  bool operator==(const Seen&) const = default;
};

Seen look(const Places& places) {
  const auto seen = [](const std::filesystem::path& file) -> std::optional<FileIdentity> {
    const auto identity = identify(file);
    return identity ? std::optional(*identity) : std::nullopt;
  };
  return {seen(places.catalog()), seen(places.model())};
}

// When to look again although nothing changed.
std::optional<Clock::time_point> keep(const Places& places, const std::stop_token& stop) {
  const auto kept = keep_model(places, stop);
  if (kept) return *kept == Upkeep::kElsewhere ? std::optional(Clock::now()) : std::nullopt;
  if (!stop.stop_requested()) spdlog::error("model: {}", kept.error().message);
  return Clock::now() + kTryAgainAfter;
}

}  // namespace

Result<Upkeep> keep_model(const Places& places, std::stop_token stop) {
  const auto catalog = Catalog::open(places.catalog());
  if (!catalog && catalog.error().code == Errc::kNotFound) return Upkeep::kNothingToDo;
  if (!catalog) return std::unexpected(catalog.error());
  if (!model_is_due(places, *catalog)) {
    correct_notice(places, *catalog);
    return Upkeep::kNothingToDo;
  }
  const TrainingLock lock(places.data / "model.lock");
  if (!lock.held()) return Upkeep::kElsewhere;
  if (!model_is_due(places, *catalog)) return Upkeep::kNothingToDo;  // it was, a moment ago
  const Status trained = train_model(places, *catalog, stop);
  if (trained) return Upkeep::kTrained;
  if (!stop.stop_requested()) tell_failed(places, trained.error());
  return std::unexpected(trained.error());
}

ModelWatch::ModelWatch(Places places)
    : places_(std::move(places)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void ModelWatch::run(const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any wake;  // by the stop alone
  std::unique_lock lock(mutex);
  std::optional<Seen> seen;
  std::optional<Clock::time_point> again;
  while (!stop.stop_requested()) {
    // Looked at before the work: what is replaced meanwhile is looked at once more.
    const Seen now = look(places_);
    if (now != seen || (again && Clock::now() >= *again)) again = keep(places_, stop);
    seen = now;
    wake.wait_for(lock, stop, kLookEvery, [] { return false; });
  }
}

}  // namespace groove::clusterer
