// Any message and any kept state at each stage: refused with a reason, or turned into a message
// that the next stage can parse. Bytes: the stage, the length of the state, the state, the message.
#include <google/protobuf/stubs/logging.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <memory>
#include <string>

#include "clusterer/clusterer.h"
#include "fetcher/fetcher.h"
#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "scorer/scorer.h"
#include "tests/fuzz/song_ids.h"
#include "tests/support/temp_dir.h"
#include "tests/workers/model_fixture.h"
#include "tests/workers/music_fixture.h"
#include "workers/base/bytes.h"
#include "workers/catalog_builder.h"
#include "workers/durable_file.h"
#include "workers/library.h"

using namespace groove;

namespace {

// A house of three stages around a small catalogue.
struct Stages {
  Stages() {
    CatalogBuilder builder(spotify_v1());
    for (int i = 0; i < test::kFuzzSongs; ++i) builder.add(test::song(i));
    GROOVE_CHECK(builder.write(places.catalog()).has_value());
    const Catalog catalog = Catalog::open(places.catalog()).value();
    GROOVE_CHECK(
        replace_file(places.model(), test::model_of(catalog).SerializeAsString()).has_value());
  }
  Handler& of(unsigned number) {
    Handler* const all[] = {&fetcher, &clusterer, &scorer};
    return *all[number % 3];
  }

  test::TempDir folder;
  Places places = find_places(folder.path(), folder.path(), "").value();
  Library library{places};
  CurrentCatalog catalog{places};
  CurrentMusicFiles files{places};
  fetcher::SpotifyDesk spotify{places, RedisAddress::parse(places.redis).value(), catalog};
  fetcher::Fetcher fetcher{catalog, fetcher::all_sources(files, catalog, spotify)};
  clusterer::Clusterer clusterer{library};
  scorer::Scorer scorer{library};
};

// A state whose songs the catalogue has, when it is one at all.
std::string with_known_songs(std::string_view bytes) {
  v1::ScorerState state;
  if (!state.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return std::string(bytes);
  test::name_known_songs(state);
  return state.SerializeAsString();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Stages stages;
  google::protobuf::SetLogHandler(nullptr);
  spdlog::set_level(spdlog::level::off);
  if (size < 3) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
  const std::size_t kept = std::min<std::size_t>(data[1] * 256U + data[2], bytes.size());
  v1::Event fact;
  if (!fact.ParseFromArray(bytes.data() + kept, static_cast<int>(bytes.size() - kept))) return 0;
  test::name_known_songs(fact);
  Handler& handler = stages.of(data[0]);
  if (!handler.wants(fact.fact_case())) return 0;
  const std::string state = with_known_songs(bytes.substr(0, kept));
  const auto effect = handler.handle({ListenerId{7}, 1, EventId{}, fact, state});
  if (!effect) {
    GROOVE_CHECK(!effect.error().message.empty());
    return 0;
  }
  v1::Event output;
  GROOVE_CHECK(output.ParseFromString(effect->output));
  GROOVE_CHECK(output.fact_case() != v1::Event::FACT_NOT_SET);
  GROOVE_CHECK(!effect->state || v1::ScorerState().ParseFromString(*effect->state));
  return 0;
}
