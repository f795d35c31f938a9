#include "gateway/ledger_files.h"

#include <algorithm>
#include <string>

#include "ledger/core/log_name.h"
#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

// Digits, and .ots where it is a timestamp.
bool is_anchor(std::string_view name) {
  if (name.ends_with(".ots")) name.remove_suffix(4);
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// Digits, x and slashes, "entries", ".p/": no name that could lead out of the folder, nor one of a
// file in the making.
bool is_public_name(std::string_view name) {
  if (name == "checkpoint" || name == "vkey" || name == "ledger.json") return true;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::string_view kKept = "checkpoints/", kAnchors = "anchors/", kTiles = "tile/",
                             kEntries = "entries/";
  if (name.starts_with(kKept)) return std::ranges::all_of(name.substr(kKept.size()), is_digit);
  if (name.starts_with(kAnchors)) return is_anchor(name.substr(kAnchors.size()));
  if (!name.starts_with(kTiles)) return false;
  name.remove_prefix(kTiles.size());
  if (name.starts_with(kEntries)) name.remove_prefix(kEntries.size());
  const std::size_t partial = name.find(".p/");
  if (partial != name.npos) {
    if (!std::ranges::all_of(name.substr(partial + 3), is_digit)) return false;
    name = name.substr(0, partial);
  }
  return std::ranges::all_of(name, [&](char c) { return is_digit(c) || c == 'x' || c == '/'; });
}

std::string_view type_of(std::string_view name) {
  if (name.starts_with("tile/") || name.ends_with(".ots")) return "application/octet-stream";
  return name == "ledger.json" ? "application/json" : "text/plain; charset=utf-8";
}

// What is published never changes, but for the head.
std::string_view cache_of(std::string_view name) {
  return name.starts_with("tile/") || name.starts_with("checkpoints/")
             ? "public, max-age=31536000, immutable"
             : "no-cache";
}

}  // namespace

Reply LedgerFiles::answer(std::string_view path) const {
  const std::string_view name = path.substr(std::string_view("/ledger/").size());
  const auto missing = [] {
    return problem(404,
                   "The ledger has published nothing at this address; its head is at "
                   "/ledger/checkpoint once there is one.");
  };
  const std::string_view in_log = ledger::split_log_name(name).path;
  if (!is_public_name(in_log)) return missing();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(folder_ / name, ignored)) return missing();
  auto bytes = read_file(folder_ / name);
  if (!bytes) {
    // Partial tiles go away once the full one is there.
    if (bytes.error().code == Errc::kNotFound) return missing();
    return come_back(503, "The ledger's file cannot be read just now.", std::chrono::seconds(2));
  }
  Reply reply;
  reply.headers = {{"Content-Type", std::string(type_of(in_log))},
                   {"Cache-Control", std::string(cache_of(in_log))}};
  reply.body = std::move(*bytes);
  return reply;
}

}  // namespace groove::gateway
