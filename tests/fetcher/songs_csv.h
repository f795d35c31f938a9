// Files of songs as text, in the layout of tracks.csv.
#pragma once

#include <string>

namespace groove::fetcher::test {

inline constexpr const char* kHeader =
    "id,name,popularity,duration_ms,explicit,artists,id_artists,release_date,danceability,energy,"
    "key,"
    "loudness,mode,speechiness,acousticness,instrumentalness,liveness,valence,tempo,"
    "time_signature\n";

inline std::string line(int number, const std::string& title = "Title") {
  const std::string share = "0." + std::to_string(100 + number % 900);
  return "id" + std::to_string(number) + ',' + title + ',' + std::to_string(number % 100) +
         ",200000,0,\"['A" + std::to_string(number % 50) + "', 'B']\",['x'],1999-01-01," + share +
         ',' + share + ',' + std::to_string(number % 12) + ",-9.5,1,0.1,0.2,0.3,0.4,0.5,120.5,4\n";
}

inline std::string songs(int from, int to) {
  std::string text = kHeader;
  for (int i = from; i < to; ++i) text += line(i);
  return text;
}

}  // namespace groove::fetcher::test
