#include "clusterer/core/heard.h"

#include <gtest/gtest.h>

namespace groove::clusterer {
namespace {

TEST(HeardTest, KeyAndModeDoNotCount) {
  const Heard heard(std::vector<std::string>{"energy", "key", "tempo", "mode"});
  EXPECT_EQ(heard.dimensions(), 2u);
  EXPECT_EQ(heard(Vector{1, 2, 3, 4}), (Vector{1, 0, 3, 0}));
  EXPECT_EQ(heard(std::vector<Vector>{Vector{1, 2}, Vector{0, 5}}),
            (std::vector<Vector>{Vector{1}, Vector{}}));
}

TEST(HeardTest, ASpaceWithoutThemCountsWhole) {
  const Heard heard(std::vector<std::string>{"brightness", "keynote"});
  EXPECT_EQ(heard.dimensions(), 2u);
  EXPECT_EQ(heard(Vector{7, 8}), (Vector{7, 8}));
}

}  // namespace
}  // namespace groove::clusterer
