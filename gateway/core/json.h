// JSON in and out: a strict reader for what strangers send, and a writer for what we answer.
#pragma once

#include <boost/json/value.hpp>
#include <concepts>
#include <string>
#include <string_view>

#include "workers/base/result.h"

namespace groove::gateway {

inline constexpr std::size_t kJsonDepthMax = 16;

// One JSON value and nothing after it. Errors: kInvalid, with what is wrong: not JSON, nested
// deeper than kJsonDepthMax, invalid UTF-8, or a key given twice in one object (readers differ in
// which of the two they believe, which is how checks are slipped past).
Result<boost::json::value> parse_json(std::string_view text);

// Appends JSON text. Objects and arrays are scopes:
//
//   json.object([&] {
//     json.field("id", id);
//     json.array_field("artists", [&] { for (auto a : artists) json.value(a); });
//   });
//
// Text that is not UTF-8 is written with U+FFFD in place of the broken bytes, so that one bad title
// cannot break an answer.
class JsonWriter {
 public:
  template <class Use>
  void object(Use&& use) {
    open('{');
    use();
    close('}');
  }
  template <class Use>
  void array(Use&& use) {
    open('[');
    use();
    close(']');
  }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool yes);
  void value(std::integral auto number) { raw(std::to_string(number)); }
  void null() { raw("null"); }
  void thousandths(std::int64_t number);  // 731 is 0.731
  void raw(std::string_view json);        // one value that is JSON already

  void field(std::string_view name, const auto& content) {
    key(name);
    value(content);
  }
  template <class Use>
  void object_field(std::string_view name, Use&& use) {
    key(name);
    object(use);
  }
  template <class Use>
  void array_field(std::string_view name, Use&& use) {
    key(name);
    array(use);
  }

  std::string take() { return std::move(out_); }

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);

  std::string out_;
  bool first_ = true;  // of its object or array; a key makes its value the first
};

}  // namespace groove::gateway
