// Dead letters: events that ended their worker again and again. Lists them, and sends them again as
// new events once what broke on them is mended.
#pragma once

#include <iosfwd>
#include <string>

#include "workers/base/result.h"
#include "workers/store.h"

namespace groove::gateway {

// One line a letter: where and why it died, and the name to send it again by. Returns how many
// there are.
Result<std::size_t> list_dead_letters(Store& store, std::ostream& out);

// Accepts the letter of that name ("all": every one) as a new event and takes it off the list. Done
// twice, or interrupted in between, it is still one event. Returns how many were sent. Errors:
// kNotFound (no such letter), kBusy.
Result<std::size_t> send_again(Store& store, const std::string& name);

}  // namespace groove::gateway
