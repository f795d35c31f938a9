#include "fetcher/core/xspf.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace groove::fetcher {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
constexpr std::size_t kEntityBytesMax = 10;

void append_entity(std::string& out, std::string_view name) {
  const auto known = std::ranges::find(kEntities, name, &std::pair<std::string_view, char>::first);
  if (known != kEntities.end()) {
    out += known->second;
  } else if (name.starts_with('#')) {
    const bool is_hex = name.starts_with("#x");
    const std::string_view digits = name.substr(is_hex ? 2 : 1);
    std::uint32_t code = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    append_utf8(out, code == 0 ? 0xFFFD : code);
  }
}

std::string unescaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.substr(0, kEntityBytesMax).find(';');
    if (text[0] == '&' && end != text.npos) {
      append_entity(out, text.substr(1, end - 1));
      text.remove_prefix(end + 1);
    } else {
      out += text[0];
      text.remove_prefix(1);
    }
  }
  return out;
}

// What stands at the front of the text: a tag, or text up to the next one.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  struct Tag {
    std::string_view name;  // without its prefix
    bool closes = false;
    bool empty = false;  // <name/>
  };

  // The next tag; nothing at the end. The text before it is added to `text`.
  bool next(Tag& tag, std::string& text) {
    while (true) {
      const std::size_t open = std::min(rest_.find('<'), rest_.size());
      text += unescaped(take(open));
      if (rest_.empty()) return false;
      if (rest_.starts_with("<![CDATA[")) {
        take(9);
        text += take_until("]]>");
      } else if (rest_.starts_with("<!--")) {
        take_until("-->");
      } else if (rest_.starts_with("<?") || rest_.starts_with("<!")) {
        take_until(">");
      } else {
        tag = parse(take_until(">").substr(1));
        return true;
      }
    }
  }

 private:
  static Tag parse(std::string_view inside) {
    Tag tag;
    tag.closes = inside.starts_with('/');
    if (tag.closes) inside.remove_prefix(1);
    tag.empty = inside.ends_with('/');
    tag.name = inside.substr(0, std::min(inside.find_first_of(" \t\r\n/"), inside.size()));
    if (const std::size_t colon = tag.name.find(':'); colon != tag.name.npos)
      tag.name.remove_prefix(colon + 1);
    return tag;
  }

  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // What comes before the mark, which is passed over; all of it when there is no mark.
  std::string_view take_until(std::string_view mark) {
    const std::string_view taken = take(std::min(rest_.find(mark), rest_.size()));
    take(mark.size());
    return taken;
  }

  std::string_view rest_;
};

std::string* field(XspfTrack& track, std::string_view name) {
  if (name == "location") return &track.location;
  if (name == "title") return &track.title;
  return name == "creator" ? &track.creator : nullptr;
}

}  // namespace

void append_utf8(std::string& out, std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

std::vector<XspfTrack> xspf_tracks(std::string_view text, std::size_t tracks_max) {
  std::vector<XspfTrack> tracks;
  XspfTrack track;
  bool in_track = false;
  Reader reader(text);
  Reader::Tag tag;
  std::string inside;
  while (tracks.size() < tracks_max && reader.next(tag, inside)) {
    if (tag.name == "track" && !tag.empty) {
      if (tag.closes && in_track) tracks.push_back(std::move(track));
      track = {};
      in_track = !tag.closes;
    } else if (std::string* const out = field(track, tag.name); out && in_track && tag.closes) {
      if (out->empty()) *out = inside;
    }
    inside.clear();
  }
  return tracks;
}

}  // namespace groove::fetcher
