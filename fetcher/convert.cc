#include "fetcher/convert.h"

#include <algorithm>
#include <utility>

#include "workers/base/check.h"

namespace groove::fetcher {

SongRecord to_record(SongRow row) {
  static const bool same_order =
      std::ranges::equal(spotify_v1().features, kFeatureNames, {}, &Feature::name);
  GROOVE_CHECK(same_order);
  return {.id = std::move(row.id),
          .title = std::move(row.title),
          .artists = std::move(row.artists),
          .album = std::move(row.album),
          .isrc = std::move(row.isrc),
          .year = row.year,
          .duration_ms = row.duration_ms,
          .popularity = row.popularity.value_or(0),
          .explicit_lyrics = row.explicit_lyrics.value_or(false),
          .features = {row.features.begin(), row.features.end()}};
}

namespace {

Result<Basis> to_spotify(const v1::SpotifyListening& asked) {
  using What = SpotifyBasis::What;
  using Range = SpotifyBasis::Range;
  SpotifyBasis basis;
  basis.playlist = asked.playlist_id();
  if (asked.range() == v1::SpotifyListening::RANGE_WEEKS) basis.range = Range::kWeeks;
  if (asked.range() == v1::SpotifyListening::RANGE_YEARS) basis.range = Range::kYears;
  switch (asked.what()) {
    case v1::SpotifyListening::WHAT_TOP_SONGS:
      basis.what = What::kTopSongs;
      return basis;
    case v1::SpotifyListening::WHAT_TOP_ARTISTS:
      basis.what = What::kTopArtists;
      return basis;
    case v1::SpotifyListening::WHAT_PLAYLIST:
      basis.what = What::kPlaylist;
      return basis;
    case v1::SpotifyListening::WHAT_RECENTLY_PLAYED:
      basis.what = What::kRecentlyPlayed;
      return basis;
    case v1::SpotifyListening::WHAT_SAVED_SONGS:
      basis.what = What::kSavedSongs;
      return basis;
    default:
      return fail(Errc::kInvalid, "This version does not know that list of Spotify's.");
  }
}

}  // namespace

Result<Basis> to_basis(const v1::Basis& basis) {
  switch (basis.from_case()) {
    case v1::Basis::kPickedSongs: {
      const auto& ids = basis.picked_songs().song_ids();
      return PickedSongs{.song_ids = {ids.begin(), ids.end()}};
    }
    case v1::Basis::kMusicLibrary:
      return MusicLibrary{};
    case v1::Basis::kMusicFolder:
      return MusicFolderBasis{basis.music_folder().name()};
    case v1::Basis::kPlaylist:
      return PlaylistBasis{basis.playlist().name()};
    case v1::Basis::kRecentlyAdded:
      return RecentlyAdded{};
    case v1::Basis::kSpotify:
      return to_spotify(basis.spotify());
    case v1::Basis::FROM_NOT_SET:
      break;
  }
  return fail(Errc::kInvalid,
              "There is nothing to recommend from: pick a few songs that you like.");
}

v1::Event to_message(const v1::LoginAccepted& login, Match match, const Catalog& catalog) {
  v1::Event event;
  v1::ListeningFetched& fetched = *event.mutable_listening_fetched();
  fetched.set_listener(login.listener());
  *fetched.mutable_basis() = login.basis();
  for (const auto& [song, weight] : match.found) {
    v1::LikedSong& liked = *fetched.add_songs();
    liked.set_song_id(std::string(catalog.id(song)));
    liked.set_weight(weight);
  }
  for (std::string& name : match.missing) fetched.add_missing(std::move(name));
  fetched.set_catalog_digest(std::string(as_bytes(catalog.digest())));
  fetched.set_accepted_at_us(login.accepted_at_us());
  return event;
}

}  // namespace groove::fetcher
