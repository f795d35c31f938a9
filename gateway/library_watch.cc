#include "gateway/library_watch.h"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "gateway/core/json.h"
#include "workers/library_state.h"

namespace groove::gateway {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(250);
struct Holding {  // of the catalogue, with or without a model
  std::size_t songs = 0;
  std::optional<Digest> catalog;
  std::optional<Digest> model;
};

std::string_view state_of(const Holding& holding, const std::optional<LibraryState>& work) {
  if (work && work->state == LibraryState::State::kImporting) return "importing";
  if (work && work->state == LibraryState::State::kTraining) return "training";
  if (holding.model) return "ready";
  return holding.catalog ? "training" : "empty";
}

Holding holding_of(const Result<std::shared_ptr<const Music>>& music, CurrentCatalog& catalogs) {
  if (music)
    return {(*music)->catalog.size(), (*music)->catalog.digest(), (*music)->model.digest()};
  const auto catalog = catalogs.get();
  return catalog ? Holding{(*catalog)->size(), (*catalog)->digest(), {}} : Holding{};
}

// `missing` says in words for the listener why there is no music.
std::string detail_of(const std::optional<LibraryState>& work, std::string_view missing) {
  if (work && work->state != LibraryState::State::kReady) return work->detail;
  return std::string(missing);
}

void write_digest(JsonWriter& json, std::string_view name, const std::optional<Digest>& digest) {
  json.key(name);
  if (digest) {
    json.value(to_string(*digest));
  } else {
    json.null();
  }
}

std::string library_json(const Holding& holding, const std::optional<LibraryState>& work,
                         std::string_view missing) {
  const std::string_view state = state_of(holding, work);
  const bool counting = state == "importing" || state == "training";
  JsonWriter json;
  json.object([&] {
    json.field("songs", holding.songs);
    write_digest(json, "catalog", holding.catalog);
    write_digest(json, "model", holding.model);
    json.field("state", state);
    json.field("detail", detail_of(work, missing));
    json.field("done", counting && work ? work->done : 0);
    json.field("total", counting && work ? work->total : 0);
  });
  return json.take();
}

void pause(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, kLookEvery, [] { return false; });
}

}  // namespace

LibraryNews opening_library() {
  const LibraryState opening{.state = LibraryState::State::kImporting,
                             .detail = "The library is being opened."};
  return {nullptr, nullptr, 0, library_json({}, opening, {})};
}

LibraryWatch::LibraryWatch(boost::asio::io_context& io, Places places,
                           std::function<void(LibraryNews)> changed)
    : io_(io),
      places_(std::move(places)),
      changed_(std::move(changed)),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

void LibraryWatch::watch(const std::stop_token& stop) {
  Library library(places_);
  CurrentCatalog catalogs(places_);
  CurrentMusicFiles music_files(places_);
  LibraryNews told;
  while (!stop.stop_requested()) {
    const auto music = library.music();
    LibraryNews news = {music ? told.shelf : nullptr, music_files.get(), 0, {}};
    if (music && (!told.shelf || told.shelf->music != *music || told.files != news.files))
      news.shelf = make_shelf(*music, news.files);
    const Holding holding = holding_of(music, catalogs);
    news.songs = holding.songs;
    news.json = library_json(holding, read_library_state(places_),
                             music ? std::string_view() : music.error().message);
    if (news.shelf != told.shelf || news.files != told.files || news.json != told.json) {
      told = news;
      boost::asio::post(io_, [this, news = std::move(news)] { changed_(news); });
    }
    pause(stop);
  }
}

}  // namespace groove::gateway
