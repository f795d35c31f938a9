#include "ledger/layout.h"

#include <charconv>

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameDigits = 20;
constexpr std::string_view kSuffix = ".seg";
constexpr std::string_view kUnfinishedSuffix = ".seg.new";

std::string numbered(std::uint64_t first_index, std::string_view suffix) {
  const std::string digits = std::to_string(first_index);
  return std::string(kNameDigits - digits.size(), '0') + digits + std::string(suffix);
}

}  // namespace

fs::path segment_folder(const fs::path& ledger) { return ledger / "private" / "seg"; }
fs::path lock_file(const fs::path& ledger) { return ledger / "private" / "LOCK"; }
fs::path public_folder(const fs::path& ledger) { return ledger / "public"; }
fs::path guard_file(const fs::path& ledger) { return ledger / "private" / "guard"; }
fs::path log_key_file(const fs::path& ledger) { return ledger / "private" / "log.key"; }
fs::path ask_folder(const fs::path& ledger) { return ledger / "private" / "asks"; }
fs::path key_folder(const fs::path& ledger) { return ledger.parent_path() / "keys"; }

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

Result<std::vector<std::string>> list_segments(Io& io, const fs::path& ledger) {
  auto names = io.list(segment_folder(ledger));
  if (!names && names.error().code != Errc::kNotFound) return names;
  if (names) std::erase_if(*names, [](const auto& name) { return !parse_segment_name(name); });
  if (!names || names->empty())
    return fail(Errc::kNotFound, "there is no ledger in " + ledger.string());
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

Status remove_unfinished(Io& io, const fs::path& ledger) {
  const fs::path folder = segment_folder(ledger);
  auto names = io.list(folder);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names)
    if (name.ends_with(kUnfinishedSuffix))
      if (auto ok = io.remove(folder / name); !ok) return ok;
  return {};
}

}  // namespace groove::ledger
