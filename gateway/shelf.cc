#include "gateway/shelf.h"

#include "gateway/convert.h"
#include "workers/text.h"

namespace groove::gateway {
namespace {

SearchIndex index_of(const Catalog& catalog) {
  SearchIndex::Builder builder;
  SearchSong song;
  for (SongIndex at = 0; at < catalog.size(); ++at) {
    song.title = fold(catalog.title(at));
    song.artists.clear();
    for (const std::string_view artist : catalog.artists(at)) song.artists.push_back(fold(artist));
    song.popularity = catalog.popularity(at);
    builder.add(song);
  }
  return std::move(builder).build();
}

}  // namespace

std::shared_ptr<const Shelf> make_shelf(std::shared_ptr<const Music> music,
                                        std::shared_ptr<const MusicFiles> files) {
  SearchIndex search = index_of(music->catalog);
  auto map = std::make_shared<const std::string>(map_json(*music));
  return std::make_shared<const Shelf>(
      Shelf{std::move(music), std::move(search), std::move(map), std::move(files)});
}

}  // namespace groove::gateway
