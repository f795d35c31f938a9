#include <cstdlib>
#include <string_view>

#include "clusterer/core/kernels.h"
#include "workers/base/check.h"

namespace groove::clusterer {

namespace baseline {
extern const Kernels kTable;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Kernels kTable;
}
namespace avx512 {
extern const Kernels kTable;
}
#endif

std::vector<const Kernels*> all_kernels() {
  std::vector<const Kernels*> out = {&baseline::kTable};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) out.push_back(&avx2::kTable);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    out.push_back(&avx512::kTable);
#endif
  return out;
}

const Kernels& kernels() {
  static const Kernels& chosen = [&]() -> const Kernels& {
    const auto available = all_kernels();
    const char* wanted = std::getenv("GROOVE_ISA");
    if (wanted == nullptr) return *available.back();
    for (const Kernels* kernels : available)
      if (std::string_view(wanted) == kernels->name) return *kernels;
    GROOVE_CHECK(false && "GROOVE_ISA names what this machine has: baseline, avx2, avx512");
    return *available.front();
  }();
  return chosen;
}

}  // namespace groove::clusterer
