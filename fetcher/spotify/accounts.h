// The accounts that listeners signed in with: their tokens, sealed, in Redis. Whoever deletes a
// record ends all that Groove can do with that account.
//
// One refresh at a time, over all fetchers: a lock in Redis. Spotify may give a new refresh token
// with each; two at once would each make the other's void.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fetcher/spotify/token_seal.h"
#include "fetcher/spotify/web.h"
#include "groove/v1/spotify.pb.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/spotify_account.h"
#include "workers/store.h"

namespace groove::fetcher {

class SpotifyAccounts {
 public:
  SpotifyAccounts(Store& store, const TokenSeal& seal, const SpotifyWeb& web, const Clock& clock)
      : store_(store), seal_(seal), web_(web), clock_(clock) {}

  struct SignedIn {
    ListenerId listener;
    std::string name;
  };
  SpotifyAnswer<SignedIn> sign_in(const v1::SpotifySignIn& errand);

  // Nothing: nobody signed in, or they disconnected.
  SpotifyAnswer<std::optional<v1::SpotifyAccount>> find(ListenerId listener);
  // The answer to a call of the Web API in the listener's name; an access token that has run out is
  // renewed on the way.
  SpotifyAnswer<std::string> call(ListenerId listener, const std::string& method,
                                  const std::string& path, const std::string& json = {});
  // Changes what is kept of them, under the lock.
  using Change = std::function<void(v1::SpotifyAccount&)>;
  void change(ListenerId listener, const Change& change);
  // Notes that Spotify is not to be asked for this listener before `until_s`.
  void wait_until(ListenerId listener, std::int64_t until_s, const std::string& why);

 private:
  std::int64_t now_s() const { return clock_.unix_us() / 1'000'000; }
  // One that holds for a while yet. `refused`: Spotify would not take this one any more.
  SpotifyAnswer<std::string> access_token(ListenerId listener, const std::string& refused = {});
  std::optional<v1::SpotifyTokens> tokens_of(const v1::SpotifyAccount& account,
                                             ListenerId listener) const;
  void seal_into(v1::SpotifyAccount& account, ListenerId listener,
                 const v1::SpotifyTokens& tokens) const;
  SpotifyAnswer<std::string> refresh(ListenerId listener, const std::string& refused);
  // Only where there still is one: what was disconnected stays so.
  SpotifyAnswer<void> keep(ListenerId listener, const v1::SpotifyAccount& account, bool is_new);

  Store& store_;
  const TokenSeal& seal_;
  const SpotifyWeb& web_;
  const Clock& clock_;
};

}  // namespace groove::fetcher
