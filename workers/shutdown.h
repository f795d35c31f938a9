// SIGTERM and SIGINT ask a process to stop: no new work, finish the old, leave. A second one
// insists.
#pragma once

namespace groove {

// Call first thing in main. Ignores SIGPIPE too: a peer that went away is an error code, not a
// death.
void watch_for_stop();

bool stop_requested();

}  // namespace groove
