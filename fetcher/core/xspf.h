// The tracks of an XSPF playlist: as much of XML as that takes. Namespaces' prefixes, attributes,
// comments and unknown elements are passed over; nothing is ever looked up outside the text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace groove::fetcher {

struct XspfTrack {
  std::string location, title, creator;  // the first of each
};

// Of a text that is no XML, or is broken off, what could be read before.
std::vector<XspfTrack> xspf_tracks(std::string_view text, std::size_t tracks_max);

// `code` beyond Unicode becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code);

}  // namespace groove::fetcher
