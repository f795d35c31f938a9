#include "fetcher/spotify/errands.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <vector>

#include "fetcher/spotify/collection.h"
#include "fetcher/spotify/words.h"
#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

using Kind = SpotifyTrouble::Kind;
namespace bj = boost::json;

constexpr std::size_t kPage = 50, kPlaylistsMax = 500;
constexpr std::string_view kWriteScope = "playlist-modify-private";
constexpr std::size_t kSpotifyIdChars = 22;

v1::SpotifyDone::Trouble trouble_of(Kind kind) {
  if (kind == Kind::kSignInAgain || kind == Kind::kExpired)
    return v1::SpotifyDone::TROUBLE_SIGN_IN_AGAIN;
  if (kind == Kind::kWait || kind == Kind::kPassing) return v1::SpotifyDone::TROUBLE_LATER;
  return v1::SpotifyDone::TROUBLE_REFUSED;
}

v1::SpotifyDone refused(v1::SpotifyDone::Trouble trouble, std::string reason) {
  v1::SpotifyDone done;
  done.set_trouble(trouble);
  done.set_reason(std::move(reason));
  return done;
}

// An id of a catalogue that was made of Spotify's data.
bool is_spotify_id(std::string_view id) {
  return id.size() == kSpotifyIdChars &&
         std::ranges::all_of(id, [](unsigned char c) { return std::isalnum(c) != 0; });
}

class Errand {
 public:
  Errand(SpotifyAccounts& accounts, const Catalog* catalog, const Clock& clock)
      : accounts_(accounts), catalog_(catalog), clock_(clock) {}

  v1::SpotifyDone sign_in(const v1::SpotifySignIn& errand) {
    const auto signed_in = accounts_.sign_in(errand);
    if (!signed_in) return in_words(signed_in.error());
    v1::SpotifyDone done;
    done.set_listener(signed_in->listener.value);
    done.set_name(signed_in->name);
    return done;
  }

  v1::SpotifyDone list(ListenerId listener) {
    const auto account = accounts_.find(listener);
    if (!account) return in_words(account.error());
    v1::SpotifyDone done;
    for (std::size_t offset = 0; offset < kPlaylistsMax;) {
      const auto body = accounts_.call(
          listener, "GET",
          "/v1/me/playlists?limit=" + std::to_string(kPage) + "&offset=" + std::to_string(offset));
      if (!body) return in_words(body.error());
      const auto page = readable(parse_spotify_playlists(*body));
      if (!page) return in_words(page.error());
      for (const SpotifyPlaylist& playlist : page->items) {
        v1::SpotifyPlaylistName& named = *done.add_playlists();
        named.set_id(playlist.id);
        named.set_name(playlist.name);
        named.set_songs(playlist.songs);
        named.set_is_own(playlist.is_collaborative ||
                         (*account && playlist.owner == (*account)->user()));
      }
      offset += page->entries;
      if (page->entries == 0 || offset >= page->total) break;
    }
    return done;
  }

  v1::SpotifyDone write(const v1::SpotifyExport& errand) {
    const ListenerId listener{errand.listener()};
    const auto account = accounts_.find(listener);
    if (!account) return in_words(account.error());
    if (!*account) return in_words({Kind::kSignInAgain, 0, ""});
    if ((*account)->scope().find(kWriteScope) == std::string::npos)
      return refused(v1::SpotifyDone::TROUBLE_CONSENT_MISSING,
                     "Groove has not asked to write playlists yet: consent to it at Spotify.");
    v1::SpotifyDone done;
    const std::string body = uris(errand, done);
    if (done.songs() == 0)
      return refused(v1::SpotifyDone::TROUBLE_REFUSED,
                     "None of these songs came from Spotify's catalogue, so Spotify has no "
                     "playlist to make of them.");
    return put(listener, (*account)->playlist_id(), errand.name(), body, std::move(done));
  }

 private:
  std::string uris(const v1::SpotifyExport& errand, v1::SpotifyDone& done) const {
    bj::array list;
    for (const std::string& id : errand.song_ids()) {
      const auto song = catalog_ ? catalog_->find(id) : std::nullopt;
      if (is_spotify_id(id))
        list.emplace_back("spotify:track:" + id);
      else
        done.add_missing(song ? describe(*catalog_, *song) : id);
    }
    done.set_songs(static_cast<std::uint32_t>(list.size()));
    return bj::serialize(bj::object{{"uris", std::move(list)}});
  }

  // In place of what was written before; a playlist that its owner has thrown away is made anew.
  v1::SpotifyDone put(ListenerId listener, std::string playlist, const std::string& name,
                      const std::string& body, v1::SpotifyDone done) {
    if (!playlist.empty()) {
      const auto put =
          accounts_.call(listener, "PUT", spotify_playlist_path(playlist) + "/items", body);
      if (put) return with_url(std::move(done), playlist);
      if (put.error().kind != Kind::kNotFound) return in_words(put.error());
    }
    const auto made = accounts_.call(
        listener, "POST", "/v1/me/playlists",
        bj::serialize(bj::object{{"name", name},
                                 {"public", false},
                                 {"description", "Written by Groove, from the sound of songs"}}));
    if (!made) return in_words(made.error());
    const auto head = readable(parse_spotify_playlist(*made));
    if (!head) return in_words(head.error());
    // Before it is filled: should that fail, the same one is filled next time.
    accounts_.change(listener,
                     [&](v1::SpotifyAccount& account) { account.set_playlist_id(head->id); });
    const auto put =
        accounts_.call(listener, "PUT", spotify_playlist_path(head->id) + "/items", body);
    if (!put) return in_words(put.error());
    return with_url(std::move(done), head->id);
  }

  static v1::SpotifyDone with_url(v1::SpotifyDone done, const std::string& playlist) {
    done.set_url("https://open.spotify.com/playlist/" + playlist);
    return done;
  }

  v1::SpotifyDone in_words(const SpotifyTrouble& trouble) const {
    return refused(trouble_of(trouble.kind), spotify_words(trouble, clock_.unix_us() / 1'000'000));
  }

  SpotifyAccounts& accounts_;
  const Catalog* catalog_;
  const Clock& clock_;
};

}  // namespace

v1::SpotifyDone do_spotify_errand(const v1::SpotifyErrand& errand, SpotifyAccounts& accounts,
                                  const Catalog* catalog, const Clock& clock) {
  Errand running(accounts, catalog, clock);
  switch (errand.errand_case()) {
    case v1::SpotifyErrand::kSignIn:
      return running.sign_in(errand.sign_in());
    case v1::SpotifyErrand::kList:
      return running.list(ListenerId{errand.list().listener()});
    case v1::SpotifyErrand::kExport:
      return running.write(errand.export_());
    case v1::SpotifyErrand::ERRAND_NOT_SET:
      break;
  }
  return refused(v1::SpotifyDone::TROUBLE_REFUSED, "This version does not know that errand.");
}

}  // namespace groove::fetcher
