#include "workers/library.h"

#include <array>
#include <optional>
#include <utility>

#include "workers/base/guarded.h"
#include "workers/file_identity.h"

namespace groove {
namespace {

using Clock = std::chrono::steady_clock;

// What some files hold, loaded again when one of them is another.
template <class T, std::size_t kFiles>
class Reloaded {
 public:
  Reloaded(std::array<std::filesystem::path, kFiles> files, std::chrono::milliseconds look_every)
      : files_(std::move(files)), look_every_(look_every) {}

  template <class Load>
  Result<std::shared_ptr<const T>> get(Load load) {
    if (due() && changed()) loaded(load());
    if (good_ != nullptr) return good_;
    return std::unexpected(*error_);
  }

 private:
  bool due() {
    const auto now = Clock::now();
    if (looked_ && now - *looked_ < look_every_) return false;
    looked_ = now;
    return true;
  }

  bool changed() {
    std::array<std::optional<FileIdentity>, kFiles> now;
    for (std::size_t i = 0; i < kFiles; ++i)
      if (const auto identity = identify(files_[i])) now[i] = *identity;
    const bool differs = now != seen_ || (good_ == nullptr && !error_);
    seen_ = now;
    return differs;
  }

  void loaded(Result<T> result) {
    if (result)
      good_ = std::make_shared<const T>(std::move(*result));
    else
      error_ = result.error();
  }

  const std::array<std::filesystem::path, kFiles> files_;
  const std::chrono::milliseconds look_every_;
  std::optional<Clock::time_point> looked_;
  std::array<std::optional<FileIdentity>, kFiles> seen_;
  std::shared_ptr<const T> good_;
  std::optional<Error> error_;  // of the last load that failed
};

Result<Catalog> load_catalog(const Places& places) {
  auto catalog = Catalog::open(places.catalog());
  if (!catalog && catalog.error().code == Errc::kNotFound)
    return fail(
        Errc::kUnavailable,
        "There are no songs yet: add a file of songs (CSV) on the page, or start Groove with "
        "--music FOLDER or --tracks FILE.");
  return catalog;
}

Result<Music> load_music(const Places& places) {
  auto catalog = load_catalog(places);
  if (!catalog) return std::unexpected(catalog.error());
  auto model = Model::open(places.model(), *catalog);
  if (model) return Music{.catalog = std::move(*catalog), .model = std::move(*model)};
  const Errc code = model.error().code;
  if (code == Errc::kNotFound || code == Errc::kConflict)
    return fail(Errc::kUnavailable,
                "The songs are there, but how they sound is still being learned: try again in a "
                "minute.");
  return std::unexpected(model.error());
}

}  // namespace

struct CurrentCatalog::State {
  Places places;
  Guarded<Reloaded<Catalog, 1>> reloaded;
};

CurrentCatalog::CurrentCatalog(const Places& places, std::chrono::milliseconds look_every)
    : state_(new State{places,
                       Guarded<Reloaded<Catalog, 1>>(std::array{places.catalog()}, look_every)}) {}
CurrentCatalog::~CurrentCatalog() = default;

Result<std::shared_ptr<const Catalog>> CurrentCatalog::get() {
  return state_->reloaded.with([&](Reloaded<Catalog, 1>& reloaded) {
    return reloaded.get([&] { return load_catalog(state_->places); });
  });
}

struct CurrentMusicFiles::State {
  Places places;
  Guarded<Reloaded<MusicFiles, 1>> reloaded;
};

CurrentMusicFiles::CurrentMusicFiles(const Places& places, std::chrono::milliseconds look_every)
    : state_(new State{
          places, Guarded<Reloaded<MusicFiles, 1>>(std::array{places.music_files()}, look_every)}) {
}
CurrentMusicFiles::~CurrentMusicFiles() = default;

std::shared_ptr<const MusicFiles> CurrentMusicFiles::get() {
  return state_->reloaded.with([&](Reloaded<MusicFiles, 1>& reloaded) {
    return reloaded.get([&] { return MusicFiles::open(state_->places.music_files()); })
        .value_or(nullptr);
  });
}

struct Library::State {
  Places places;
  Guarded<Reloaded<Music, 2>> reloaded;
};

Library::Library(const Places& places, std::chrono::milliseconds look_every)
    : state_(new State{places, Guarded<Reloaded<Music, 2>>(
                                   std::array{places.catalog(), places.model()}, look_every)}) {}
Library::~Library() = default;

Result<std::shared_ptr<const Music>> Library::music() {
  return state_->reloaded.with([&](Reloaded<Music, 2>& reloaded) {
    return reloaded.get([&] { return load_music(state_->places); });
  });
}

}  // namespace groove
