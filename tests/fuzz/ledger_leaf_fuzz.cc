// Any bytes: refused, or a leaf that encodes to the same bytes.
#include <cstdint>

#include "ledger/core/record.h"
#include "workers/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove::ledger;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (const auto leaf = decode_leaf(input)) GROOVE_CHECK(encode_leaf(*leaf) == input);
  return 0;
}
