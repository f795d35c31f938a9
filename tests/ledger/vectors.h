// Reads the golden vectors: tab-separated, `#` lines are comments, bytes in hex.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "workers/base/ids.h"

namespace groove::ledger {

using Row = std::vector<std::string>;

// The small excerpts of this tree, and the full files where they are present.
inline std::vector<std::filesystem::path> vector_folders() {
  std::vector<std::filesystem::path> folders = {"tests/golden/ledger"};
  const char* given = std::getenv("GROOVE_SHARED");
  const auto full = std::filesystem::path(given ? given : "../shared") / "formats/vectors";
  if (std::filesystem::exists(full / "leavesA.tsv")) folders.push_back(full);
  return folders;
}

inline std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts(1);
  for (char c : line) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

inline std::vector<Row> read_rows(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<Row> rows;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line[0] != '#') rows.push_back(split(line, '\t'));
  return rows;
}

// Empty when there is no such file.
inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

inline Digest digest(const std::string& hex) { return parse_digest(hex).value(); }

inline std::vector<Digest> digests(const std::string& list) {
  std::vector<Digest> out;
  if (list == "-") return out;
  for (const auto& hex : split(list, ',')) out.push_back(digest(hex));
  return out;
}

}  // namespace groove::ledger
