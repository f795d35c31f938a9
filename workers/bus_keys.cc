#include "workers/bus_keys.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zmq.h>

#include <algorithm>
#include <array>

#include "workers/base/check.h"
#include "workers/durable_file.h"

namespace groove {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kZ85 =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

std::string first_word(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(line.substr(begin, line.find_first_of(" \t\r", begin) - begin));
}

Result<std::string> read_key(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return std::unexpected(text.error());
  std::string key = first_word(std::string_view(*text).substr(0, text->find('\n')));
  if (!is_bus_key(key)) return fail(Errc::kInvalid, file.string() + " holds no key");
  return key;
}

// Empty when it cannot be told.
std::string public_of(const std::string& secret) {
  std::array<char, kBusKeyChars + 1> text{};
  return zmq_curve_public(text.data(), secret.c_str()) == 0 ? text.data() : std::string();
}

}  // namespace

BusKeys BusKeys::make() {
  std::array<char, kBusKeyChars + 1> open{}, secret{};
  GROOVE_CHECK(zmq_curve_keypair(open.data(), secret.data()) == 0);  // else libzmq lacks CURVE
  return {open.data(), secret.data()};
}

bool is_bus_key(std::string_view text) {
  return text.size() == kBusKeyChars && text.find_first_not_of(kZ85) == std::string_view::npos;
}

Result<BusKeys> read_bus_keys(const BusKeyFiles& files) {
  auto secret = read_key(files.secret());
  if (!secret) return std::unexpected(secret.error());
  auto open = read_key(files.open());
  if (!open) return std::unexpected(open.error());
  struct stat status = {};
  if (::stat(files.secret().c_str(), &status) != 0 || (status.st_mode & kOthers) != 0)
    return fail(Errc::kInvalid, fmt::format("others may read {0}: chmod 600 {0}, and make new keys "
                                            "if somebody has",
                                            files.secret().string()));
  if (public_of(*secret) != *open)
    return fail(Errc::kInvalid,
                fmt::format("the keys in {} are no pair: make new ones", files.folder.string()));
  return BusKeys{std::move(*open), std::move(*secret)};
}

Status write_bus_keys(const BusKeyFiles& files, const BusKeys& keys) {
  std::error_code error;
  fs::create_directories(files.folder, error);
  if (!error) fs::permissions(files.folder, fs::perms::owner_all, error);
  if (error)
    return fail(Errc::kUnavailable, fmt::format("{}: {}", files.folder.string(), error.message()));
  const mode_t before = ::umask(kOthers);  // never readable by others, not for a moment
  Status written = replace_file(files.secret(), keys.secret_key + "\n");
  ::umask(before);
  return written ? replace_file(files.open(), keys.public_key + "\n") : written;
}

std::set<std::string, std::less<>> parse_allowed(std::string_view text) {
  std::set<std::string, std::less<>> keys;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (std::string word = first_word(text.substr(0, end)); is_bus_key(word))
      keys.insert(std::move(word));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return keys;
}

bool AllowList::allows(std::string_view public_key) {
  return read_.with([&](Read& read) {
    const auto now = identify(file_);
    const std::optional<FileIdentity> identity = now ? std::optional(*now) : std::nullopt;
    if (!identity || identity != read.identity) {
      const auto text = read_file(file_);
      read.keys = text ? parse_allowed(*text) : std::set<std::string, std::less<>>();
      read.identity = identity;
    }
    return read.keys.contains(public_key);
  });
}

}  // namespace groove
