#include "gateway/ledger_files.h"

#include <algorithm>
#include <string>

#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

// Digits, x and slashes, "entries", ".p/": no name that could lead out of the folder, nor one of a
// file in the making.
bool is_public_name(std::string_view name) {
  if (name == "checkpoint" || name == "vkey" || name == "ledger.json") return true;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr std::string_view kKept = "checkpoints/", kTiles = "tile/", kEntries = "entries/";
  if (name.starts_with(kKept)) return std::ranges::all_of(name.substr(kKept.size()), is_digit);
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
  if (name.starts_with("tile/")) return "application/octet-stream";
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
  if (!is_public_name(name)) return missing();
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(folder_ / name, ignored)) return missing();
  auto bytes = read_file(folder_ / name);
  if (!bytes) {
    // Partial tiles go away once the full one is there.
    if (bytes.error().code == Errc::kNotFound) return missing();
    return come_back(503, "The ledger's file cannot be read just now.", std::chrono::seconds(2));
  }
  Reply reply;
  reply.headers = {{"Content-Type", std::string(type_of(name))},
                   {"Cache-Control", std::string(cache_of(name))}};
  reply.body = std::move(*bytes);
  return reply;
}

}  // namespace groove::gateway
