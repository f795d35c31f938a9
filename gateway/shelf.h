// The catalogue and its model made ready to be browsed: searched, looked up, shown as a map. Built
// once for each pair, off the server's thread; immutable.
#pragma once

#include <memory>
#include <string>

#include "gateway/core/search.h"
#include "workers/library.h"

namespace groove::gateway {

struct Shelf {
  std::shared_ptr<const Music> music;
  SearchIndex search;
  std::shared_ptr<const std::string> map;   // the body of GET /api/map
  std::shared_ptr<const MusicFiles> files;  // nullptr: no music folder

  const Catalog& catalog() const { return music->catalog; }
  const Model& model() const { return music->model; }
  // Whether its sound can be streamed.
  bool playable(std::string_view song_id) const { return files && files->find(song_id); }
  // Whether a licence lies near its file.
  bool licensed(std::string_view song_id) const {
    return playable(song_id) && !files->find(song_id)->licence().empty();
  }
};

std::shared_ptr<const Shelf> make_shelf(std::shared_ptr<const Music> music,
                                        std::shared_ptr<const MusicFiles> files);

}  // namespace groove::gateway
