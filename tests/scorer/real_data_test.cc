// The public data set's songs, where they are at hand: who likes metal gets energetic songs.
#include <cstdlib>
#include <set>

#include "clusterer/train.h"
#include "fetcher/import.h"
#include "scorer/recommend.h"
#include "tests/support/temp_dir.h"

namespace groove::scorer {
namespace {

std::filesystem::path shared_songs() {
  const char* given = std::getenv("GROOVE_SHARED");
  return std::filesystem::path(given != nullptr ? given : "../shared") / "data/spotify/data.csv.xz";
}

Result<std::shared_ptr<const Music>> make_music(const std::filesystem::path& file) {
  fetcher::Import import([](std::uint64_t, std::uint64_t) { return true; });
  if (const Status read = import.add(shared_songs()); !read) return std::unexpected(read.error());
  if (const auto report = import.write(file); !report) return std::unexpected(report.error());
  auto catalog = Catalog::open(file);
  if (!catalog) return std::unexpected(catalog.error());
  auto trained = clusterer::train(*catalog, {.clusters = 24, .iterations_max = 20});
  if (!trained) return std::unexpected(trained.error());
  auto model = Model::from(std::move(trained->model), *catalog);
  if (!model) return std::unexpected(model.error());
  return std::make_shared<const Music>(Music{std::move(*catalog), std::move(*model)});
}

TEST(RealData, FiveMetalSongsGiveEnergeticLoudSongs) {
  if (!std::filesystem::exists(shared_songs()))
    GTEST_SKIP() << shared_songs() << " is not here; set GROOVE_SHARED to try it";
  const groove::test::TempDir folder;
  const auto music = make_music(folder / "catalog.groove");
  ASSERT_TRUE(music) << music.error().message;
  const Catalog& catalog = (*music)->catalog;

  std::set<std::string_view> wanted = {"Slipknot", "Disturbed", "System Of A Down", "Rammstein",
                                       "Korn"};
  v1::ScorerState state;
  v1::TasteMode& mode = *state.add_modes();
  for (SongIndex s = 0; s < catalog.size(); ++s)
    for (const std::string_view artist : catalog.artists(s))
      if (wanted.erase(artist) > 0) mode.add_songs()->set_song_id(std::string(catalog.id(s)));
  ASSERT_EQ(mode.songs_size(), 5);

  const auto batch = Recommender(*music).recommend(state);
  ASSERT_TRUE(batch) << batch.error().message;
  ASSERT_EQ(batch->recommendations_size(), 20);
  const std::size_t energy = *catalog.space().find("energy");
  double recommended = 0, all = 0;
  for (const auto& r : batch->recommendations())
    recommended += catalog.feature(*catalog.find(r.song_id()), energy) / 20;
  for (SongIndex s = 0; s < catalog.size(); ++s)
    all += catalog.feature(s, energy) / static_cast<double>(catalog.size());
  EXPECT_GT(recommended, 0.85);
  EXPECT_LT(all, 0.7) << "the catalogue at large is calmer, or this shows nothing";
}

}  // namespace
}  // namespace groove::scorer
