#include "fetcher/spotify/token_seal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "tests/support/temp_dir.h"

namespace groove::fetcher {
namespace {

class TokenSealTest : public testing::Test {
 protected:
  TokenSeal open() { return TokenSeal::open(file_).value(); }
  test::TempDir folder_;
  std::filesystem::path file_ = folder_.path() / "keys" / "spotify.key";
};

TEST_F(TokenSealTest, WhatWasSealedOpensAgainInAnotherProcessOfTheSameHouse) {
  const std::string sealed = open().seal("a token", "ada");
  EXPECT_EQ(sealed.find("token"), sealed.npos);
  EXPECT_EQ(open().open_sealed(sealed, "ada"), "a token");
  EXPECT_NE(sealed, open().seal("a token", "ada")) << "the same twice would tell that it is";
}

TEST_F(TokenSealTest, WhatWasMovedChangedCutOrSealedElsewhereDoesNotOpen) {
  const TokenSeal seal = open();
  const std::string sealed = seal.seal("a token", "ada");
  EXPECT_FALSE(seal.open_sealed(sealed, "ben"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(seal.open_sealed(changed, "ada")) << i;
    EXPECT_FALSE(seal.open_sealed(sealed.substr(0, i), "ada")) << i;
  }
  const TokenSeal other = TokenSeal::open(folder_.path() / "other.key").value();
  EXPECT_FALSE(other.open_sealed(sealed, "ada"));
}

TEST_F(TokenSealTest, TheKeyIsItsOwnersAlone) {
  open();
  struct stat found{};
  ASSERT_EQ(::stat(file_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  std::filesystem::permissions(file_, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  const auto refused = TokenSeal::open(file_);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("chmod 600"), std::string::npos);
}

TEST_F(TokenSealTest, SeveralThatStartAtOnceHaveOneKey) {
  std::vector<std::string> sealed(8);
  {
    std::vector<std::jthread> threads;
    for (std::string& each : sealed)
      threads.emplace_back([&] { each = open().seal("a token", "ada"); });
  }
  for (const std::string& each : sealed) EXPECT_EQ(open().open_sealed(each, "ada"), "a token");
}

}  // namespace
}  // namespace groove::fetcher
