// Lists of strings as Python's repr() and JSON write them: ['A', "B'C", 'D\\'E'].
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace groove::fetcher {

// The strings of the list; nothing when the text is not exactly one. Escapes: \\ \' \" \n \r \t
// (the last three become a blank) \xhh \uhhhh \Uhhhhhhhh, and JSON's pairs of surrogates.
std::optional<std::vector<std::string>> parse_list(std::string_view text);

}  // namespace groove::fetcher
