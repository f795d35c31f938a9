// CRC-32C (Castagnoli; RFC 3720 B.4): finds every burst of up to 32 flipped bits. It guards against
// accidents, not against people; people are the hash chain's business.
#pragma once

#include <cstdint>
#include <string_view>

namespace groove::ledger {

// Continues `crc`: crc32c(b, crc32c(a)) == crc32c(a + b). By the processor's own instruction where
// it has one.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);
// The same by tables, eight bytes a step (Kounavis & Berry 2005), on every processor.
std::uint32_t crc32c_plain(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace groove::ledger
