// Any text: refused, or series with a class each or none at all.
#include <cstdint>
#include <string_view>

#include "clusterer/core/ts_format.h"
#include "workers/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove::clusterer;
  const auto file = read_ts({reinterpret_cast<const char*>(data), size});
  if (!file) return 0;
  GROOVE_CHECK(file->labels.empty() || file->labels.size() == file->series.size());
  static_cast<void>(SeriesSet::from(file->series));
  return 0;
}
