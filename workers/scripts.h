// The hand-off's Lua scripts (workers/lua/*.lua), compiled into the binary.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace groove {

struct Script {
  std::string_view name;
  std::string_view text;
  std::string sha1;  // hex, what EVALSHA wants
};

std::span<const Script> scripts();

// Requires: `name` is one of scripts().
const Script& script(std::string_view name);

std::string sha1_hex(std::string_view bytes);

}  // namespace groove
