#include "scorer/path_command.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <vector>

#include "scorer/convert.h"
#include "scorer/core/diversity.h"
#include "scorer/core/path.h"
#include "scorer/song_keys.h"
#include "scorer/suggest.h"
#include "workers/model.h"

namespace groove::scorer {
namespace {

// Of so many songs about a station one is nearly always allowed; where none is, there is no step.
constexpr std::size_t kTried = 200;

std::vector<Song> find_path(const Catalog& catalog, const Model& model, Song from, Song to,
                            std::size_t steps) {
  const SoundTable sounds = to_sound_table(model);
  const SongKeyTable keys(catalog);
  ListWalk list({.songs = steps});
  list.avoid(from, keys.of(from));
  list.avoid(to, keys.of(to));
  std::vector<Song> out = {from};
  for (const Vector& station : stations(sounds.vector(from), sounds.vector(to), steps))
    for (const Song song : nearest_songs(sounds, station, kTried))
      if (list.offer({.song = song}, keys.of(song))) {
        out.push_back(song);
        break;
      }
  out.push_back(to);
  return out;
}

std::string to_json(const std::vector<Song>& songs, const Catalog& catalog) {
  boost::json::array list;
  for (const Song s : songs) {
    boost::json::array artists;
    for (const std::string_view artist : catalog.artists(s)) artists.emplace_back(artist);
    list.push_back(boost::json::object{
        {"id", catalog.id(s)}, {"title", catalog.title(s)}, {"artists", std::move(artists)}});
  }
  return boost::json::serialize(boost::json::object{{"path", std::move(list)}}) + "\n";
}

}  // namespace

Result<std::string> path(const PathCommand& command) {
  const auto catalog = Catalog::open(command.catalog);
  if (!catalog) return std::unexpected(catalog.error());
  const auto model = Model::open(command.model, *catalog);
  if (!model) return std::unexpected(model.error());
  const auto from = catalog->find(command.from), to = catalog->find(command.to);
  if (!from) return fail(Errc::kNotFound, explain_unknown(*catalog, command.from));
  if (!to) return fail(Errc::kNotFound, explain_unknown(*catalog, command.to));
  if (*from == *to) return fail(Errc::kInvalid, "A path needs two different songs.");
  const std::vector<Song> songs = find_path(*catalog, *model, *from, *to, command.steps);
  if (command.json) return to_json(songs, *catalog);
  std::string out;
  for (std::size_t i = 0; i < songs.size(); ++i)
    out += fmt::format("{:3}  {}  {}\n", i, catalog->id(songs[i]), describe(*catalog, songs[i]));
  return out;
}

}  // namespace groove::scorer
