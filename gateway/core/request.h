// An HTTP request as a plain value: what was asked, without the socket it came by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace groove::gateway {

struct Field {
  std::string name;
  std::string value;
};

struct Request {
  std::string method;
  std::string path;            // as sent, before the '?'
  std::vector<Field> query;    // decoded, in order
  std::vector<Field> headers;  // as sent, in order
  std::string body;

  // The first header of that name, whatever its case; empty when there is none.
  std::string_view header(std::string_view name) const;
  std::size_t header_count(std::string_view name) const;
  std::optional<std::string> parameter(std::string_view name) const;
  // The one cookie of that name. Nothing when it comes twice: a sibling site may have set the other
  // one, and which of them is ours cannot be told.
  std::optional<std::string> cookie(std::string_view name) const;
};

// Nothing when the target is not origin-form (RFC 9112 3.2.1: "/path?query"), has a byte that is
// not printable ASCII, or a broken percent escape in its query.
std::optional<Request> make_request(std::string method, std::string_view target,
                                    std::vector<Field> headers);

// Nothing on a broken escape or an escaped NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

bool same_ignoring_case(std::string_view a, std::string_view b);
std::string_view trimmed(std::string_view text);  // without spaces and tabs at the ends

}  // namespace groove::gateway
