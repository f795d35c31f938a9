// What the routes about Spotify answer: sign-in by redirect and by pasting, how it stands, which
// playlists there are, a batch written as one, disconnecting.
//
// Belongs to the server's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "gateway/answers.h"
#include "gateway/core/reply.h"
#include "gateway/core/request.h"
#include "gateway/core/router.h"
#include "gateway/sessions.h"
#include "gateway/spotify_door.h"
#include "gateway/streams.h"

namespace groove::gateway {

class SpotifyRoutes {
 public:
  SpotifyRoutes(SpotifyDoor& door, Sessions& sessions, Streams& streams, Answers& answers,
                const Clock& clock)
      : door_(door), sessions_(sessions), streams_(streams), answers_(answers), clock_(clock) {}

  struct Call {
    const Request& request;
    const Session& session;    // where the route needs one
    const std::string& token;  // of the session cookie; may be of none
  };
  using Work = boost::asio::awaitable<Reply>;
  // Requires: a route about Spotify.
  Work serve(Route route, Call call);

 private:
  Work login(const Call& call);     // GET, a navigation: on to Spotify
  Work callback(const Call& call);  // GET, a navigation: back from there
  Work login_by_hand(const Call& call);
  Work callback_by_hand(const Call& call);
  Work standing(const Call& call);
  Work playlists(const Call& call);
  Work write_playlist(const Call& call);
  Work disconnect(const Call& call);
  // A session for who has signed in; the one before ends.
  boost::asio::awaitable<Result<Sessions::Begun>> begin_session(const Call& call,
                                                                const v1::SpotifyDone& done);

  SpotifyDoor& door_;
  Sessions& sessions_;
  Streams& streams_;
  Answers& answers_;
  const Clock& clock_;
};

}  // namespace groove::gateway
