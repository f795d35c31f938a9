// Any bytes: refused, or a catalogue whose every song can be read. The digest is made to fit, or
// the fuzzer would never get past it.
#include <cstdint>

#include "tests/support/temp_dir.h"
#include "workers/base/bytes.h"
#include "workers/base/sha256.h"
#include "workers/catalog.h"
#include "workers/catalog_layout.h"
#include "workers/durable_file.h"

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
    for (std::size_t i = 0; i < catalog.space().features.size(); ++i) {
      const Feature& feature = catalog.space().features[i];
      const float value = catalog.feature(song, i);
      GROOVE_CHECK(feature.low <= value && value <= feature.high);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::TempDir folder;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto file = folder / "catalog";
  // A plain write: an fsync for each input would be most of the time.
  std::FILE* out = std::fopen(file.c_str(), "wb");
  GROOVE_CHECK(out != nullptr);
  const std::string bytes = sealed(input);
  GROOVE_CHECK(std::fwrite(bytes.data(), 1, bytes.size(), out) == bytes.size());
  GROOVE_CHECK(std::fclose(out) == 0);
  if (const auto catalog = Catalog::open(file)) read_all(*catalog);
  return 0;
}
