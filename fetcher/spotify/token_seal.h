// Seals what must not be readable at rest: XChaCha20-Poly1305 by libsodium, with a key that lies in
// a file of its own, readable by its owner alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "workers/base/result.h"

namespace groove::fetcher {

class TokenSeal {
 public:
  // Makes the file when there is none; several processes may do so at once. Errors: kCorrupt (not a
  // key, or others may read it), kUnavailable.
  static Result<TokenSeal> open(const std::filesystem::path& file);

  // `whose` is bound into it: sealed bytes that are put under another name do not open.
  std::string seal(std::string_view text, std::string_view whose) const;
  // Nothing when it was changed, or sealed with another key or for another.
  std::optional<std::string> open_sealed(std::string_view sealed, std::string_view whose) const;

 private:
  explicit TokenSeal(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace groove::fetcher
