// One good row by column, for tests that change what they are about.
#pragma once

#include <map>
#include <string>

#include "fetcher/core/song_row.h"

namespace groove::fetcher::test {

using Columns = std::map<std::string, std::string>;

inline Columns good_row() {
  return {{"id", "3AJwUDP919kvQ9QcozQPxg"},
          {"name", "Yellow"},
          {"artists", "['Coldplay']"},
          {"acousticness", "0.00239"},
          {"danceability", "0.429"},
          {"energy", "0.661"},
          {"instrumentalness", "1.2e-05"},
          {"key", "11"},
          {"liveness", "0.234"},
          {"loudness", "-7.227"},
          {"mode", "1"},
          {"speechiness", "0.0281"},
          {"tempo", "173.372"},
          {"valence", "0.285"},
          {"duration_ms", "266773"},
          {"popularity", "84"},
          {"explicit", "0"},
          {"release_date", "2000-07-10"}};
}

inline Result<SongRow> convert(const Columns& columns) {
  std::vector<std::string_view> header, fields;
  for (const auto& [name, value] : columns) {
    header.push_back(name);
    fields.push_back(value);
  }
  return Layout::recognise(header).value().song(fields);
}

// The good row with one column set.
inline Result<SongRow> with(const std::string& column, const std::string& value) {
  Columns columns = good_row();
  columns[column] = value;
  return convert(columns);
}

}  // namespace groove::fetcher::test
