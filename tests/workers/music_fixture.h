// Songs for small catalogues.
#pragma once

#include <string>

#include "workers/catalog_builder.h"

namespace groove::test {

// A whole song of the spotify-v1 space, told apart by its number.
inline SongRecord song(int number) {
  const float share = static_cast<float>(number % 100) / 100;
  SongRecord record;
  record.id = "song" + std::to_string(10'000 + number);
  record.title = "Title " + std::to_string(number);
  record.artists = {"Artist " + std::to_string(number % 7)};
  record.year = 1950 + number % 70;
  record.duration_ms = 120'000 + static_cast<std::uint32_t>(number);
  record.popularity = static_cast<std::uint8_t>(number % 101);
  record.features = {share,
                     share,
                     share,
                     share,
                     static_cast<float>(number % 12),
                     share,
                     -60 * share,
                     static_cast<float>(number % 2),
                     share,
                     60 + 100 * share,
                     share,
                     static_cast<float>(record.duration_ms)};
  return record;
}

}  // namespace groove::test
