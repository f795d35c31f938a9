// DATA/spotify.json: which app of the listener's own Groove is for Spotify, and where Spotify is.
// deploy/up writes it; it is read when it is needed, so a change holds at once.
//
//   {"client_id": "...", "public_url": "http://127.0.0.1:8080"}
//
// `public_url` is how browsers reach the page; Spotify sends them back there. It wants https, or
// http to 127.0.0.1 or [::1] in numbers.
// https://developer.spotify.com/documentation/web-api/concepts/redirect_uri
#pragma once

#include <filesystem>
#include <string>

#include "workers/base/result.h"

namespace groove {

struct SpotifyConfig {
  std::string client_id;
  std::string public_url;  // without a slash at the end
  std::string accounts = "https://accounts.spotify.com";
  std::string api = "https://api.spotify.com";
  bool is_demo = false;  // a stand-in answers, and the page says so

  std::string redirect_uri() const { return public_url + "/auth/spotify/callback"; }

  // Errors: kNotFound (there is no such file), kInvalid (with what is wrong in it).
  static Result<SpotifyConfig> read(const std::filesystem::path& file);
  static Result<SpotifyConfig> parse(const std::string& text);
};

}  // namespace groove
