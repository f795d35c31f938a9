// Any bytes as a playlist of each kind: what comes out is UTF-8 of bounded number, and its places
// are paths without NUL.
#include <array>
#include <cstdint>
#include <string>

#include "fetcher/core/playlist.h"
#include "workers/base/check.h"
#include "workers/base/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove;
  using namespace groove::fetcher;
  if (size == 0) return 0;
  constexpr std::array kNames = {"a.m3u", "a.m3u8", "a.pls", "a.xspf", "a.jspf", "a.txt"};
  const char* const name = kNames[data[0] % kNames.size()];
  const auto entries = parse_playlist(name, {reinterpret_cast<const char*>(data + 1), size - 1});
  GROOVE_CHECK(entries.has_value() == (std::string_view(name) != "a.txt"));
  if (!entries) return 0;
  GROOVE_CHECK(entries->size() <= kPlaylistEntriesMax);
  for (const PlaylistEntry& entry : *entries) {
    GROOVE_CHECK(valid_utf8(entry.location) && valid_utf8(entry.title) && valid_utf8(entry.artist));
    if (const auto path = local_path(entry.location))
      GROOVE_CHECK(!path->empty() && path->find('\0') == path->npos);
  }
  return 0;
}
