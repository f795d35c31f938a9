// Text as people search it: folded so that case, accents, width and ligatures do not matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace groove {

// Compatibility decomposition, marks removed, case folded (Unicode TR 15 and TR 21, by utf8proc),
// the letters that do not decompose spelled out (ø o, ł l, đ ð d, ħ h, ŧ t, ı i, æ ae, œ oe, þ th,
// ß ss), every run
// of anything but letters and digits one space, none at the ends. Invalid UTF-8 counts as a
// separator. Letters and digits of every script stay: "Beyoncé – Déjà Vu!" is "beyonce deja vu".
std::string fold(std::string_view text);

// A title without what tells versions of one recording apart, folded: "- Remastered 2011", "(Live
// at ...)",
// "[feat. X]", "- Radio Edit", "(Deluxe)" are dropped; a title that is nothing else stays whole.
std::string fold_title(std::string_view title);

// How far two folded texts are apart: Damerau-Levenshtein distance (optimal string alignment), in
// bytes. Stops at `limit` and returns limit + 1. O(|a| * |b|).
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

}  // namespace groove
