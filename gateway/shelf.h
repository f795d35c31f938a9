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
  std::shared_ptr<const std::string> map;  // the body of GET /api/map

  const Catalog& catalog() const { return music->catalog; }
  const Model& model() const { return music->model; }
};

std::shared_ptr<const Shelf> make_shelf(std::shared_ptr<const Music> music);

}  // namespace groove::gateway
