// A small catalogue on disk with its model: 400 songs in 6 crowds that sound alike, by 120 artists.
#pragma once

#include <cstring>
#include <memory>
#include <string>

#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "tests/scorer/core/world.h"
#include "tests/support/temp_dir.h"
#include "tests/workers/model_fixture.h"
#include "workers/base/check.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"
#include "workers/library.h"
#include "workers/places.h"

namespace groove::scorer::test {

using groove::test::append_raw;
using groove::test::TempDir;

inline std::string id_of(Song song) { return "song" + std::to_string(10'000 + song); }

// Song i is by artist i modulo 120; every tenth is a remaster of the song 120 before it (the same
// artist and title); every seventh has explicit lyrics.
inline SongRecord record_of(Song i) {
  SongRecord out;
  out.id = id_of(i);
  out.title = "Title " + std::to_string(i);
  if (i % 10 == 0 && i >= 120) out.title = "Title " + std::to_string(i - 120) + " - Remastered";
  out.artists = {"Artist " + std::to_string(i % 120)};
  out.year = 1950 + static_cast<int>(i % 70);
  out.duration_ms = 120'000 + i;
  out.explicit_lyrics = i % 7 == 0;
  out.features.assign(spotify_v1().features.size(), 0.5F);
  return out;
}

class SmallMusic {
 public:
  explicit SmallMusic(std::size_t songs = 400) : world(songs) {
    CatalogBuilder builder(spotify_v1());
    for (Song i = 0; i < songs; ++i) builder.add(record_of(i));
    GROOVE_CHECK(builder.write(places().catalog()).has_value());
    const auto catalog = Catalog::open(places().catalog());
    GROOVE_CHECK(replace_file(places().model(), model(*catalog).SerializeAsString()).has_value());
  }

  Places places() const { return {.data = folder_.path(), .run = folder_.path()}; }
  std::shared_ptr<const Music> music() const { return *Library(places()).music(); }

  World world;

 private:
  // Each crowd is a cluster.
  v1::Model model(const Catalog& catalog) const {
    v1::Model out = groove::test::model_of(catalog, 6);
    out.clear_vectors();
    out.clear_assignment();
    out.clear_background();
    for (v1::Cluster& cluster : *out.mutable_clusters()) cluster.set_size(0);
    for (Song i = 0; i < catalog.size(); ++i) {
      append_raw(*out.mutable_vectors(), world.vectors[i]);
      append_raw(*out.mutable_assignment(), world.crowd[i]);
      append_raw(*out.mutable_background(), world.backgrounds[i]);
      v1::Cluster& cluster = *out.mutable_clusters(world.crowd[i]);
      cluster.set_size(cluster.size() + 1);
    }
    return out;
  }

  TempDir folder_;
};

inline v1::ScorerState state_liking(const std::vector<Song>& songs) {
  v1::ScorerState out;
  v1::TasteMode& mode = *out.add_modes();
  for (const Song s : songs) mode.add_songs()->set_song_id(id_of(s));
  return out;
}

inline void judged(v1::ScorerState& state, const std::string& id, v1::Verdict verdict) {
  v1::JudgedSong& out = *state.add_judged();
  out.set_song_id(id);
  out.set_verdict(verdict);
}

inline std::vector<std::string> ids(const v1::BatchScored& batch) {
  std::vector<std::string> out;
  for (const v1::Recommendation& r : batch.recommendations()) out.push_back(r.song_id());
  return out;
}

}  // namespace groove::scorer::test
