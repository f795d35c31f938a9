// Integers to bytes and back, in a stated order, whatever the machine's own.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include "workers/base/check.h"

namespace groove {

template <std::unsigned_integral T>
void append_be(std::string& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) out += static_cast<char>(value >> (8 * i));
}

template <std::unsigned_integral T>
void append_le(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(value >> (8 * i));
}

// Requires: at + sizeof(T) <= bytes.size().
template <std::unsigned_integral T>
T read_be(std::string_view bytes, std::size_t at) {
  GROOVE_CHECK(at + sizeof(T) <= bytes.size());
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[at + i]));
  return value;
}

template <std::unsigned_integral T>
T read_le(std::string_view bytes, std::size_t at) {
  GROOVE_CHECK(at + sizeof(T) <= bytes.size());
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;)
    value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes[at + i]));
  return value;
}

}  // namespace groove
