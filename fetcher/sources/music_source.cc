#include "fetcher/sources/music_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

constexpr std::size_t kRecentSongs = 100;

std::unexpected<Error> nothing(std::string sentence) {
  return fail(Errc::kNotFound, std::move(sentence));
}

Result<Listening> listed(const std::set<std::string_view>& ids, std::string_view where) {
  if (ids.empty()) return nothing(fmt::format("There are no songs in {}.", where));
  const std::size_t step = (ids.size() + limits::kSourceSongsMax - 1) / limits::kSourceSongsMax;
  Listening songs;
  std::size_t at = 0;
  for (const std::string_view id : ids)
    if (at++ % step == 0) songs.songs.push_back({.id = std::string(id), .name = std::string(id)});
  return songs;
}

Result<Listening> in_folder(const MusicFiles& files, const std::string& folder) {
  std::set<std::string_view> ids;
  for (const v1::MusicFile& file : files.message().files())
    if (files.name(file).starts_with(folder + '/')) ids.insert(file.song_id());
  if (ids.empty())
    return nothing(fmt::format("There is no music folder {} with songs: choose another.", folder));
  return listed(ids, folder);
}

// The newest weigh most.
Result<Listening> recent(const MusicFiles& files) {
  struct Song {
    std::int64_t added_us, modified_ns;
    std::string_view id;
    auto operator<=>(const Song&) const = default;
  };
  std::map<std::string_view, Song> by_id;
  for (const v1::MusicFile& file : files.message().files()) {
    const Song song{file.added_us(), file.modified_ns(), file.song_id()};
    Song& known = by_id.emplace(song.id, song).first->second;
    known = std::min(known, song);  // of two copies the first that came
  }
  std::vector<Song> songs;
  for (const auto& [id, song] : by_id) songs.push_back(song);
  std::ranges::sort(songs, std::greater());
  if (songs.size() > kRecentSongs) songs.resize(kRecentSongs);
  Listening listening;
  const auto count = static_cast<std::uint32_t>(songs.size());
  for (std::uint32_t i = 0; i < count; ++i)
    listening.songs.push_back({.id = std::string(songs[i].id),
                               .name = std::string(songs[i].id),
                               .weight = kWeightMax - kWeightMax / 2 * i / count});
  if (listening.songs.empty()) return nothing("There are no songs in the music folders.");
  return listening;
}

}  // namespace

bool MusicSource::serves(const Basis& basis) const {
  return std::holds_alternative<MusicLibrary>(basis) ||
         std::holds_alternative<MusicFolderBasis>(basis) ||
         std::holds_alternative<RecentlyAdded>(basis);
}

Result<Listening> MusicSource::listening(ListenerId, const Basis& basis) {
  const auto files = files_.get();
  if (!files) return nothing("There is no music folder: start Groove with --music FOLDER.");
  if (const auto* folder = std::get_if<MusicFolderBasis>(&basis))
    return in_folder(*files, folder->name);
  if (std::holds_alternative<RecentlyAdded>(basis)) return recent(*files);
  std::set<std::string_view> ids;
  for (const v1::MusicFile& file : files->message().files()) ids.insert(file.song_id());
  return listed(ids, "the music folders");
}

}  // namespace groove::fetcher
