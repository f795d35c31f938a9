#include "fetcher/core/python_list.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace groove::fetcher {
namespace {

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80 | ((point >> shift) & 0x3F));
  };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | point >> 6);
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | point >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

// Reads the grammar  list = '[' [ string { ',' string } [ ',' ] ] ']'  from left to right.
class ListReader {
 public:
  explicit ListReader(std::string_view text) : rest_(text) {}

  std::optional<std::vector<std::string>> list() {
    std::vector<std::string> items;
    if (!take('[')) return std::nullopt;
    while (!take(']')) {
      auto item = string();
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
      if (take(',')) continue;
      if (!take(']')) return std::nullopt;
      break;
    }
    skip_blanks();
    if (!rest_.empty()) return std::nullopt;
    return items;
  }

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<char> next() {
    if (rest_.empty()) return std::nullopt;
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::optional<std::string> string() {
    const bool single = take('\'');
    if (!single && !take('"')) return std::nullopt;
    const char quote = single ? '\'' : '"';
    std::string out;
    while (const auto c = next()) {
      if (*c == quote) return out;
      if (*c != '\\')
        out += *c;
      else if (!escape(out))
        return std::nullopt;
    }
    return std::nullopt;
  }

  // What repr() writes; an escape that is none stands for itself, as in Python.
  bool escape(std::string& out) {
    const auto c = next();
    if (!c) return false;
    switch (*c) {
      case '\\':
      case '\'':
      case '"':
        out += *c;
        return true;
      case 'n':
      case 'r':
      case 't':
        out += ' ';
        return true;
      case 'x':
        return code_point(out, 2);
      case 'u':
        return code_point(out, 4);
      case 'U':
        return code_point(out, 8);
      default:
        out += '\\';
        out += *c;
        return true;
    }
  }

  std::optional<std::uint32_t> hex(std::size_t digits) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      const auto c = next();
      if (!c) return std::nullopt;
      const std::size_t digit =
          std::string_view("0123456789abcdef")
              .find(*c >= 'A' && *c <= 'F' ? static_cast<char>(*c - 'A' + 'a') : *c);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    return value;
  }

  // JSON writes what is beyond U+FFFF as two surrogates.
  bool code_point(std::string& out, std::size_t digits) {
    auto point = hex(digits);
    if (!point) return false;
    if (*point >= 0xD800 && *point < 0xDC00 && rest_.starts_with("\\u")) {
      rest_.remove_prefix(2);
      const auto low = hex(4);
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
      *point = 0x10000 + ((*point - 0xD800) << 10) + (*low - 0xDC00);
    }
    if (*point > 0x10FFFF || (*point >= 0xD800 && *point <= 0xDFFF)) return false;
    append_utf8(out, *point);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<std::vector<std::string>> parse_list(std::string_view text) {
  return ListReader(text).list();
}

}  // namespace groove::fetcher
