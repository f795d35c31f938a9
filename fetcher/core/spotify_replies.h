// What Spotify's bodies say, as plain values. Whatever the bytes, the readers answer: what is not
// as described is kInvalid, and a single entry that is not is skipped and counted.
// The Web API as of 2026: a playlist's entry is under `item`, which may be null, an episode or a
// file of the listener's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/result.h"

namespace groove::fetcher {

struct SpotifyTrack {
  std::string id, isrc, title;
  std::vector<std::string> artists;
  std::uint32_t duration_ms = 0;  // 0: unknown
};

template <class Item>
struct SpotifyPage {
  std::vector<Item> items;
  std::size_t entries = 0;  // on this page, skipped ones too
  std::size_t skipped = 0;  // null, an episode, a local file, or not as described
  std::size_t total = 0;    // on all pages
};

// Where an item of the page has its track.
enum class TrackAt { kItself, kTrack, kItem };
Result<SpotifyPage<SpotifyTrack>> parse_spotify_tracks(std::string_view json, TrackAt at);
Result<SpotifyPage<std::string>> parse_spotify_artists(std::string_view json);  // names

struct SpotifyPlaylist {
  std::string id, name, snapshot, owner;
  bool is_collaborative = false;
  std::uint32_t songs = 0;
};
Result<SpotifyPage<SpotifyPlaylist>> parse_spotify_playlists(std::string_view json);
Result<SpotifyPlaylist> parse_spotify_playlist(std::string_view json);

struct SpotifyMe {
  std::string account;  // for ever the same
  std::string user;     // as playlists name their owner
  std::string name;     // for people; may be empty
};
Result<SpotifyMe> parse_spotify_me(std::string_view json);

struct SpotifyGrant {
  std::string access, refresh;  // refresh: empty when the old one stays
  std::string scope;            // empty: as asked for
  std::int64_t seconds = 0;     // that `access` holds
};
Result<SpotifyGrant> parse_spotify_grant(std::string_view json);

// What an answer that is none means for who asked.
struct SpotifyTrouble {
  enum class Kind {
    kExpired,      // the access token: get another
    kSignInAgain,  // the consent is over
    kForbidden,    // this account or playlist, however often one asks
    kNotFound,
    kWait,     // for `wait_s`
    kPassing,  // try again soon
    kRefused,  // any other 4xx
  };
  Kind kind = Kind::kRefused;
  std::int64_t wait_s = 0;
  std::string said;  // a short sentence of Spotify's
};
// `retry_after` as the header has it; empty when there is none.
SpotifyTrouble read_spotify_trouble(int status, std::string_view retry_after,
                                    std::string_view body);

}  // namespace groove::fetcher
