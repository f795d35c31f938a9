#include "clusterer/clusterer.h"

#include <fmt/format.h>

#include "clusterer/convert.h"
#include "clusterer/core/modes.h"

namespace groove::clusterer {
namespace {

std::string describe(std::size_t songs, std::size_t modes) {
  return fmt::format("{} {} in {} {} of taste", songs, songs == 1 ? "song" : "songs", modes,
                     modes == 1 ? "mode" : "modes");
}

}  // namespace

bool Clusterer::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kListeningFetched;
}

Result<Effect> Clusterer::handle(const Work& work) {
  const v1::ListeningFetched& listening = work.fact.listening_fetched();
  const auto music = library_.music();
  if (!music) return std::unexpected(music.error());
  const Placed placed = place(listening, **music);
  if (placed.songs.empty()) {
    return fail(Errc::kNotFound,
                "None of your songs is in the catalogue, so there is nothing to start from. Pick "
                "some songs from the search.");
  }
  const auto modes = find_modes(placed.vectors, placed.dimensions);
  return Effect{.state = std::nullopt,
                .output = to_event(listening, placed, modes, **music).SerializeAsString(),
                .detail = describe(placed.songs.size(), modes.size())};
}

}  // namespace groove::clusterer
