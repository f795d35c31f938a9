// Percent-encoding (RFC 3986 2.1) of a value that goes into a query or a form: everything but the
// unreserved characters is escaped, so that no byte of it can be taken for a separator.
#pragma once

#include <string>
#include <string_view>

namespace groove {

std::string percent_encode(std::string_view text);

}  // namespace groove
