#include "fetcher/core/spotify_replies.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <optional>

namespace groove::fetcher {
namespace {

namespace bj = boost::json;

constexpr std::size_t kIdBytesMax = 64, kNameBytesMax = 500, kTokenBytesMax = 4'096;
constexpr std::size_t kArtistsMax = 32, kSaidBytesMax = 200;
constexpr std::size_t kDepthMax = 32;
constexpr std::int64_t kSecondsMax = 24 * 3600;
constexpr std::int64_t kWaitWhenAbsent_s = 5, kQuotaWait_s = 3600, kWaitMax_s = 7 * 24 * 3600;

std::optional<bj::value> read(std::string_view json) {
  boost::system::error_code error;
  bj::parse_options options;
  options.max_depth = kDepthMax;
  bj::value value = bj::parse({json.data(), json.size()}, error, {}, options);
  return error ? std::nullopt : std::optional(std::move(value));
}

const bj::value* at(const bj::value* value, std::string_view key) {
  const bj::object* const object = value ? value->if_object() : nullptr;
  return object ? object->if_contains({key.data(), key.size()}) : nullptr;
}

// Empty when there is none, or a longer one than can be.
std::string text_at(const bj::value* value, std::string_view key, std::size_t bytes_max) {
  const bj::value* const text = at(value, key);
  if (!text || !text->is_string() || text->get_string().size() > bytes_max) return {};
  return std::string(text->get_string());
}

std::size_t count_at(const bj::value* value, std::string_view key) {
  const bj::value* const number = at(value, key);
  return number && number->is_int64() && number->get_int64() > 0
             ? static_cast<std::size_t>(number->get_int64())
             : 0;
}

bool says(const bj::value* value, std::string_view key) {
  const bj::value* const yes = at(value, key);
  return yes && yes->is_bool() && yes->get_bool();
}

std::unexpected<Error> not_as_described(std::string_view what) {
  return fail(Errc::kInvalid, "Spotify's " + std::string(what) + " cannot be read");
}

std::optional<SpotifyTrack> track_of(const bj::value* value) {
  const std::string type = text_at(value, "type", kIdBytesMax);
  if (says(value, "is_local") || (!type.empty() && type != "track")) return std::nullopt;
  SpotifyTrack track{.id = text_at(value, "id", kIdBytesMax),
                     .isrc = text_at(at(value, "external_ids"), "isrc", kIdBytesMax),
                     .title = text_at(value, "name", kNameBytesMax),
                     .artists = {},
                     .duration_ms = static_cast<std::uint32_t>(
                         std::min<std::size_t>(count_at(value, "duration_ms"), 86'400'000))};
  const bj::value* const artists = at(value, "artists");
  if (artists && artists->is_array())
    for (const bj::value& artist : artists->get_array())
      if (auto name = text_at(&artist, "name", kNameBytesMax);
          !name.empty() && track.artists.size() < kArtistsMax)
        track.artists.push_back(std::move(name));
  if (track.id.empty() || track.title.empty()) return std::nullopt;
  return track;
}

// `item_of` makes an item of an entry, or nothing.
template <class Item, class ItemOf>
Result<SpotifyPage<Item>> page_of(std::string_view json, std::string_view what, ItemOf item_of) {
  const auto value = read(json);
  const bj::value* const items = value ? at(&*value, "items") : nullptr;
  if (!items || !items->is_array()) return not_as_described(what);
  SpotifyPage<Item> page;
  page.entries = items->get_array().size();
  page.total = count_at(&*value, "total");
  for (const bj::value& entry : items->get_array()) {
    if (auto item = item_of(&entry))
      page.items.push_back(std::move(*item));
    else
      ++page.skipped;
  }
  return page;
}

std::optional<SpotifyPlaylist> playlist_of(const bj::value* value) {
  SpotifyPlaylist playlist{.id = text_at(value, "id", kIdBytesMax),
                           .name = text_at(value, "name", kNameBytesMax),
                           .snapshot = text_at(value, "snapshot_id", kNameBytesMax),
                           .owner = text_at(at(value, "owner"), "id", kNameBytesMax),
                           .is_collaborative = says(value, "collaborative"),
                           .songs = 0};
  playlist.songs = static_cast<std::uint32_t>(
      std::min<std::size_t>(count_at(at(value, "items"), "total"), 1'000'000));
  if (playlist.id.empty()) return std::nullopt;
  return playlist;
}

std::int64_t wait_of(std::string_view retry_after, bool is_quota) {
  std::int64_t seconds = -1;
  const auto [stop, error] =
      std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
  if (error != std::errc() || stop != retry_after.data() + retry_after.size() || seconds < 0)
    return is_quota ? kQuotaWait_s : kWaitWhenAbsent_s;
  return std::clamp<std::int64_t>(seconds, 1, kWaitMax_s);
}

// "error" is an object of the API, and a word of the accounts service.
std::string said_in(const std::optional<bj::value>& value, std::string_view body) {
  if (!value) {
    const bool is_page = body.find('<') != body.npos;
    return is_page || body.size() > kSaidBytesMax ? std::string() : std::string(body);
  }
  std::string said = text_at(at(&*value, "error"), "message", kSaidBytesMax);
  return said.empty() ? text_at(&*value, "error", kSaidBytesMax) : said;
}

}  // namespace

Result<SpotifyPage<SpotifyTrack>> parse_spotify_tracks(std::string_view json, TrackAt where) {
  return page_of<SpotifyTrack>(json, "list of songs", [&](const bj::value* entry) {
    if (where == TrackAt::kItself) return track_of(entry);
    if (says(entry, "is_local")) return std::optional<SpotifyTrack>();
    return track_of(at(entry, where == TrackAt::kTrack ? "track" : "item"));
  });
}

Result<SpotifyPage<std::string>> parse_spotify_artists(std::string_view json) {
  return page_of<std::string>(json, "list of artists", [](const bj::value* entry) {
    std::string name = text_at(entry, "name", kNameBytesMax);
    return name.empty() ? std::nullopt : std::optional(std::move(name));
  });
}

Result<SpotifyPage<SpotifyPlaylist>> parse_spotify_playlists(std::string_view json) {
  return page_of<SpotifyPlaylist>(json, "list of playlists", playlist_of);
}

Result<SpotifyPlaylist> parse_spotify_playlist(std::string_view json) {
  const auto value = read(json);
  auto playlist = value ? playlist_of(&*value) : std::nullopt;
  if (!playlist) return not_as_described("playlist");
  return std::move(*playlist);
}

Result<SpotifyMe> parse_spotify_me(std::string_view json) {
  const auto value = read(json);
  SpotifyMe me;
  if (value)
    me = {text_at(&*value, "account_id", kNameBytesMax), text_at(&*value, "id", kNameBytesMax),
          text_at(&*value, "display_name", kNameBytesMax)};
  if (me.account.empty()) return not_as_described("word on who you are");
  return me;
}

Result<SpotifyGrant> parse_spotify_grant(std::string_view json) {
  const auto value = read(json);
  SpotifyGrant grant;
  if (value)
    grant = {text_at(&*value, "access_token", kTokenBytesMax),
             text_at(&*value, "refresh_token", kTokenBytesMax),
             text_at(&*value, "scope", kNameBytesMax),
             std::min(static_cast<std::int64_t>(count_at(&*value, "expires_in")), kSecondsMax)};
  if (grant.access.empty() || grant.seconds == 0) return not_as_described("answer to a sign-in");
  return grant;
}

SpotifyTrouble read_spotify_trouble(int status, std::string_view retry_after,
                                    std::string_view body) {
  using Kind = SpotifyTrouble::Kind;
  const auto value = read(body);
  SpotifyTrouble trouble{Kind::kRefused, 0, said_in(value, body)};
  if (status == 401) trouble.kind = Kind::kExpired;
  if (status == 403) trouble.kind = Kind::kForbidden;
  if (status == 404) trouble.kind = Kind::kNotFound;
  if (status == 408 || status >= 500) trouble.kind = Kind::kPassing;
  if (status == 400 && value && text_at(&*value, "error", kSaidBytesMax) == "invalid_grant")
    trouble.kind = Kind::kSignInAgain;
  if (status == 429) {
    trouble.kind = Kind::kWait;
    const bool is_quota =
        value && text_at(at(&*value, "error"), "reason", kIdBytesMax) == "QUOTA_EXCEEDED";
    trouble.wait_s = wait_of(retry_after, is_quota);
  }
  return trouble;
}

}  // namespace groove::fetcher
