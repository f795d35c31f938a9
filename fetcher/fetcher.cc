#include "fetcher/fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fetcher/convert.h"
#include "fetcher/matcher.h"
#include "fetcher/sources/music_source.h"
#include "fetcher/sources/picked_songs.h"
#include "fetcher/sources/playlist_source.h"
#include "fetcher/sources/spotify_source.h"
#include "workers/base/check.h"

namespace groove::fetcher {

Sources all_sources(CurrentMusicFiles& files, CurrentCatalog& catalog, SpotifyDesk& spotify) {
  Sources sources;
  sources.push_back(std::make_unique<PickedSongsSource>());
  sources.push_back(std::make_unique<MusicSource>(files));
  sources.push_back(std::make_unique<PlaylistSource>(files, catalog));
  sources.push_back(std::make_unique<SpotifySource>(spotify));
  return sources;
}

Fetcher::Fetcher(CurrentCatalog& catalog, Sources sources)
    : catalog_(catalog), sources_(std::move(sources)) {}

bool Fetcher::wants(v1::Event::FactCase fact) const { return fact == v1::Event::kLoginAccepted; }

Result<Effect> Fetcher::handle(const Work& work) {
  GROOVE_CHECK(work.fact.has_login_accepted());
  const v1::LoginAccepted& login = work.fact.login_accepted();
  const auto catalog = catalog_.get();
  if (!catalog) return std::unexpected(catalog.error());
  const auto heard = listening(work.listener, login.basis());
  if (!heard) return std::unexpected(heard.error());
  Match songs = match(*heard, **catalog);
  const std::size_t found = songs.found.size(), total = found + songs.missing_count;
  if (found == 0)
    return fail(Errc::kNotFound,
                fmt::format("None of the {} songs is in the library: pick others from the search, "
                            "or add a file of songs that has them.",
                            total));
  if (found == (*catalog)->size())
    return fail(Errc::kInvalid,
                "These are all the songs there are, so none is left to recommend: choose a folder, "
                "a playlist or some songs, or add a file of songs.");
  return Effect{.output = to_message(login, std::move(songs), **catalog).SerializeAsString(),
                .detail = fmt::format("{} of {} songs found{}{}", found, total,
                                      heard->aside.empty() ? "" : "; ", heard->aside)};
}

Result<Listening> Fetcher::listening(ListenerId listener, const v1::Basis& basis) {
  const auto from = to_basis(basis);
  if (!from) return std::unexpected(from.error());
  const auto source =
      std::ranges::find_if(sources_, [&](const auto& each) { return each->serves(*from); });
  GROOVE_CHECK(source != sources_.end());
  return (*source)->listening(listener, *from);
}

}  // namespace groove::fetcher
