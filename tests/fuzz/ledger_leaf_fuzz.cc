// Any bytes: refused, or a leaf that encodes to the same bytes; what it says of its log is refused
// or taken whole, and so is its body as each kind.
#include <cstdint>

#include "ledger/convert.h"
#include "ledger/core/record.h"
#include "ledger/history.h"
#include "workers/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace groove::ledger;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto leaf = decode_leaf(input);
  if (!leaf) return 0;
  GROOVE_CHECK(encode_leaf(*leaf) == input);
  static_cast<void>(body_json(*leaf));
  // Behind a genesis of ours, or no change of keys would get anywhere.
  static const SignerKey signer{"groove.test/ledger", std::string(32, 'k')};
  History history;
  GROOVE_CHECK(history.see(
      {.kind = Kind::kGenesis, .body = genesis_body({signer.name, signer.verifier().text(), ""})}));
  for (const Kind kind :
       {leaf->kind, Kind::kGenesis, Kind::kKeyChange, Kind::kShardHead, Kind::kSeal}) {
    leaf->kind = kind;
    const bool taken = history.see(*leaf).has_value();
    GROOVE_CHECK(!(taken && kind == Kind::kSeal) || history.next());
  }
  return 0;
}
