#include "fetcher/core/song_tags.h"

#include <algorithm>
#include <cctype>

#include "workers/base/utf8.h"

namespace groove::fetcher {
namespace {

constexpr std::size_t kTextBytesMax = 500, kNamesMax = 20;
constexpr std::size_t kIsrcSize = 12, kUuidSize = 36;
constexpr std::string_view kBetween = " - ";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view text) {
  const auto first = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(first);
  text.remove_suffix(text.size() - std::min(text.find_last_not_of(' ') + 1, text.size()));
  return text;
}

// Not within a character.
std::string_view cut(std::string_view text) {
  if (text.size() <= kTextBytesMax) return text;
  std::size_t end = kTextBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string clean(std::string_view text) {
  std::string out = mended_utf8(text);
  // The separator of artists in a catalogue is one of the control characters.
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return std::string(trimmed(cut(trimmed(out))));
}

std::vector<std::string> clean_names(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    std::string_view rest = name;
    while (!rest.empty() && out.size() < kNamesMax) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string one = clean(rest.substr(0, end));
      if (!one.empty() && std::ranges::find(out, one) == out.end()) out.push_back(std::move(one));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return out;
}

std::string clean_isrc(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '-' && c != ' ') out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto fits = [&](std::size_t from, std::size_t to, auto is) {
    return std::all_of(out.begin() + static_cast<std::ptrdiff_t>(from),
                       out.begin() + static_cast<std::ptrdiff_t>(to), is);
  };
  const bool sound = out.size() == kIsrcSize && fits(0, 2, is_letter) &&
                     fits(2, 5, [](char c) { return is_letter(c) || is_digit(c); }) &&
                     fits(5, kIsrcSize, is_digit);
  return sound ? out : std::string();
}

std::string clean_uuid(std::string_view text) {
  std::string out(trimmed(text));
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (out.size() != kUuidSize) return {};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? out[i] != '-'
             : std::string_view("0123456789abcdef").find(out[i]) == std::string_view::npos)
      return {};
  }
  return out;
}

std::string_view stem_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == 0 || dot == name.npos ? name : name.substr(0, dot);
}

// "01 - ", "03. ", "1-07_", "02 ": what numbers a track. A bare number that does not begin with a
// zero is part of the name ("99 Luftballons").
std::string_view without_track_number(std::string_view name) {
  std::size_t at = 0;
  while (at < name.size() && (is_digit(name[at]) || (at > 0 && name[at] == '-'))) ++at;
  if (at == 0 || at > 5 || at == name.size()) return name;
  const std::string_view rest = name.substr(at);
  const bool marked = rest.starts_with(kBetween) || rest[0] == '.' || rest[0] == '_' ||
                      rest[0] == ')' || name[at - 1] == '-';
  if (!marked && !(name[0] == '0' && rest[0] == ' ')) return name;
  const std::size_t begin = rest.find_first_not_of(" .-_)");
  return begin == rest.npos ? name : rest.substr(begin);
}

std::vector<std::string_view> split(std::string_view text, std::string_view by) {
  std::vector<std::string_view> parts;
  for (std::size_t at; (at = text.find(by)) != text.npos; text.remove_prefix(at + by.size()))
    parts.push_back(text.substr(0, at));
  parts.push_back(text);
  return parts;
}

}  // namespace

SongTags cleaned(SongTags tags) {
  tags.title = clean(tags.title);
  tags.artists = clean_names(tags.artists);
  tags.album = clean(tags.album);
  if (tags.year < 1000 || tags.year > 2999) tags.year = 0;
  tags.genres = clean_names(tags.genres);
  tags.isrc = clean_isrc(tags.isrc);
  tags.recording_id = clean_uuid(tags.recording_id);
  tags.track_id = clean_uuid(tags.track_id);
  return tags;
}

void fill_from_path(SongTags& tags, std::string_view path) {
  const std::string whole =
      clean(path.size() > kTextBytesMax ? path.substr(path.rfind('/') + 1) : path);
  const std::vector<std::string_view> folders = split(whole, "/");
  std::string name(without_track_number(stem_of(folders.back())));
  if (name.find(' ') == name.npos) std::ranges::replace(name, '_', ' ');
  const std::vector<std::string_view> parts = split(name, kBetween);
  const bool in_album = folders.size() >= 3;  // artist, album, song
  if (tags.artists.empty() && parts.size() > 1)
    tags.artists = clean_names({std::string(parts.front())});
  if (tags.artists.empty() && in_album)
    tags.artists = clean_names({std::string(folders[folders.size() - 3])});
  if (tags.album.empty() && in_album) tags.album = clean(folders[folders.size() - 2]);
  if (tags.title.empty()) tags.title = clean(without_track_number(trimmed(parts.back())));
  if (tags.title.empty()) tags.title = clean(folders.back());
  if (tags.title.empty()) tags.title.push_back('?');
}

}  // namespace groove::fetcher
