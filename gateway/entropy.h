// Random bytes from the operating system, for what must not be guessed.
#pragma once

#include <array>
#include <cstdint>

#include "gateway/core/session_rules.h"
#include "workers/base/ids.h"

namespace groove::gateway {

std::array<std::uint8_t, kTokenBytes> random_token_bytes();
EventId random_event_id();  // a UUID of version 4 (RFC 9562)

}  // namespace groove::gateway
