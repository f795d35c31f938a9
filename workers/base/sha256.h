// SHA-256 (FIPS 180-4) over bytes given in pieces. The algorithm is fetched once a thread and the
// context reused: OpenSSL 3's one-shot call fetches it anew each time and is about 3x slower.
#pragma once

#include <string_view>

#include "workers/base/ids.h"

namespace groove {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& update(std::string_view bytes);
  Digest finish();  // and starts afresh

 private:
  void* context_;
};

Digest sha256(std::string_view bytes);

}  // namespace groove
