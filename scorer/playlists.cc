#include "scorer/playlists.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <optional>

#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

namespace json = boost::json;

std::optional<std::string> text_at(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

// Nothing when the line is not a playlist.
std::optional<Playlist> read_line(const std::string& line, const Catalog& catalog,
                                  std::size_t& unknown) {
  boost::system::error_code error;
  const json::value value = json::parse(line, error);
  if (error || !value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  const auto name = text_at(object, "name");
  const json::value* const tracks = object.if_contains("tracks");
  if (!name || tracks == nullptr || !tracks->is_array()) return std::nullopt;
  Playlist out{.name = *name, .group = text_at(object, "group").value_or(*name), .songs = {}};
  for (const json::value& track : tracks->get_array()) {
    if (!track.is_string()) return std::nullopt;
    const auto song = catalog.find(std::string_view(track.get_string()));
    song ? out.songs.push_back(*song) : static_cast<void>(++unknown);
  }
  std::ranges::sort(out.songs);
  const auto [from, to] = std::ranges::unique(out.songs);
  out.songs.erase(from, to);
  return out;
}

}  // namespace

std::uint64_t name_hash(std::string_view name) {
  std::uint64_t h = 0;
  for (const char c : name) h = mix64(h ^ static_cast<unsigned char>(c));
  return h;
}

Result<Playlists> read_playlists(const std::filesystem::path& file, const Catalog& catalog) {
  std::ifstream in(file);
  if (!in) return fail(Errc::kNotFound, fmt::format("{} cannot be read.", file.string()));
  Playlists out;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto playlist = read_line(line, catalog, out.unknown);
    if (!playlist)
      return fail(Errc::kInvalid,
                  fmt::format("{} line {}: not {{\"name\": ..., \"tracks\": [id, ...]}}.",
                              file.string(), number));
    out.lists.push_back(std::move(*playlist));
  }
  return out;
}

}  // namespace groove::scorer
