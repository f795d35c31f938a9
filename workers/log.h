// One-line logs on stderr, the supervisor keeps them: time, level, process, text.
#pragma once

#include <string>

namespace groove {

// Call first thing in main. GROOVE_LOG=debug|info|warn|error chooses what is written.
void start_log(const std::string& process);

}  // namespace groove
