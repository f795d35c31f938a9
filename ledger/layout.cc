#include "ledger/layout.h"

#include <charconv>

#include "workers/rendezvous.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameDigits = 20;
constexpr std::string_view kSuffix = ".seg";
constexpr std::string_view kUnfinishedSuffix = ".seg.new";
constexpr std::string_view kLines = "logs/";

// An empty name adds nothing; as a path it would add a slash.
fs::path below(const fs::path& folder, const std::string& name) {
  return name.empty() ? folder : folder / name;
}

fs::path private_folder(const LogPlace& log) { return below(log.ledger / "private", log.name()); }
fs::path line_folder(const LogPlace& log) { return below(log.ledger / "private", log.log.line); }

std::string numbered(std::uint64_t first_index, std::string_view suffix) {
  const std::string digits = std::to_string(first_index);
  return std::string(kNameDigits - digits.size(), '0') + digits + std::string(suffix);
}

}  // namespace

fs::path segment_folder(const LogPlace& log) { return private_folder(log) / "seg"; }
fs::path lock_file(const LogPlace& log) { return line_folder(log) / "LOCK"; }
fs::path public_folder(const LogPlace& log) { return below(log.ledger / "public", log.name()); }
fs::path guard_file(const LogPlace& log) { return private_folder(log) / "guard"; }
fs::path log_key_file(const LogPlace& log) { return private_folder(log) / "log.key"; }
fs::path ask_folder(const LogPlace& log) { return line_folder(log) / "asks"; }
fs::path key_folder(const LogPlace& log) {
  return below(log.ledger.parent_path() / "keys", log.log.line);
}

std::string partition_line(unsigned number) {
  return std::string(kLines) + (number < 10 ? "0" : "") + std::to_string(number);
}

std::vector<std::string> partition_lines(Io& io, const fs::path& ledger) {
  std::vector<std::string> lines;
  const auto names = io.list(ledger / "private" / "logs");
  if (!names) return lines;
  for (const std::string& name : *names)
    if (parse_log_name(std::string(kLines) + name)) lines.push_back(std::string(kLines) + name);
  return lines;
}

std::string line_of(ListenerId listener, const std::vector<std::string>& lines) {
  return lines.empty() ? "" : lines[owner_of(partition_of(listener), lines)];
}

LogPlace newest_log(Io& io, const LogPlace& of_line) {
  LogPlace log = of_line;
  log.log.generation = 1;
  while (list_segments(io, log.next())) log = log.next();
  return log;
}

std::string segment_name(std::uint64_t first_index) { return numbered(first_index, kSuffix); }
std::string unfinished_name(std::uint64_t first_index) {
  return numbered(first_index, kUnfinishedSuffix);
}

std::optional<std::uint64_t> parse_segment_name(std::string_view name) {
  if (name.size() != kNameDigits + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  std::uint64_t index = 0;
  const char* end = name.data() + kNameDigits;
  const auto read = std::from_chars(name.data(), end, index);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return index;
}

Result<std::vector<std::string>> list_segments(Io& io, const LogPlace& log) {
  auto names = io.list(segment_folder(log));
  if (!names && names.error().code != Errc::kNotFound) return names;
  if (names) std::erase_if(*names, [](const auto& name) { return !parse_segment_name(name); });
  if (!names || names->empty())
    return fail(Errc::kNotFound, "there is no ledger in " + log.ledger.string());
  return names;
}

Result<std::string> read_whole(Io& io, const fs::path& path) {
  auto file = io.open(path, Io::Mode::kRead);
  if (!file) return std::unexpected(file.error());
  auto size = (*file)->size();
  if (!size) return std::unexpected(size.error());
  return (*file)->read(0, *size);
}

Status replace_whole(Io& io, const fs::path& file, std::string_view bytes) {
  fs::path beside = file;
  beside += ".new";
  auto written = io.open(beside, Io::Mode::kCreate);
  if (!written) return std::unexpected(written.error());
  Status ok = (*written)->write(0, bytes);
  if (ok) ok = (*written)->sync();
  if (ok) ok = io.rename(beside, file);
  if (ok) ok = io.sync_folder(file.parent_path());
  return ok;
}

Status remove_unfinished(Io& io, const LogPlace& log) {
  const fs::path folder = segment_folder(log);
  auto names = io.list(folder);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names)
    if (name.ends_with(kUnfinishedSuffix))
      if (auto ok = io.remove(folder / name); !ok) return ok;
  return {};
}

}  // namespace groove::ledger
