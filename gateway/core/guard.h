// Who may ask at all: the rules every request passes before its route is served.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/core/reply.h"
#include "gateway/core/request.h"

namespace groove::gateway {

// The Host values that are served. Any other is refused, so a page whose name was re-pointed at
// 127.0.0.1 (DNS rebinding) cannot reach a listener's own installation.
class HostList {
 public:
  HostList() = default;  // allows none
  // Loopback by its usual names on `port`, and `names`: with a port of their own only with that,
  // otherwise with `port` or none.
  HostList(std::uint16_t port, std::span<const std::string> names);
  bool allows(std::string_view host) const;

 private:
  std::vector<std::string> hosts_;  // lower case
};

bool is_change(std::string_view method);  // not GET, HEAD

// 403 when the request comes from another site's page: an Origin that is not this host's, or a
// Sec-Fetch-Site that says so. A change must say same-origin or nothing (not a browser). For reads
// "none" is let in too: the address typed by hand.
std::optional<Reply> refuse_origin(const Request& request);

// 415 unless the body's media type is one of `types` and it is not packed (Content-Encoding).
std::optional<Reply> refuse_type(const Request& request, std::span<const std::string_view> types);

// The name an upload is stored under: the last part of `name`, characters other than letters,
// digits and ".-_" made '-', no '.' or '-' in front. Nothing unless it ends as songs' files do.
std::optional<std::string> upload_name(std::string_view name);

}  // namespace groove::gateway
