// What an import did, for people and for programs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workers/base/ids.h"

namespace groove::fetcher {

struct TextReport {
  std::string name;    // the file's, or "data.zip/songs.csv"
  std::string layout;  // as Layout::name says
  std::uint64_t rows = 0, songs_new = 0, merged = 0, bad = 0;
};

struct BadRow {
  std::string name;
  std::uint64_t line = 0;
  std::string reason;
};

struct ImportReport {
  std::vector<TextReport> texts;
  std::uint64_t songs = 0;
  std::uint64_t rows = 0;    // read, without headers: songs_new + merged + bad
  std::uint64_t merged = 0;  // of an id that was there before
  std::uint64_t heard = 0;   // rows' songs that are in the music folders, and stand as those
  std::uint64_t bad = 0;
  std::vector<BadRow> first_bad;  // at most limits::kBadRowsTold
  Digest digest;
  double seconds = 0;
};

std::string to_text(const ImportReport& report, const std::string& catalog);
std::string to_json(const ImportReport& report, const std::string& catalog);

}  // namespace groove::fetcher
