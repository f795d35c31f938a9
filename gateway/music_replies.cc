#include "gateway/music_replies.h"

#include <charconv>

#include "gateway/convert.h"
#include "workers/text.h"

namespace groove::gateway {
namespace {

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

}  // namespace

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
        json.object([&] { write_track(json, *shelf.music, song); });
    });
  });
  return json_reply(200, json.take());
}

Reply track_reply(const Shelf& shelf, const std::string& id) {
  const auto song = shelf.catalog().find(id);
  if (!song)
    return problem(404, "The catalogue in use has no song of that id; search at /api/tracks.");
  return json_reply(200, track_json(*shelf.music, *song));
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
