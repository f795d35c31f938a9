// What the command line says to the world: published ledgers, witnesses, calendars.
#pragma once

#include <functional>
#include <string>

#include "workers/base/result.h"

namespace groove::ledger {

struct HttpReply {
  int status = 0;
  std::string type, body;
};

// GET when `body` is nullptr, else POST. Errors: kInvalid (not such a URL), kUnavailable (no
// connection, no answer in time, an answer of over 64 MB).
using Exchange = std::function<Result<HttpReply>(const std::string& url, const std::string* body)>;
Result<HttpReply> exchange(const std::string& url, const std::string* body);

}  // namespace groove::ledger
