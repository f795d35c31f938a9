// What a listener has on Spotify on one basis, collected page by page. It holds what came so far,
// so that after a pause it goes on where it was.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fetcher/core/listening.h"
#include "fetcher/song_finder.h"
#include "fetcher/spotify/web.h"

namespace groove::fetcher {

// The songs of a playlist as it was at `snapshot`.
struct PlaylistRead {
  std::string snapshot;
  std::vector<SpotifyTrack> tracks;
  std::size_t skipped = 0;
};

class SpotifyCollection {
 public:
  explicit SpotifyCollection(SpotifyBasis basis) : basis_(std::move(basis)) {}

  using Get = std::function<SpotifyAnswer<std::string>(const std::string& path)>;
  // One call further. True: all is there. `known`: the playlist as it was read before, or nullptr;
  // while its snapshot is the same it is not read again.
  SpotifyAnswer<bool> step(const Get& get, const PlaylistRead* known);

  // "150 of 320 read", for whoever waits.
  std::string progress() const;
  // In words of the catalogue. Requires: step() said true.
  Listening listening(const SongFinder& finder) const;
  // Of a playlist that was read to the end.
  PlaylistRead playlist() const { return {snapshot_, tracks_, skipped_}; }

 private:
  std::string next_path() const;
  SpotifyAnswer<bool> read_head(const Get& get, const PlaylistRead* known);
  template <class Item>
  SpotifyAnswer<bool> take(Result<SpotifyPage<Item>> page, std::vector<Item>& into);
  std::uint32_t weight(std::size_t at, std::size_t count) const;
  Listening of_artists(const SongFinder& finder) const;

  SpotifyBasis basis_;
  std::vector<SpotifyTrack> tracks_;
  std::vector<std::string> artists_;
  std::string snapshot_;
  bool has_head_ = false;
  std::size_t entries_ = 0, skipped_ = 0, total_ = 0;
};

// "/v1/playlists/…": ids come from outside, so whatever is no letter or digit is left out.
std::string spotify_playlist_path(const std::string& id);

}  // namespace groove::fetcher
