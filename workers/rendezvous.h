// Who owns a partition: the member with the highest hash of (name, partition) (Thaler & Ravishankar
// 1998). All who see the same members agree without talking; one member more or less moves only its
// share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace groove {

std::uint64_t hash_text(std::string_view text);  // FNV-1a, then mix64

// The index of the owner in `names`. Requires: names not empty.
std::size_t owner_of(std::uint32_t partition, std::span<const std::string> names);

}  // namespace groove
