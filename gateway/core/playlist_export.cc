#include "gateway/core/playlist_export.h"

#include <algorithm>

#include "gateway/core/json.h"

namespace groove::gateway {
namespace {

// Spotify's ids are 22 characters of base 62; ours of files are longer.
bool is_of_spotify(std::string_view id) {
  const auto base62 = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return id.size() == 22 && std::ranges::all_of(id, base62);
}

std::string address_of(const PlaylistSong& song) {
  return is_of_spotify(song.id) ? "https://open.spotify.com/track/" + song.id : std::string();
}

std::string uri_of(const PlaylistSong& song) {
  return is_of_spotify(song.id) ? "spotify:track:" + song.id : song.id;
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
  std::string all;
  for (const std::string& name : names) all.append(all.empty() ? "" : between).append(name);
  return all;
}

std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string credit(const PlaylistSong& song) {
  return one_line(joined(song.artists, ", ") + " - " + song.title);
}

bool is_one_line(std::string_view path) { return path.find_first_of("\r\n") == path.npos; }

std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").contains(text.front())) text.insert(0, "'");
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

struct Format {
  std::string_view name, media_type;
  std::string (*write)(const Playlist&);
};
constexpr Format kFormats[] = {{"m3u8", "application/vnd.apple.mpegurl", to_m3u8},
                               {"jspf", "application/json", to_jspf},
                               {"csv", "text/csv; charset=utf-8", to_csv}};

}  // namespace

std::string to_m3u8(const Playlist& playlist) {
  std::string out = "#EXTM3U\n#PLAYLIST:" + one_line(playlist.title) + '\n';
  for (const PlaylistSong& song : playlist.songs) {
    out += "#EXTINF:" + std::to_string(song.duration_ms / 1000) + ',' + credit(song) + '\n';
    const bool here = !song.path.empty() && is_one_line(song.path);
    const std::string place = here ? song.path : address_of(song);
    if (place.empty())
      out += "# neither here nor at Spotify: " + one_line(song.id) + '\n';
    else
      out.append(place.starts_with('#') ? "./" : "").append(place).append("\n");
  }
  return out;
}

std::string to_jspf(const Playlist& playlist) {
  JsonWriter json;
  const auto write_song = [&](const PlaylistSong& song) {
    const std::string address = address_of(song);
    if (!song.path.empty() || !address.empty())
      json.array_field("location", [&] { json.value(song.path.empty() ? address : song.path); });
    json.array_field("identifier", [&] { json.value(uri_of(song)); });
    json.field("title", song.title);
    json.field("creator", joined(song.artists, ", "));
    if (!song.album.empty()) json.field("album", song.album);
    if (song.duration_ms != 0) json.field("duration", song.duration_ms);
  };
  json.object([&] {
    json.object_field("playlist", [&] {
      json.field("title", playlist.title);
      json.field("date", playlist.date);
      json.array_field("track", [&] {
        for (const PlaylistSong& song : playlist.songs) json.object([&] { write_song(song); });
      });
    });
  });
  return json.take();
}

std::string to_csv(const Playlist& playlist) {
  std::string out =
      "\"Track URI\",\"Track Name\",\"Album Name\",\"Artist Name(s)\",\"Release Date\","
      "\"Duration (ms)\",\"Explicit\",\"Confidence\"\r\n";
  for (const PlaylistSong& song : playlist.songs) {
    const std::string permille = std::to_string(1000 + song.confidence_permille);
    for (const std::string& each : {uri_of(song), song.title, song.album, joined(song.artists, ","),
                                    song.year == 0 ? std::string() : std::to_string(song.year),
                                    std::to_string(song.duration_ms)})
      out += cell(each) + ',';
    out.append(cell(song.explicit_lyrics ? "true" : "false"))
        .append(",")
        .append(cell("0." + permille.substr(1)))
        .append("\r\n");
  }
  return out;
}

Reply playlist_reply(const Playlist& playlist, std::string_view format) {
  const auto found = std::ranges::find(kFormats, format, &Format::name);
  if (found == std::end(kFormats))
    return problem(404, "A playlist can be had as m3u8, jspf or csv.");
  Reply reply;
  reply.headers = {
      {"Content-Type", std::string(found->media_type)},
      {"Content-Disposition", "attachment; filename=\"groove." + std::string(found->name) + "\""},
      {"Cache-Control", "no-store"}};
  reply.body = found->write(playlist);
  return reply;
}

}  // namespace groove::gateway
