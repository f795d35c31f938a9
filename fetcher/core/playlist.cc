#include "fetcher/core/playlist.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

#include "fetcher/core/xspf.h"
#include "workers/base/utf8.h"

namespace groove::fetcher {
namespace {

using Entries = std::vector<PlaylistEntry>;

// Of Windows-1252, what differs from Latin-1: 0x80 to 0x9f.
constexpr std::array<char16_t, 32> kWindows = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

std::string as_utf8(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (valid_utf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(out, byte >= 0x80 && byte < 0xA0 ? kWindows[byte - 0x80] : byte);
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text.remove_suffix(text.size() - std::min(text.find_last_not_of(kBlanks) + 1, text.size()));
  return text;
}

template <class Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) use(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// "Artist - Title", as players write it in one field.
void name(PlaylistEntry& entry, std::string_view text) {
  const std::size_t dash = text.find(" - ");
  if (dash != text.npos) entry.artist = trimmed(text.substr(0, dash));
  entry.title = trimmed(dash == text.npos ? text : text.substr(dash + 3));
}

void add(Entries& entries, PlaylistEntry entry) {
  if (entries.size() < kPlaylistEntriesMax) entries.push_back(std::move(entry));
}

Entries parse_m3u(std::string_view text) {
  constexpr std::string_view kInfo = "#EXTINF:";
  Entries entries;
  PlaylistEntry entry;
  each_line(text, [&](std::string_view line) {
    if (line.starts_with(kInfo)) {
      const std::size_t comma = line.find(',');
      if (comma != line.npos) name(entry, line.substr(comma + 1));
    } else if (!line.starts_with('#')) {
      entry.location = line;
      add(entries, std::exchange(entry, {}));
    }
  });
  return entries;
}

Entries parse_pls(std::string_view text) {
  std::map<unsigned, PlaylistEntry> by_number;
  each_line(text, [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::size_t digits = std::min(line.find_first_of("0123456789"), line.size());
    if (equals == line.npos || digits >= equals || equals - digits > 6) return;
    unsigned number = 0;
    for (const char c : line.substr(digits, equals - digits)) {
      if (c < '0' || c > '9') return;
      number = number * 10 + static_cast<unsigned>(c - '0');
    }
    if (by_number.size() >= kPlaylistEntriesMax && !by_number.contains(number)) return;
    const std::string_view key = line.substr(0, digits), value = trimmed(line.substr(equals + 1));
    if (key == "File") by_number[number].location = value;
    if (key == "Title") name(by_number[number], value);
  });
  Entries entries;
  for (auto& [number, entry] : by_number)
    if (!entry.location.empty()) add(entries, std::move(entry));
  return entries;
}

std::string text_at(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  // A location may be a list of places where the song is; the first is meant most.
  if (value != nullptr && value->is_array() && !value->get_array().empty())
    value = &value->get_array().front();
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string());
}

Entries parse_jspf(std::string_view text) {
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object()) return {};
  const boost::json::value* list = value.get_object().if_contains("playlist");
  if (list == nullptr || !list->is_object()) return {};
  const boost::json::value* tracks = list->get_object().if_contains("track");
  if (tracks == nullptr || !tracks->is_array()) return {};
  Entries entries;
  for (const boost::json::value& track : tracks->get_array())
    if (track.is_object())
      add(entries, {text_at(track.get_object(), "location"), text_at(track.get_object(), "title"),
                    text_at(track.get_object(), "creator")});
  return entries;
}

Entries parse_xspf(std::string_view text) {
  Entries entries;
  for (const XspfTrack& track : xspf_tracks(text, kPlaylistEntriesMax))
    add(entries, {std::string(trimmed(track.location)), std::string(trimmed(track.title)),
                  std::string(trimmed(track.creator))});
  return entries;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

bool is_drive(std::string_view path) {
  const char c = path.empty() ? ' ' : static_cast<char>(path[0] | 0x20);
  return path.size() > 1 && c >= 'a' && c <= 'z' && path[1] == ':';
}

}  // namespace

std::optional<Entries> parse_playlist(std::string_view name, std::string_view text) {
  std::string ending(name.substr(std::min(name.rfind('.'), name.size())));
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  });
  const std::string whole = as_utf8(text.substr(0, kPlaylistBytesMax));
  if (ending == ".m3u" || ending == ".m3u8") return parse_m3u(whole);
  if (ending == ".pls") return parse_pls(whole);
  if (ending == ".xspf") return parse_xspf(whole);
  if (ending == ".jspf") return parse_jspf(whole);
  return std::nullopt;
}

std::optional<std::string> local_path(std::string_view location) {
  constexpr std::string_view kFile = "file:";
  std::string path;
  if (location.starts_with(kFile)) {
    location.remove_prefix(kFile.size());
    if (location.starts_with("//"))
      location.remove_prefix(std::min(location.find('/', 2), location.size()));
    path = percent_decoded(location);
    if (path.starts_with('/') && is_drive(std::string_view(path).substr(1))) path.erase(0, 1);
  } else if (location.find("://") != location.npos) {
    return std::nullopt;
  } else {
    path = location;
  }
  if (is_drive(path)) path.erase(0, 2);
  std::ranges::replace(path, '\\', '/');
  if (path.empty() || path.find('\0') != path.npos) return std::nullopt;
  return path;
}

}  // namespace groove::fetcher
