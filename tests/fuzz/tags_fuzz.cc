// Any bytes as a music file of each kind: what is read of its tags can go into a catalogue.
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "fetcher/core/song_tags.h"
#include "fetcher/tags.h"
#include "tests/support/memory_file.h"
#include "tests/support/temp_dir.h"
#include "workers/base/check.h"
#include "workers/base/utf8.h"

namespace {

using namespace groove;
using namespace groove::fetcher;

void check(const SongTags& tags) {
  GROOVE_CHECK(valid_utf8(tags.title) && valid_utf8(tags.album) && valid_utf8(tags.isrc));
  GROOVE_CHECK(tags.title.size() <= 500 && tags.artists.size() <= 20);
  for (const std::string& artist : tags.artists)
    GROOVE_CHECK(!artist.empty() && valid_utf8(artist) && artist.find('\x1f') == artist.npos);
  GROOVE_CHECK(tags.recording_id.empty() || tags.recording_id.size() == 36);
  GROOVE_CHECK(tags.year == 0 || (tags.year >= 1000 && tags.year < 3000));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array kEndings = {".mp3", ".flac", ".ogg", ".opus", ".m4a",
                                   ".wav", ".wma",  ".aif", ".ape",  ".mpc"};
  static const test::TempDir folder;
  const test::MemoryFile bytes({reinterpret_cast<const char*>(data + 1), size - 1});
  // TagLib goes by a file's ending.
  const auto link = folder / (std::string("x") + kEndings[data[0] % kEndings.size()]);
  std::filesystem::create_symlink(bytes.path(), link);
  SongTags tags = read_tags(link);
  std::filesystem::remove(link);
  check(tags);
  fill_from_path(tags, {reinterpret_cast<const char*>(data), size});
  check(tags);
  GROOVE_CHECK(!tags.title.empty());
  return 0;
}
