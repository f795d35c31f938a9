// Takes songs' files in: written to a file beside the folder as they arrive, synced, and only then
// renamed into DATA/tracks, so the importer never sees half a file.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <string>

#include "gateway/service.h"
#include "workers/places.h"

namespace groove::gateway {

class Uploads {
 public:
  explicit Uploads(const Places& places);

  // Stores the body under `name` (as upload_name() makes it), replacing an earlier file of that
  // name. Errors: kBusy (another upload is under way), kInvalid (it broke off, or is empty),
  // kUnavailable (the disk refused). After an error DATA/tracks is as it was.
  boost::asio::awaitable<Result<std::uint64_t>> store(std::string name, BodySource& body);

 private:
  std::filesystem::path folder_, part_;
  bool busy_ = false;
  boost::asio::thread_pool disk_{1};  // where fsync may take its seconds
};

}  // namespace groove::gateway
