// The table of entry ids against std::map, seeded.
#include "ledger/entry_index.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace groove::ledger {
namespace {

TEST(EntryIndexTest, DoesAsAMapDoes) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    std::map<std::array<std::uint8_t, 16>, std::uint64_t> slow;
    EntryIndex fast;
    for (std::uint64_t index = 0; index < 20'000; ++index) {
      EventId id;
      for (std::size_t i = 0; i < 3; ++i) id.bytes[5 * i] = static_cast<std::uint8_t>(random());
      if (seed == 1) id.bytes[0] = id.bytes[5] = 0;  // few ids, again and again
      const auto [known, fresh] = slow.emplace(id.bytes, index);
      EXPECT_EQ(fast.insert(id, index), fresh ? std::nullopt : std::optional(known->second));
      EXPECT_EQ(fast.find(id), known->second);
      id.bytes[15] = 1;
      EXPECT_EQ(fast.find(id), std::nullopt);
    }
    EXPECT_EQ(fast.size(), slow.size());
  }
}

}  // namespace
}  // namespace groove::ledger
