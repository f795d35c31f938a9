#include "ledger/core/seal.h"

#include <map>

#include "tests/ledger/vectors.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

using Case = std::map<std::string, std::string>;  // bytes by field

std::map<std::string, Case> cases(const std::filesystem::path& folder) {
  std::map<std::string, Case> out;
  for (const Row& row : read_rows(folder / "seal.tsv")) out[row[0]][row[1]] = from_hex(row[2]);
  return out;
}

TEST(SealTest, KeysCommitmentsAndSealedBytesAreThoseOfTheReference) {
  for (const auto& folder : vector_folders()) {
    for (auto& [name, fields] : cases(folder)) {
      SCOPED_TRACE(folder / name);
      const EventId id = event_id_from_bytes(fields["entry_id"]).value();
      const RecordKeys keys = derive_keys(fields["user_key"], id);
      EXPECT_EQ(keys.seal + keys.input + keys.output, fields["okm"]);
      const Content content{fields["input"], fields["output"]};
      const std::string sealed = seal(keys, fields["nonce"], fields["origin_ascii"], id, content);
      EXPECT_EQ(sealed, fields["sealed"]);
      const Commitments made = commitments(keys, content, sealed, "a key's id", id);
      EXPECT_EQ(as_bytes(made.input), fields["input_commit"]);
      EXPECT_EQ(as_bytes(made.output), fields["output_commit"]);
      EXPECT_EQ(as_bytes(made.sealed), fields["sealed_digest"]);
      EXPECT_EQ(made.part().size(), 128U);
      const auto opened = unseal(keys, sealed, fields["origin_ascii"], id);
      ASSERT_TRUE(opened);
      EXPECT_EQ(opened->input, content.input);
      EXPECT_EQ(opened->output, content.output);
    }
  }
}

TEST(SealTest, NothingElseOpens) {
  const EventId id{{1, 2, 3}};
  const RecordKeys keys = derive_keys(std::string(32, 'k'), id);
  const std::string sealed = seal(keys, std::string(24, 'n'), "origin", id, {"in", "out"});
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string bad = sealed;
    bad[bit / 8] ^= static_cast<char>(1U << bit % 8);
    EXPECT_FALSE(unseal(keys, bad, "origin", id)) << "bit " << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(unseal(keys, sealed.substr(0, size), "origin", id)) << size;
  EXPECT_FALSE(unseal(keys, sealed, "another", id));
  EXPECT_FALSE(unseal(keys, sealed, "origin", EventId{}));
  EXPECT_FALSE(unseal(derive_keys(std::string(32, 'x'), id), sealed, "origin", id));
}

TEST(SealTest, TagsOfOneKeyDifferFromRecordToRecord) {
  EXPECT_NE(key_tag("id", EventId{{1}}), key_tag("id", EventId{{2}}));
  EXPECT_EQ(key_tag("id", EventId{{1}}), key_tag("id", EventId{{1}}));
}

}  // namespace
}  // namespace groove::ledger
