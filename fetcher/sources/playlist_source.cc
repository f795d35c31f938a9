#include "fetcher/sources/playlist_source.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <unordered_map>

#include "fetcher/core/playlist.h"
#include "workers/base/limits.h"
#include "workers/beneath.h"
#include "workers/text.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;

// "b/c.mp3" of "a/b/c.mp3", in lower case and without accents.
std::string tail(std::string_view path, int names) {
  std::size_t at = path.size();
  while (names-- > 0 && at != path.npos && at > 0) at = path.rfind('/', at - 1);
  return fold(at == path.npos || at == 0 ? path : path.substr(at + 1));
}

// The songs of the music folders by what a playlist may say of them.
class Finder {
 public:
  Finder(const MusicFiles& files, const Catalog& catalog) {
    for (const v1::MusicFile& file : files.message().files()) {
      by_path_.emplace((files.root(file) / file.path()).string(), file.song_id());
      note(by_tail_[0], tail(file.path(), 2), file.song_id());
      note(by_tail_[1], tail(file.path(), 1), file.song_id());
      if (const auto song = catalog.find(file.song_id()))
        for (const std::string_view artist : catalog.artists(*song))
          note(by_name_, fold(artist) + '\n' + fold(catalog.title(*song)), file.song_id());
    }
  }

  // Empty when it is not there.
  std::string find(const PlaylistEntry& entry, const fs::path& folder) const {
    if (const auto path = local_path(entry.location)) {
      const std::string whole = (folder / *path).lexically_normal().string();
      if (const auto found = by_path_.find(whole); found != by_path_.end()) return found->second;
      for (int names = 2; names > 0; --names)
        if (auto id = at(by_tail_[2 - names], tail(*path, names)); !id.empty()) return id;
    }
    return entry.title.empty() ? std::string()
                               : at(by_name_, fold(entry.artist) + '\n' + fold(entry.title));
  }

 private:
  using Ids = std::unordered_map<std::string, std::string>;

  // What names two songs names none.
  static void note(Ids& ids, std::string key, const std::string& id) {
    const auto [at, is_new] = ids.emplace(std::move(key), id);
    if (!is_new && at->second != id) at->second.clear();
  }
  static std::string at(const Ids& ids, const std::string& key) {
    const auto found = ids.find(key);
    return found == ids.end() ? std::string() : found->second;
  }

  Ids by_path_, by_name_;
  std::array<Ids, 2> by_tail_;
};

std::string describe(const PlaylistEntry& entry) {
  if (entry.title.empty()) return entry.location;
  return entry.artist.empty() ? entry.title : entry.artist + " – " + entry.title;
}

Result<Listening> songs_of(const std::vector<PlaylistEntry>& entries, const Finder& finder,
                           const fs::path& folder) {
  Listening songs;
  for (const PlaylistEntry& entry : entries) {
    if (songs.songs.size() == limits::kSourceSongsMax) break;
    songs.songs.push_back({.id = finder.find(entry, folder), .name = describe(entry)});
  }
  if (songs.songs.empty()) return fail(Errc::kInvalid, "There is no song in that playlist.");
  return songs;
}

}  // namespace

bool PlaylistSource::serves(const Basis& basis) const {
  return std::holds_alternative<PlaylistBasis>(basis);
}

Result<Listening> PlaylistSource::listening(ListenerId, const Basis& basis) {
  const std::string& name = std::get<PlaylistBasis>(basis).name;
  const auto files = files_.get();
  if (!files)
    return fail(Errc::kNotFound, "There is no music folder: start Groove with --music FOLDER.");
  const auto catalog = catalog_.get();
  if (!catalog) return std::unexpected(catalog.error());
  for (const v1::PlaylistFile& playlist : files->message().playlists()) {
    if (files->name(playlist) != name) continue;
    const fs::path root = files->message().roots(static_cast<int>(playlist.root())).path();
    const auto file = FileBeneath::open(root, playlist.path());
    const auto text = file ? file->read(0, kPlaylistBytesMax) : std::unexpected(file.error());
    if (!text) break;
    const auto entries =
        parse_playlist(playlist.path(), *text).value_or(std::vector<PlaylistEntry>());
    return songs_of(entries, Finder(*files, **catalog), (root / playlist.path()).parent_path());
  }
  return fail(Errc::kNotFound, fmt::format("There is no playlist {}: choose another.", name));
}

}  // namespace groove::fetcher
