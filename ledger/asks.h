// How a command has the running worker do what only the ledger's writer may: it leaves a file in
// private/asks and waits for the answer beside it. The worker looks a few times a second. An ask
// outlives a worker that dies; the next one answers it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include "ledger/io.h"
#include "ledger/layout.h"
#include "workers/base/result.h"

namespace groove::ledger {

// The command's side. `name`: letters, digits and dashes; the same name asked twice at once is one
// ask. Errors: kUnavailable (no answer in time; the ask stays).
Result<std::string> ask_worker(Io& io, const LogPlace& log, const std::string& name,
                               const std::string& body, std::chrono::seconds patience);

// The worker's side: answers all that wait. Errors: kUnavailable.
using Answer = std::function<std::string(const std::string& name, const std::string& body)>;
Status answer_asks(Io& io, const LogPlace& log, const Answer& answer);

}  // namespace groove::ledger
