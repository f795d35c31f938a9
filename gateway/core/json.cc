#include "gateway/core/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <set>
#include <vector>

#include "gateway/core/utf8.h"

namespace groove::gateway {
namespace {

namespace bj = boost::json;

// Sees a document go by and keeps the keys of the objects that are open.
struct KeyWatch {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using error = boost::system::error_code;

  std::vector<std::set<std::string, std::less<>>> open;
  std::string key;
  std::string twice;

  bool on_document_begin(error&) { return true; }
  bool on_document_end(error&) { return true; }
  bool on_object_begin(error&) { return open.emplace_back(), true; }
  bool on_object_end(std::size_t, error&) { return open.pop_back(), true; }
  bool on_array_begin(error&) { return true; }
  bool on_array_end(std::size_t, error&) { return true; }
  bool on_key_part(bj::string_view part, std::size_t, error&) { return key.append(part), true; }
  bool on_key(bj::string_view part, std::size_t, error& ec) {
    key.append(part);
    if (!open.back().insert(key).second) {
      twice = key;
      ec = bj::error::syntax;
    }
    key.clear();
    return !ec;
  }
  bool on_string_part(bj::string_view, std::size_t, error&) { return true; }
  bool on_string(bj::string_view, std::size_t, error&) { return true; }
  bool on_number_part(bj::string_view, error&) { return true; }
  bool on_int64(std::int64_t, bj::string_view, error&) { return true; }
  bool on_uint64(std::uint64_t, bj::string_view, error&) { return true; }
  bool on_double(double, bj::string_view, error&) { return true; }
  bool on_bool(bool, error&) { return true; }
  bool on_null(error&) { return true; }
  bool on_comment_part(bj::string_view, error&) { return true; }
  bool on_comment(bj::string_view, error&) { return true; }
};

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  if (static_cast<unsigned char>(c) >= 0x20) {
    out += c;
  } else {
    out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
}

}  // namespace

Result<bj::value> parse_json(std::string_view text) {
  bj::parse_options options;
  options.max_depth = kJsonDepthMax;
  boost::system::error_code error;
  bj::value value = bj::parse({text.data(), text.size()}, error, {}, options);
  if (error == bj::error::too_deep)
    return fail(Errc::kInvalid, "The JSON is nested more than 16 deep.");
  if (error) return fail(Errc::kInvalid, "The body is not JSON: " + error.message() + ".");
  bj::basic_parser<KeyWatch> watch(options);
  watch.write_some(false, text.data(), text.size(), error);
  if (error) {
    return fail(Errc::kInvalid, "The JSON has the key \"" + watch.handler().twice +
                                    "\" twice in one object; give it once.");
  }
  return value;
}

void JsonWriter::separate() {
  if (!first_) out_ += ',';
  first_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::key(std::string_view name) {
  value(name);
  out_ += ':';
  first_ = true;
}

void JsonWriter::value(std::string_view text) {
  separate();
  out_ += '"';
  while (!text.empty()) {
    const std::size_t length = first_utf8(text).size;
    if (length == 1) {
      append_escaped(out_, text[0]);
    } else if (length == 0) {
      out_ += "\xef\xbf\xbd";
    } else {
      out_.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out_ += '"';
}

void JsonWriter::value(bool yes) { raw(yes ? "true" : "false"); }

void JsonWriter::raw(std::string_view json) {
  separate();
  out_.append(json);
}

void JsonWriter::thousandths(std::int64_t number) {
  const std::uint64_t size =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  std::string text = number < 0 ? "-" : "";
  const std::string rest = std::to_string(1000 + size % 1000).substr(1);
  raw(text.append(std::to_string(size / 1000)).append(".").append(rest));
}

}  // namespace groove::gateway
