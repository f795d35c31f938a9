#include "fetcher/tracks_watch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "workers/library_state.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using State = LibraryState::State;

constexpr auto kLookAgain = 1s;
constexpr auto kTellEvery = 500ms;

bool being_written(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with('.') || name.ends_with(".tmp");
}

// Held while it lives; the system lets go of it when the process dies.
class Lock {
 public:
  explicit Lock(const fs::path& file)
      : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)),
        held_(fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0) {}
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  bool held() const { return held_; }

 private:
  int fd_;
  bool held_;
};

// What is wrong with the notice is not worth failing an import for.
void tell(const Places& places, LibraryState state) {
  static_cast<void>(write_library_state(places, state));
}

std::string sentence(const ImportReport& report, const std::vector<std::string>& left_out) {
  std::string text = fmt::format("{} songs from {} rows, {} bad rows, in {:.1f} s", report.songs,
                                 report.rows, report.bad, report.seconds);
  for (const std::string& why : left_out) text += "; left out: " + why;
  return text;
}

}  // namespace

std::optional<Result<std::string>> TracksFolder::refresh(const std::function<bool()>& stop) {
  // Where stamps are precise, the coarse clock errs to one import too many.
  const FileTime now = file_clock_now();
  const auto tracks = look();
  if (!tracks || tracks == tried_) return std::nullopt;
  if (tracks->files.empty() && !tracks->music) return std::nullopt;
  const Lock lock(places_.data / "tracks.lock");
  if (!lock.held()) return std::nullopt;
  tried_ = tracks;
  if (!newer_than_catalog(*tracks)) {
    settle("");
    return std::nullopt;
  }
  auto outcome = import(*tracks, now, stop);
  if (outcome)
    settle(*outcome);
  else if (!stop())
    tell(places_, {.state = State::kFailed, .detail = outcome.error().message});
  return outcome;
}

std::optional<TracksFolder::Tracks> TracksFolder::look() const {
  const auto folder = identify(places_.tracks());
  if (!folder) return std::nullopt;
  Tracks tracks{.folder = folder->modified, .files = {}, .music = {}};
  if (const auto music = identify(places_.music_files())) tracks.music = *music;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(places_.tracks(), error)) {
    if (being_written(entry.path()) || !entry.is_regular_file(error)) continue;
    if (const auto identity = identify(entry.path()))
      tracks.files.push_back({entry.path(), *identity});
  }
  std::ranges::sort(tracks.files, {}, &Track::file);
  return tracks;
}

bool TracksFolder::newer_than_catalog(const Tracks& tracks) const {
  const auto catalog = identify(places_.catalog());
  if (!catalog) return true;
  // "As old as" counts as newer: within one tick of the clock nobody knows which came first.
  return tracks.folder >= catalog->modified ||
         (tracks.music && tracks.music->modified >= catalog->modified) ||
         std::ranges::any_of(tracks.files, [&](const Track& track) {
           return track.identity.modified >= catalog->modified;
         });
}

Result<std::string> TracksFolder::import(const Tracks& tracks, FileTime now,
                                         const std::function<bool()>& stop) {
  std::uint64_t total = 0;
  for (const Track& track : tracks.files) total += track.identity.size;
  auto told = std::chrono::steady_clock::time_point();
  Import import([&](std::uint64_t bytes, std::uint64_t songs) {
    if (const auto moment = std::chrono::steady_clock::now(); moment - told >= kTellEvery) {
      told = moment;
      tell(places_, {.state = State::kImporting,
                     .detail = fmt::format("{} songs so far", songs),
                     .done = std::min(bytes, total),
                     .total = total});
    }
    return !stop();
  });
  std::vector<std::string> left_out;
  for (const Track& track : tracks.files) {
    if (auto read = import.add(track.file); !read) {
      if (stop()) return std::unexpected(read.error());
      left_out.push_back(read.error().message);
    }
  }
  if (tracks.music)
    if (auto added = import.add_analysed(places_.data); !added)
      left_out.push_back(added.error().message);
  if (import.songs() == 0 && !left_out.empty())
    return fail(Errc::kInvalid, fmt::format("{}", fmt::join(left_out, "; ")));
  const auto report = import.write(places_.catalog(), now);
  if (!report) return std::unexpected(report.error());
  return sentence(*report, left_out);
}

// Ends the notice of an import, this one's or one that died. A training that has begun meanwhile
// has put its own there, which stays.
void TracksFolder::settle(const std::string& detail) const {
  const auto state = read_library_state(places_);
  if (state && state->state == State::kImporting)
    tell(places_, {.state = State::kReady, .detail = detail});
}

TracksWatch::TracksWatch(Places places, Log log)
    : folder_(std::move(places)),
      log_(std::move(log)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void TracksWatch::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  do {
    if (const auto outcome = folder_.refresh([&] { return stop.stop_requested(); })) log_(*outcome);
  } while (!woken.wait_for(lock, stop, kLookAgain, [&] { return stop.stop_requested(); }));
}

}  // namespace groove::fetcher
