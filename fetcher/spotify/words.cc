#include "fetcher/spotify/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace groove::fetcher {
namespace {

using Kind = SpotifyTrouble::Kind;

std::string in_all(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} seconds", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} minutes", (seconds + 30) / 60);
  return fmt::format("{} hours", (seconds + 1800) / 3600);
}

std::string pause_words(std::int64_t wait_s, std::int64_t now_s) {
  const std::chrono::sys_seconds until{std::chrono::seconds(now_s + wait_s)};
  return fmt::format(
      "Spotify's limit for this app is reached. It lets Groove ask again in {}, at {:%H:%M} UTC on "
      "{:%Y-%m-%d}: ask again then, and it goes on where it stopped.",
      in_all(wait_s), until, until);
}

std::string forbidden_words(const std::string& said) {
  if (said.find("registered") != said.npos)
    return "This Spotify account is not on the list of users of the app that Groove is registered "
           "as: add it under User Management in Spotify's dashboard.";
  if (said.find("scope") != said.npos)
    return "Spotify wants your consent for this again: sign in with Spotify once more.";
  return "Spotify shows only playlists that you own or that are shared with you, and this is "
         "somebody else's: copy it into a playlist of your own.";
}

}  // namespace

std::string spotify_words(const SpotifyTrouble& trouble, std::int64_t now_s) {
  switch (trouble.kind) {
    case Kind::kExpired:
    case Kind::kSignInAgain:
      return "Sign in with Spotify again: the consent has ended. It holds for six months, and "
             "until "
             "it is taken back.";
    case Kind::kForbidden:
      return forbidden_words(trouble.said);
    case Kind::kNotFound:
      return "Spotify does not have that any more: choose another.";
    case Kind::kWait:
      return pause_words(trouble.wait_s, now_s);
    case Kind::kPassing:
      return fmt::format("Spotify does not answer just now ({}): try again later.",
                         trouble.said.empty() ? "an error of its own" : trouble.said);
    case Kind::kRefused:
      break;
  }
  return fmt::format("Spotify refuses: {}.",
                     trouble.said.empty() ? "it does not say why" : trouble.said);
}

}  // namespace groove::fetcher
