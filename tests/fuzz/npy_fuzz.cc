// Any bytes: refused, or series that can be clustered, written and read again.
#include <cstdint>
#include <string_view>

#include "clusterer/core/npy.h"
#include "workers/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove::clusterer;
  const auto array = read_npy({reinterpret_cast<const char*>(data), size});
  if (!array) return 0;
  const auto series = series_of(*array);
  if (!series) return 0;
  static_cast<void>(SeriesSet::from(*series));
  const std::string written = npy_of(*series);
  const auto again = read_npy(written);
  GROOVE_CHECK(again.has_value());
  GROOVE_CHECK(series_of(*again) == *series);
  return 0;
}
