// The .ts files of the UCR/UEA archive (Bagnall et al., "The UEA multivariate time series
// classification archive", 2018): header lines that begin with '@', then one series a line, its
// dimensions separated by ':', values by ',', the class last where @classLabel says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clusterer/core/series.h"
#include "workers/base/result.h"

namespace groove::clusterer {

struct TsFile {
  std::vector<Series> series;
  std::vector<std::uint32_t> labels;  // indexes into classes; empty when there are none
  std::vector<std::string> classes;   // in the order they come up
};

// Errors: kInvalid, naming the line (no @data; no series; dimensions of different length or number;
// a missing or infinite value; time stamps, which are not read).
Result<TsFile> read_ts(std::string_view text);

}  // namespace groove::clusterer
