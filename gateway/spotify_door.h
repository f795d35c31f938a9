// What the gateway knows of Spotify: how a sign-in begins and ends, and errands to the fetcher,
// which alone talks to Spotify and alone can read tokens. The gateway, which talks to browsers,
// never has one.
//
// Belongs to the server's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "gateway/core/oauth.h"
#include "groove/v1/spotify.pb.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/redis.h"
#include "workers/spotify_config.h"

namespace groove::gateway {

class SpotifyDoor {
 public:
  SpotifyDoor(boost::asio::io_context& io, Redis& redis, const Clock& clock,
              std::filesystem::path config)
      : io_(io), redis_(redis), clock_(clock), config_(std::move(config)) {}

  // As it is now. Errors: kNotFound (not registered), kInvalid.
  Result<SpotifyConfig> config() const { return SpotifyConfig::read(config_); }

  struct Begun {
    std::string url;     // of Spotify, where the listener consents
    std::string cookie;  // of Set-Cookie: it makes this browser the one that began
  };
  // Errors: those of config(), kUnavailable.
  boost::asio::awaitable<Result<Begun>> begin(bool may_write);

  // Who came back. Errors: kInvalid (forged, repeated, too late, or of another browser),
  // kUnavailable.
  boost::asio::awaitable<Result<v1::SpotifyDone>> finish(OauthCallback callback,
                                                         std::optional<std::string> nonce);

  // Sends the fetcher and waits for it. Errors: kBusy, kUnavailable (nobody did it in time).
  boost::asio::awaitable<Result<v1::SpotifyDone>> send(v1::SpotifyErrand errand);

  boost::asio::awaitable<Result<std::optional<v1::SpotifyAccount>>> account(ListenerId listener);
  // Tokens and all.
  boost::asio::awaitable<Status> disconnect(ListenerId listener);

 private:
  boost::asio::io_context& io_;
  Redis& redis_;
  const Clock& clock_;
  const std::filesystem::path config_;
};

}  // namespace groove::gateway
