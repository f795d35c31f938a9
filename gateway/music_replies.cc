#include "gateway/music_replies.h"

#include <charconv>

#include "gateway/convert.h"
#include "workers/text.h"

namespace groove::gateway {
namespace {

constexpr std::size_t kChoicesMax = 2'000;  // folders or playlists that are told
constexpr std::size_t kSearchLimit = 20, kSearchLimitMax = 50, kQueryBytesMax = 200;

// Nothing when it is no number from 1 to the most.
std::optional<std::size_t> parse_limit(std::string_view text) {
  std::size_t limit = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, limit);
  if (error != std::errc() || stop != end || limit == 0 || limit > kSearchLimitMax)
    return std::nullopt;
  return limit;
}

void write_source(JsonWriter& json, std::string_view kind, std::string_view title, bool available) {
  json.field("kind", kind);
  json.field("title", title);
  json.field("available", available);
}

void write_folders(JsonWriter& json, const MusicFiles& files) {
  json.array_field("choices", [&] {
    std::size_t told = 0;
    for (const MusicFiles::Folder& folder : files.folders()) {
      if (++told > kChoicesMax) return;
      json.object([&] {
        json.field("name", folder.name);
        json.field("songs", folder.files);
      });
    }
  });
}

void write_playlists(JsonWriter& json, const MusicFiles& files) {
  json.array_field("choices", [&] {
    std::size_t told = 0;
    for (const v1::PlaylistFile& playlist : files.message().playlists())
      if (++told <= kChoicesMax) json.object([&] { json.field("name", files.name(playlist)); });
  });
}

}  // namespace

Reply sources_reply(const Shelf* shelf, const MusicFiles* files, bool named) {
  const bool ready = shelf != nullptr;
  const bool has_files = ready && files != nullptr && files->message().files_size() > 0;
  const bool has_lists = has_files && files->message().playlists_size() > 0;
  JsonWriter json;
  json.object([&] {
    json.array_field("sources", [&] {
      json.object([&] { write_source(json, "songs", "Songs you pick", ready); });
      json.object([&] { write_source(json, "library", "Your whole music library", has_files); });
      json.object([&] { write_source(json, "recent", "Recently added", has_files); });
      json.object([&] {
        write_source(json, "folder", "A folder", has_files);
        if (has_files && named) write_folders(json, *files);
      });
      json.object([&] {
        write_source(json, "playlist", "A playlist", has_lists);
        if (has_lists && named) write_playlists(json, *files);
      });
    });
  });
  return json_reply(200, json.take());
}

Reply search_reply(const Shelf& shelf, const Request& request) {
  const auto query = request.parameter("q");
  if (!query || query->size() > kQueryBytesMax)
    return problem(400, "Give what to search for as ?q=…, at most 200 bytes.");
  const auto limit_text = request.parameter("limit");
  const auto limit = limit_text ? parse_limit(*limit_text) : kSearchLimit;
  if (!limit) return problem(400, "limit must be a number from 1 to 50.");
  JsonWriter json;
  json.object([&] {
    json.array_field("tracks", [&] {
      for (const SongIndex song : shelf.search.find(fold(*query), *limit))
        json.object([&] { write_track(json, shelf, song); });
    });
  });
  return json_reply(200, json.take());
}

Reply track_reply(const Shelf& shelf, const std::string& id) {
  const auto song = shelf.catalog().find(id);
  if (!song)
    return problem(404, "The catalogue in use has no song of that id; search at /api/tracks.");
  return json_reply(200, track_json(shelf, *song));
}

Reply map_reply(const Shelf& shelf, const Request& request) {
  const std::string tag = '"' + to_string(shelf.model().digest()) + '"';
  Reply reply;
  if (request.header("If-None-Match") == tag) {
    reply.status = 304;
  } else {
    reply = json_reply(200, {});
    reply.shared_body = shelf.map;
  }
  // "no-cache" means: keep it, but ask whether it is still the one.
  reply.headers.push_back({"Cache-Control", "no-cache"});
  reply.headers.push_back({"ETag", tag});
  return reply;
}

}  // namespace groove::gateway
