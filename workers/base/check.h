// GROOVE_CHECK(condition): what must hold if the program is right. On in every build; a false
// condition prints where and aborts, because going on would spread the damage.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace groove::detail {
[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}
}  // namespace groove::detail

#define GROOVE_CHECK(condition)       \
  ((condition) ? static_cast<void>(0) \
               : ::groove::detail::check_failed(#condition, __FILE__, __LINE__))
