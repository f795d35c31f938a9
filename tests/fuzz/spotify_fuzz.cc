// What Spotify, or whoever answers in its place, says: whatever the bytes, the readers answer, and
// what they take is within its bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fetcher/core/spotify_replies.h"
#include "workers/base/check.h"

using namespace groove;
using namespace groove::fetcher;

namespace {

template <class Item>
void check(const Result<SpotifyPage<Item>>& page) {
  if (page) GROOVE_CHECK(page->items.size() + page->skipped == page->entries);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const TrackAt at : {TrackAt::kItself, TrackAt::kTrack, TrackAt::kItem}) {
    const auto page = parse_spotify_tracks(bytes, at);
    check(page);
    if (page)
      for (const SpotifyTrack& track : page->items)
        GROOVE_CHECK(!track.id.empty() && track.id.size() <= 64 && !track.title.empty());
  }
  check(parse_spotify_artists(bytes));
  check(parse_spotify_playlists(bytes));
  static_cast<void>(parse_spotify_playlist(bytes));
  if (const auto me = parse_spotify_me(bytes)) GROOVE_CHECK(!me->account.empty());
  if (const auto grant = parse_spotify_grant(bytes))
    GROOVE_CHECK(!grant->access.empty() && grant->seconds > 0);
  const std::size_t half = size / 2;
  const auto trouble = read_spotify_trouble(429, bytes.substr(0, half), bytes.substr(half));
  GROOVE_CHECK(trouble.wait_s >= 1 && trouble.wait_s <= 7 * 24 * 3600);
  return 0;
}
