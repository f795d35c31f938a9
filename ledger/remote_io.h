// A published ledger at an address, as the files that it is: reads only.
#pragma once

#include <memory>

#include "ledger/http.h"
#include "ledger/io.h"

namespace groove::ledger {

// Paths are addresses. What is not there (404) is kNotFound; folders cannot be listed; nothing can
// be written. `exchange` is called for each file that is opened.
std::unique_ptr<Io> remote_io(Exchange exchange);

}  // namespace groove::ledger
