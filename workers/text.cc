#include "workers/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace groove {
namespace {

// Letters that Unicode does not decompose and that people type without their stroke or ligature.
constexpr std::array<std::pair<utf8proc_int32_t, std::string_view>, 11> kSpelled = {{
    {0x00DF, "ss"},  // ß
    {0x00E6, "ae"},  // æ
    {0x00F0, "d"},   // ð
    {0x00F8, "o"},   // ø
    {0x00FE, "th"},  // þ
    {0x0111, "d"},   // đ
    {0x0127, "h"},   // ħ
    {0x0131, "i"},   // ı
    {0x0142, "l"},   // ł
    {0x0153, "oe"},  // œ
    {0x0167, "t"},   // ŧ
}};

bool is_letter_or_digit(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

// Collects folded letters; a gap becomes one space only when a letter follows it.
class Folded {
 public:
  void gap() { gap_ = true; }
  void letters(std::string_view bytes) {
    if (gap_ && !out_.empty()) out_ += ' ';
    gap_ = false;
    out_ += bytes;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool gap_ = false;
};

void fold_ascii(char c, Folded& out) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
    out.letters({&c, 1});
  else
    out.gap();
}

void fold_plain(utf8proc_int32_t point, Folded& out) {
  if (!is_letter_or_digit(point)) return out.gap();
  const auto spelled = std::ranges::find(kSpelled, point, &std::pair<int, std::string_view>::first);
  if (spelled != kSpelled.end()) return out.letters(spelled->second);
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(point, bytes.data());
  out.letters({reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size)});
}

void fold_point(utf8proc_int32_t point, Folded& out) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                           UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  std::array<utf8proc_int32_t, 32> parts{};  // the longest decomposition, U+FDFA, has 18
  int boundary = 0;
  const auto count =
      utf8proc_decompose_char(point, parts.data(), parts.size(), kOptions, &boundary);
  if (count < 0) return out.gap();
  for (const auto part : std::span(parts).first(static_cast<std::size_t>(count)))
    fold_plain(part, out);
}

// One version word, and where it must stand to tell a version: "Live" within a title may be a verb.
struct VersionWord {
  std::string_view stem;
  enum class Where { kAnywhere, kFirst, kEnds } where = Where::kAnywhere;
};
using enum VersionWord::Where;

// What is another recording – remix, instrumental, karaoke, cover – is not here.
constexpr std::array kVersionWords = {
    VersionWord{"remaster"},     VersionWord{"remastered"},    VersionWord{"remasterizado"},
    VersionWord{"feat"},         VersionWord{"ft", kFirst},    VersionWord{"featuring", kFirst},
    VersionWord{"with", kFirst}, VersionWord{"con", kFirst},   VersionWord{"live", kEnds},
    VersionWord{"vivo", kEnds},  VersionWord{"acoustic"},      VersionWord{"unplugged"},
    VersionWord{"version"},      VersionWord{"edit", kEnds},   VersionWord{"edition"},
    VersionWord{"deluxe"},       VersionWord{"mono"},          VersionWord{"stereo"},
    VersionWord{"demo", kEnds},  VersionWord{"bonus"},         VersionWord{"anniversary"},
    VersionWord{"explicit"},     VersionWord{"single", kEnds}, VersionWord{"rerecorded"},
};

std::vector<std::string_view> words(std::string_view folded) {
  std::vector<std::string_view> out;
  while (!folded.empty()) {
    const std::size_t end = std::min(folded.find(' '), folded.size());
    out.push_back(folded.substr(0, end));
    folded.remove_prefix(std::min(end + 1, folded.size()));
  }
  return out;
}

// Whether an aside ("Live at Leeds", "feat. X", "2011 Remaster") tells a version.
bool tells_version(std::string_view aside) {
  const std::string folded = fold(aside);
  const auto list = words(folded);
  return !list.empty() && std::ranges::any_of(kVersionWords, [&](const VersionWord& word) {
    switch (word.where) {
      case kFirst:
        return list.front() == word.stem;
      case kEnds:
        return list.front() == word.stem || list.back() == word.stem;
      case kAnywhere:
        break;
    }
    return std::ranges::find(list, word.stem) != list.end();
  });
}

void drop_brackets(std::string& title, char open, char close) {
  std::size_t from = 0;
  while ((from = title.find(open, from)) != title.npos) {
    const std::size_t end = title.find(close, from);
    if (end == title.npos) return;
    if (tells_version(std::string_view(title).substr(from + 1, end - from - 1)))
      std::fill_n(title.begin() + static_cast<std::ptrdiff_t>(from), end - from + 1, ' ');
    ++from;
  }
}

void drop_dashes(std::string& title) {
  for (const std::string_view dash : {" - ", " – ", " — "}) {
    std::size_t at;
    while ((at = title.rfind(dash)) != title.npos &&
           tells_version(std::string_view(title).substr(at + dash.size())))
      title.resize(at);
  }
}

}  // namespace

std::string fold(std::string_view text) {
  Folded out;
  for (std::size_t i = 0; i < text.size();) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      fold_ascii(text[i++], out);
      continue;
    }
    utf8proc_int32_t point = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + i),
                                       static_cast<utf8proc_ssize_t>(text.size() - i), &point);
    if (size > 0)
      fold_point(point, out);
    else
      out.gap();
    i += size > 0 ? static_cast<std::size_t>(size) : 1;
  }
  return out.take();
}

std::string fold_title(std::string_view title) {
  std::string plain(title);
  drop_brackets(plain, '(', ')');
  drop_brackets(plain, '[', ']');
  drop_dashes(plain);
  std::string folded = fold(plain);
  return folded.empty() ? fold(title) : folded;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit) return limit + 1;
  // Rows i-2, i-1 and i of the table; column j is the distance of a's first j bytes.
  std::vector<std::size_t> older(a.size() + 1), old(a.size() + 1), row(a.size() + 1);
  for (std::size_t j = 0; j <= a.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= b.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= a.size(); ++j) {
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[j - 1] != b[i - 1])});
      if (i > 1 && j > 1 && a[j - 1] == b[i - 2] && a[j - 2] == b[i - 1])
        row[j] = std::min(row[j], older[j - 2] + 1);
    }
    // A later row can undercut this one only through a swap from the row before it.
    if (std::min(*std::ranges::min_element(row), *std::ranges::min_element(old)) > limit)
      return limit + 1;
    std::swap(older, old);
    std::swap(old, row);
  }
  return std::min(old[a.size()], limit + 1);
}

}  // namespace groove
