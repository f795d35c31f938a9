// What this machine can do at most: fused multiply-adds of floats a second, on one thread, with
// the widest registers of an instruction set, nothing loaded or stored.
#pragma once

#include <string_view>

namespace groove::bench {

// `set` as Kernels::name. The baseline has no fused one: a multiplication and an addition count.
double fma_peak(std::string_view set);

double processor_seconds();  // of the whole process

}  // namespace groove::bench
