// What the world can refuse: a value or the reason there is none.
//
// A function that touches input, disk or network returns Result<T>. The caller decides what a
// failure means; nothing is thrown. A broken program is GROOVE_CHECK's business, not this one's.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace groove {

enum class Errc {
  kInvalid,      // the input is wrong: saying it again changes nothing
  kNotFound,     // the thing named is not there
  kBusy,         // a bound is reached: come back later
  kUnavailable,  // a service or file cannot be reached just now: trying again may help
  kCorrupt,      // stored bytes are not what was written
  kConflict,     // somebody else got there first, with something else
};

struct [[nodiscard]] Error {
  Errc code = Errc::kInvalid;
  std::string message;  // a sentence for a person: what is wrong and, where known, what to do
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

inline std::unexpected<Error> fail(Errc code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace groove
