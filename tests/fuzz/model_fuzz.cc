// Any message: refused, or a model whose every song can be read. The catalogue it names is made to
// fit, or the fuzzer would never get past it; and what is not given is taken from a whole model.
#include <google/protobuf/stubs/logging.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

#include "tests/support/temp_dir.h"
#include "tests/workers/model_fixture.h"
#include "tests/workers/music_fixture.h"
#include "workers/catalog_builder.h"
#include "workers/model.h"

namespace {

using namespace groove;

const Catalog& catalogue() {
  static const test::TempDir folder;
  static const Catalog catalog = [] {
    CatalogBuilder builder(spotify_v1());
    for (int i = 0; i < 5; ++i) builder.add(test::song(i));
    GROOVE_CHECK(builder.write(folder / "catalog.groove").has_value());
    return Catalog::open(folder / "catalog.groove").value();
  }();
  return catalog;
}

void complete(v1::Model& message) {
  const v1::Model whole = test::model_of(catalogue());
  message.set_catalog_digest(whole.catalog_digest());
  if (message.format() == 0) message.set_format(whole.format());
  if (message.feature_space().empty()) message.set_feature_space(whole.feature_space());
  if (message.features().empty()) *message.mutable_features() = whole.features();
  if (message.vectors().empty()) message.set_vectors(whole.vectors());
  if (message.assignment().empty()) message.set_assignment(whole.assignment());
  if (message.map().empty()) message.set_map(whole.map());
  if (message.background().empty()) message.set_background(whole.background());
  if (message.clusters().empty()) *message.mutable_clusters() = whole.clusters();
}

void read_all(const Model& model) {
  GROOVE_CHECK(model.size() == catalogue().size());
  for (SongIndex song = 0; song < model.size(); ++song) {
    GROOVE_CHECK(model.cluster(song) < model.cluster_count());
    for (const int value : model.vector(song)) GROOVE_CHECK(std::abs(value) <= kVectorMax);
    static_cast<void>(model.map(song));
    static_cast<void>(model.background(song));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  google::protobuf::SetLogHandler(nullptr);  // it would log each damaged text
  v1::Model message;
  if (!message.ParseFromArray(data, static_cast<int>(size))) return 0;
  complete(message);
  if (const auto model = Model::from(std::move(message), catalogue())) read_all(*model);
  return 0;
}
