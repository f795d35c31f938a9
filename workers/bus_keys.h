// The keys by which the bus knows its own between hosts: one CURVE key pair a host, and the list of
// public keys that may take part. Keys are CurveZMQ's, written in Z85 (40 characters).
//
//   DATA/bus/secret    the secret key; readable by its owner alone
//   DATA/bus/public    the public key, which the other hosts must allow
//   DATA/bus/allowed   a public key a line, then whatever a person wants to know of it; # comments
//
// Made and rotated by `groove keys` (deploy/KEYS.md). What CURVE protects: workers/HANDOFF.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "workers/base/guarded.h"
#include "workers/base/result.h"
#include "workers/file_identity.h"

namespace groove {

inline constexpr std::size_t kBusKeyChars = 40;

struct BusKeys {
  std::string public_key, secret_key;

  static BusKeys make();
};

// Where a host's keys are.
struct BusKeyFiles {
  std::filesystem::path folder;

  std::filesystem::path secret() const { return folder / "secret"; }
  std::filesystem::path allowed() const { return folder / "allowed"; }
  std::filesystem::path open() const { return folder / "public"; }
};

bool is_bus_key(std::string_view text);

// Errors: kNotFound (no keys were made), kInvalid (not a key, not a pair, or others can read the
// secret).
Result<BusKeys> read_bus_keys(const BusKeyFiles& files);
// The folder is made when it is not there. The public key is written last: with it they are whole.
Status write_bus_keys(const BusKeyFiles& files, const BusKeys& keys);

// The public keys of a list; what is no key is left out.
std::set<std::string, std::less<>> parse_allowed(std::string_view text);

// The list in its file, read anew when the file changes. A list that cannot be read allows nobody.
// Any thread.
class AllowList {
 public:
  explicit AllowList(std::filesystem::path file) : file_(std::move(file)) {}

  bool allows(std::string_view public_key);

 private:
  struct Read {
    std::optional<FileIdentity> identity;
    std::set<std::string, std::less<>> keys;
  };
  std::filesystem::path file_;
  Guarded<Read> read_;
};

}  // namespace groove
