// Songs that a file of songs lists and a music folder holds as well: in the catalogue they stand
// once, as the song of the folder, for that one can be played, and its id is the file's.
//
// A row is the song of a file when
//   * its id is the song's (a MusicBrainz recording), or
//   * both have the same ISRC and their durations differ by less than a tenth, or
//   * their titles (but for "- Remastered 2011" and the like) and one artist are the same without
//     case and accents (workers/text.h), and their durations differ by 3 s at most.
#pragma once

#include <cstddef>
#include <vector>

#include "fetcher/core/song_row.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {

// Takes the rows out of `rows` that are one of `songs`, and completes these: a row's features take
// the place of our estimates, for they compare with those of all other rows, and it fills in what
// the file's tags lack (album, ISRC, year, popularity, explicit). Of several rows of a song the
// first gives the features. Title, artists, series and vector stay the file's. Returns how many
// rows were taken out. The order of the others stays.
std::size_t join_same_songs(std::vector<SongRow>& rows, std::vector<SongRecord>& songs);

}  // namespace groove::fetcher
