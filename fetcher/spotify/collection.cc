#include "fetcher/spotify/collection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

using What = SpotifyBasis::What;

constexpr std::size_t kPage = 50;  // the most that the Web API gives at once
constexpr std::size_t kSongsOfArtistMax = 10;
constexpr std::uint32_t kTopLeast = 400, kSavedWeight = 800, kPlayedOnce = 500, kPlayedMore = 200;

std::string_view range_name(SpotifyBasis::Range range) {
  if (range == SpotifyBasis::Range::kWeeks) return "short_term";
  return range == SpotifyBasis::Range::kYears ? "long_term" : "medium_term";
}

std::string name_of(const SpotifyTrack& track) {
  std::string artists;
  for (const std::string& artist : track.artists)
    artists.append(artists.empty() ? "" : " & ").append(artist);
  return artists.empty() ? track.title : artists + " – " + track.title;
}

std::string skipped_words(std::size_t skipped) {
  if (skipped == 0) return {};
  return fmt::format("{} {} no songs of Spotify's (episodes, own files, removed ones)", skipped,
                     skipped == 1 ? "entry is" : "entries are");
}

}  // namespace

std::string spotify_playlist_path(const std::string& id) {
  std::string path = "/v1/playlists/";
  std::ranges::copy_if(id, std::back_inserter(path),
                       [](unsigned char c) { return std::isalnum(c) != 0; });
  return path;
}

std::string SpotifyCollection::next_path() const {
  const std::string page = fmt::format("limit={}&offset={}", kPage, entries_);
  switch (basis_.what) {
    case What::kTopSongs:
      return fmt::format("/v1/me/top/tracks?time_range={}&{}", range_name(basis_.range), page);
    case What::kTopArtists:
      return fmt::format("/v1/me/top/artists?time_range={}&{}", range_name(basis_.range), page);
    case What::kPlaylist:
      return spotify_playlist_path(basis_.playlist) + "/items?" + page;
    case What::kRecentlyPlayed:
      return fmt::format("/v1/me/player/recently-played?limit={}", kPage);
    case What::kSavedSongs:
      break;
  }
  return "/v1/me/tracks?" + page;
}

SpotifyAnswer<bool> SpotifyCollection::read_head(const Get& get, const PlaylistRead* known) {
  const auto body = get(spotify_playlist_path(basis_.playlist));
  if (!body) return std::unexpected(body.error());
  const auto head = readable(parse_spotify_playlist(*body));
  if (!head) return std::unexpected(head.error());
  has_head_ = true;
  snapshot_ = head->snapshot;
  total_ = head->songs;
  if (!known || known->snapshot != snapshot_ || snapshot_.empty()) return false;
  tracks_ = known->tracks;
  skipped_ = known->skipped;
  return true;
}

SpotifyAnswer<bool> SpotifyCollection::step(const Get& get, const PlaylistRead* known) {
  if (basis_.what == What::kPlaylist && !has_head_) return read_head(get, known);
  const auto body = get(next_path());
  if (!body) return std::unexpected(body.error());
  switch (basis_.what) {
    case What::kTopArtists:
      return take(parse_spotify_artists(*body), artists_);
    case What::kTopSongs:
      return take(parse_spotify_tracks(*body, TrackAt::kItself), tracks_);
    case What::kPlaylist:
      return take(parse_spotify_tracks(*body, TrackAt::kItem), tracks_);
    case What::kRecentlyPlayed:
    case What::kSavedSongs:
      break;
  }
  return take(parse_spotify_tracks(*body, TrackAt::kTrack), tracks_);
}

template <class Item>
SpotifyAnswer<bool> SpotifyCollection::take(Result<SpotifyPage<Item>> read,
                                            std::vector<Item>& into) {
  auto page = readable(std::move(read));
  if (!page) return std::unexpected(page.error());
  std::ranges::move(page->items, std::back_inserter(into));
  entries_ += page->entries;
  skipped_ += page->skipped;
  total_ = page->total;
  // Recently played has no pages that one could count on.
  return basis_.what == What::kRecentlyPlayed || page->entries == 0 || entries_ >= total_ ||
         into.size() >= limits::kSourceSongsMax;
}

std::string SpotifyCollection::progress() const {
  return total_ == 0 ? "Asking Spotify" : fmt::format("{} of {} read", entries_, total_);
}

// Falls along the two top lists; the others have no order of liking.
std::uint32_t SpotifyCollection::weight(std::size_t at, std::size_t count) const {
  if (basis_.what != What::kTopSongs && basis_.what != What::kTopArtists) return kSavedWeight;
  return kWeightMax - static_cast<std::uint32_t>((kWeightMax - kTopLeast) * at / count);
}

Listening SpotifyCollection::of_artists(const SongFinder& finder) const {
  Listening listening;
  std::size_t found = 0;
  for (std::size_t i = 0; i < artists_.size(); ++i) {
    const auto songs = finder.of_artist(artists_[i], kSongsOfArtistMax);
    if (songs.empty()) listening.songs.push_back({.id = {}, .name = artists_[i]});
    if (!songs.empty()) ++found;
    for (const SongIndex song : songs)
      listening.songs.push_back({.id = std::string(finder.catalog().id(song)),
                                 .name = artists_[i],
                                 .weight = weight(i, artists_.size())});
  }
  listening.aside = fmt::format("they stand for {} of {} artists", found, artists_.size());
  return listening;
}

Listening SpotifyCollection::listening(const SongFinder& finder) const {
  if (basis_.what == What::kTopArtists) return of_artists(finder);
  Listening listening;
  listening.aside = skipped_words(skipped_);
  std::map<std::string_view, std::uint32_t> plays;
  for (const SpotifyTrack& track : tracks_) ++plays[track.id];
  const std::size_t count = std::min(tracks_.size(), limits::kSourceSongsMax);
  for (std::size_t i = 0; i < count; ++i) {
    const SpotifyTrack& track = tracks_[i];
    const auto song = finder.find(track);
    const std::uint32_t worth = basis_.what == What::kRecentlyPlayed
                                    ? kPlayedOnce + kPlayedMore * (plays[track.id] - 1)
                                    : weight(i, count);
    listening.songs.push_back({.id = song ? std::string(finder.catalog().id(*song)) : "",
                               .name = name_of(track),
                               .weight = std::min(worth, kWeightMax)});
  }
  return listening;
}

}  // namespace groove::fetcher
