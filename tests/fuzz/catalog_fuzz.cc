// Any bytes: refused, or a catalogue whose every song can be read. The digest is made to fit, or
// the fuzzer would never get past it.
#include <cmath>
#include <cstdint>

#include "tests/support/memory_file.h"
#include "workers/base/bytes.h"
#include "workers/base/sha256.h"
#include "workers/catalog.h"
#include "workers/catalog_layout.h"

namespace {

using namespace groove;

std::string sealed(std::string_view body) {
  std::string bytes(catalog_layout::kMagic);
  bytes += as_bytes(sha256(body));
  append_le(bytes, std::uint64_t{body.size()});
  return bytes.append(body);
}

void read_all(const Catalog& catalog) {
  for (SongIndex song = 0; song < catalog.size(); ++song) {
    GROOVE_CHECK(catalog.find(catalog.id(song)) == song);
    GROOVE_CHECK(!describe(catalog, song).empty());
    GROOVE_CHECK(catalog.popularity(song) <= 100);
    for (const float heard : catalog.series(song)) GROOVE_CHECK(std::isfinite(heard));
    for (std::size_t i = 0; i < catalog.space().features.size(); ++i) {
      const Feature& feature = catalog.space().features[i];
      const float value = catalog.feature(song, i);
      GROOVE_CHECK(feature.low <= value && value <= feature.high);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const test::MemoryFile file(sealed({reinterpret_cast<const char*>(data), size}));
  if (const auto catalog = Catalog::open(file.path())) read_all(*catalog);
  return 0;
}
