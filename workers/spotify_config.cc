#include "workers/spotify_config.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cctype>

#include "workers/durable_file.h"

namespace groove {
namespace {

namespace bj = boost::json;

constexpr std::size_t kClientIdMax = 64;

bool is_loopback(std::string_view url) {
  for (const std::string_view host : {"http://127.0.0.1", "http://[::1]"})
    if (url.starts_with(host) && (url.size() == host.size() || url[host.size()] == ':'))
      return true;
  return false;
}

// Scheme, host and port alone.
bool is_origin(std::string_view url) {
  const std::size_t host = url.find("://");
  return host != url.npos && url.size() > host + 3 &&
         url.find_first_of("/?#@ \\\"", host + 3) == url.npos;
}

bool is_client_id(std::string_view text) {
  return !text.empty() && text.size() <= kClientIdMax &&
         std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c); });
}

std::string text_at(const bj::object& object, std::string_view key, std::string otherwise) {
  const bj::value* const value = object.if_contains({key.data(), key.size()});
  return value && value->is_string() ? std::string(value->get_string()) : std::move(otherwise);
}

}  // namespace

Result<SpotifyConfig> SpotifyConfig::parse(const std::string& text) {
  boost::system::error_code error;
  const bj::value value = bj::parse(text, error);
  if (error || !value.is_object()) return fail(Errc::kInvalid, "spotify.json is no JSON object");
  const bj::object& object = value.get_object();
  SpotifyConfig config;
  config.client_id = text_at(object, "client_id", "");
  config.public_url = text_at(object, "public_url", "");
  config.accounts = text_at(object, "accounts", config.accounts);
  config.api = text_at(object, "api", config.api);
  const bj::value* const demo = object.if_contains("demo");
  config.is_demo = demo && demo->is_bool() && demo->get_bool();
  if (!is_client_id(config.client_id))
    return fail(Errc::kInvalid,
                "\"client_id\" of spotify.json is not a client id: it is letters "
                "and digits, as Spotify's dashboard shows it");
  for (const std::string* url : {&config.public_url, &config.accounts, &config.api})
    if (!is_origin(*url) || (!url->starts_with("https://") && !is_loopback(*url)))
      return fail(Errc::kInvalid,
                  "spotify.json: \"" + *url +
                      "\" must be https://HOST, or http://127.0.0.1:PORT: Spotify refuses plain "
                      "http and localhost");
  return config;
}

Result<SpotifyConfig> SpotifyConfig::read(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return std::unexpected(text.error());
  return parse(*text);
}

}  // namespace groove
