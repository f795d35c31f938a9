// A catalogue's bytes, opened and forged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/memory_file.h"
#include "workers/base/bytes.h"
#include "workers/base/sha256.h"
#include "workers/catalog.h"
#include "workers/catalog_layout.h"

namespace groove::test {

inline Result<Catalog> opened(std::string_view bytes) {
  return Catalog::open(MemoryFile(bytes).path());
}

// Makes the digest fit again, as someone who wants to break the reader would.
inline std::string resealed(std::string bytes) {
  std::string size;
  append_le(size, std::uint64_t{bytes.size() - catalog_layout::kHeaderBytes});
  bytes.replace(catalog_layout::kBodySizeAt, 8, size);
  const Digest digest = sha256(std::string_view(bytes).substr(catalog_layout::kHeaderBytes));
  return bytes.replace(catalog_layout::kDigestAt, 32, as_bytes(digest));
}

}  // namespace groove::test
