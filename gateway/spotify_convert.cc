#include "gateway/spotify_convert.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "gateway/core/json.h"

namespace groove::gateway {
namespace {

constexpr std::int64_t kDay_s = 24 * 3600;
// A consent ends six months after it was given, however often tokens are renewed.
// https://developer.spotify.com/blog/2026-06-18-refresh-token-expiration
constexpr std::int64_t kConsentLife_s = 182 * kDay_s, kRemindBefore_s = 14 * kDay_s;

std::string time_text(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                     std::chrono::sys_seconds(std::chrono::seconds(seconds)));
}

void write_account(JsonWriter& json, const v1::SpotifyAccount& account, std::int64_t now_s) {
  const std::int64_t ends_s = account.since_s() + kConsentLife_s;
  json.field("since", time_text(account.since_s()));
  json.field("consent_ends", time_text(ends_s));
  json.field("renew_soon", ends_s - now_s < kRemindBefore_s);
  json.field("may_write", account.scope().find("playlist-modify-private") != std::string::npos);
  if (account.until_s() > now_s) json.field("paused_until", time_text(account.until_s()));
}

}  // namespace

std::string spotify_json(const Result<SpotifyConfig>& config,
                         const std::optional<v1::SpotifyAccount>& account, std::int64_t now_s) {
  JsonWriter json;
  json.object([&] {
    json.field("registered", config.has_value());
    if (!config && config.error().code != Errc::kNotFound)
      json.field("problem", config.error().message);
    if (config) {
      json.field("demo", config->is_demo);
      json.field("public_url", config->public_url);
      json.field("redirect_uri", config->redirect_uri());
    }
    if (account) json.object_field("account", [&] { write_account(json, *account, now_s); });
  });
  return json.take();
}

std::string spotify_playlists_json(const v1::SpotifyDone& done) {
  JsonWriter json;
  json.object([&] {
    json.array_field("playlists", [&] {
      for (const v1::SpotifyPlaylistName& playlist : done.playlists())
        json.object([&] {
          json.field("id", playlist.id());
          json.field("name", playlist.name());
          json.field("songs", playlist.songs());
          json.field("readable", playlist.is_own());
        });
    });
  });
  return json.take();
}

std::string spotify_export_json(const v1::SpotifyDone& done) {
  JsonWriter json;
  json.object([&] {
    json.field("url", done.url());
    json.field("songs", done.songs());
    json.array_field("missing", [&] {
      for (const std::string& name : done.missing()) json.value(name);
    });
  });
  return json.take();
}

}  // namespace groove::gateway
