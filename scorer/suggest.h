// Help for whoever named a song that the catalogue does not have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/catalog.h"

namespace groove::scorer {

// Songs that `text` may have meant, the likeliest first, at most `count`: ids that differ by case
// or a slip of the finger, and titles that do ("yelow" finds "Yellow"), alone or with their artist
// before or after. Reads the whole catalogue.
std::vector<SongIndex> suggest(const Catalog& catalog, std::string_view text, std::size_t count);

// "ID is not in the catalogue. Near to it: ID (Artist – Title), ..."
std::string explain_unknown(const Catalog& catalog, std::string_view text);

}  // namespace groove::scorer
