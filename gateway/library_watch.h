// Watches the library from a thread of its own: opening a catalogue and building its search index
// take a second that no request should wait for. What changed is posted to the server's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "gateway/shelf.h"
#include "workers/places.h"

namespace groove::gateway {

struct LibraryNews {
  std::shared_ptr<const Shelf> shelf;       // nullptr: no catalogue with a model of it
  std::shared_ptr<const MusicFiles> files;  // nullptr: no music folder
  std::size_t songs = 0;
  std::string json;  // the body of GET /api/library
};
// Before the first look: the files are being opened.
LibraryNews opening_library();

class LibraryWatch {
 public:
  // `changed` is called on the thread that runs `io`, first for what is there at the start.
  LibraryWatch(boost::asio::io_context& io, Places places,
               std::function<void(LibraryNews)> changed);

 private:
  void watch(const std::stop_token& stop);

  boost::asio::io_context& io_;
  Places places_;
  std::function<void(LibraryNews)> changed_;
  std::jthread thread_;
};

}  // namespace groove::gateway
