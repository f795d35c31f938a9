// The listener's own music files, streamed to them: a song of the catalogue, in whole or in parts.
// What is opened lies beneath a chosen folder, whatever the list of files says
// (workers/beneath.h).
//
// Files are read on a thread of their own, 64 KB at a time and only as fast as the client takes
// them: a slow disk or client holds up nobody else.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <string>

#include "gateway/service.h"
#include "workers/music_files.h"

namespace groove::gateway {

class SongAudio {
 public:
  // GET or HEAD of a song's sound: 200, 206, 304 or 416; 404 when the song has no file, or it is
  // gone; 503 when it cannot be read. `files` may be nullptr.
  Answer stream(const MusicFiles* files, const std::string& song_id, const Request& request);

  // The text of the licence that lies near the song's file; 404 when there is none.
  Reply licence(const MusicFiles* files, const std::string& song_id) const;

 private:
  class Piecewise;

  boost::asio::thread_pool disk_{2};
};

}  // namespace groove::gateway
