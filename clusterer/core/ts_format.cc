#include "clusterer/core/ts_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>

namespace groove::clusterer {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// What is before the separator; `text` becomes what is after it.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t at = text.find(separator);
  const std::string_view out = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return out;
}

class Parser {
 public:
  Result<TsFile> parse(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      const std::string_view line = trimmed(take(text, '\n'));
      if (line.empty() || line[0] == '#') continue;
      const Status ok = in_data_ ? read_series(line) : read_header(line);
      if (!ok) return std::unexpected(ok.error());
    }
    if (!in_data_) return fail(Errc::kInvalid, "not a .ts file: it has no @data");
    if (out_.series.empty()) return fail(Errc::kInvalid, "the .ts file has no series");
    return std::move(out_);
  }

 private:
  std::unexpected<Error> wrong(std::string_view what) const {
    return fail(Errc::kInvalid, fmt::format("line {}: {}", line_, what));
  }

  Status read_header(std::string_view line) {
    if (line[0] != '@') return wrong("not a header line of a .ts file, which begin with '@'");
    std::string_view rest = line;
    const std::string key = lower(trimmed(take(rest, ' ')));
    const std::string value = lower(trimmed(rest));
    if (key == "@timestamps" && value.starts_with("true"))
      return wrong("series with time stamps are not read");
    if (key == "@classlabel") has_labels_ = value.starts_with("true");
    if (key == "@targetlabel" && value.starts_with("true"))
      return wrong("series with a number to predict are not read; use @classLabel");
    in_data_ = key == "@data";
    return {};
  }

  Status read_series(std::string_view line) {
    std::vector<std::vector<float>> dimensions;
    std::string_view rest = line, part;
    while (!rest.empty()) {
      part = take(rest, ':');
      if (rest.empty() && has_labels_) break;
      dimensions.emplace_back();
      if (const Status ok = read_values(part, dimensions.back()); !ok) return ok;
      if (dimensions.back().size() != dimensions.front().size())
        return wrong("its dimensions have different lengths");
    }
    if (has_labels_) read_label(trimmed(part));
    if (dimensions.empty() || dimensions.front().empty()) return wrong("the series is empty");
    if (!out_.series.empty() && out_.series.front().dims != dimensions.size())
      return wrong(fmt::format("{} dimensions where the first series has {}", dimensions.size(),
                               out_.series.front().dims));
    Series series{dimensions.size(), {}};
    for (std::size_t j = 0; j < dimensions.front().size(); ++j)
      for (const auto& dimension : dimensions) series.values.push_back(dimension[j]);
    out_.series.push_back(std::move(series));
    return {};
  }

  Status read_values(std::string_view text, std::vector<float>& to) const {
    while (!text.empty()) {
      const std::string_view value = trimmed(take(text, ','));
      if (value == "?") return wrong("a value is missing; fill or cut it before");
      double number = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
      if (error != std::errc{} || end != value.data() + value.size() || !std::isfinite(number))
        return wrong(fmt::format("'{}' is not a number", value.substr(0, 40)));
      to.push_back(static_cast<float>(number));
    }
    return {};
  }

  void read_label(std::string_view label) {
    const auto [at, is_new] =
        indexes_.emplace(label, static_cast<std::uint32_t>(out_.classes.size()));
    if (is_new) out_.classes.emplace_back(label);
    out_.labels.push_back(at->second);
  }

  TsFile out_;
  std::map<std::string, std::uint32_t, std::less<>> indexes_;
  std::size_t line_ = 0;
  bool in_data_ = false, has_labels_ = false;
};

}  // namespace

Result<TsFile> read_ts(std::string_view text) { return Parser().parse(text); }

}  // namespace groove::clusterer
