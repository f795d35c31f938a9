#include "clusterer/core/names.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/clusterer/core/sample.h"

namespace groove::clusterer {
namespace {

using Names = std::vector<std::string>;

const std::vector<std::string> kFeatures = {
    "acousticness", "danceability", "energy",   "instrumentalness",
    "key",          "liveness",     "loudness", "mode",
    "speechiness",  "tempo",        "valence",  "duration_ms"};

Vector sound(std::initializer_list<std::pair<std::size_t, int>> deviations) {
  Vector out{};
  for (const auto& [feature, value] : deviations) out[feature] = static_cast<std::int16_t>(value);
  return out;
}

Names names(const std::vector<Vector>& barycenters) {
  return name_clusters(barycenters, kFeatures);
}

TEST(NamesTest, TheThreeStrongestTraitsNameACluster) {
  EXPECT_EQ(names({sound({{0, 1200}, {6, -1500}, {9, -700}, {10, 650}})}),
            Names{"quiet, acoustic, slow"});
}

TEST(NamesTest, WhatIsNearTheMiddleIsNotNamed) {
  EXPECT_EQ(names({sound({{2, 900}, {9, 300}})}), Names{"energetic"});
  EXPECT_EQ(names({sound({{2, 300}, {9, -300}})}), Names{"middle of the road"});
  EXPECT_EQ(names({Vector{}}), Names{"middle of the road"});
}

TEST(NamesTest, KeyAndModeAreNeverNamed) {
  EXPECT_EQ(names({sound({{4, 3000}, {7, -3000}})}), Names{"middle of the road"});
}

TEST(NamesTest, EqualTraitsKeepTheOrderOfTheFeatures) {
  EXPECT_EQ(names({sound({{10, 800}, {2, -800}})}), Names{"calm, cheerful"});
}

TEST(NamesTest, ANameThatIsTakenGrowsByTheNextTrait) {
  EXPECT_EQ(names({sound({{0, 900}, {2, -800}, {6, -700}, {9, 600}}),
                   sound({{0, 700}, {2, -800}, {6, -900}, {9, 50}}), Vector{}, sound({{11, -20}})}),
            (Names{"acoustic, calm, quiet", "quiet, calm, acoustic, fast", "middle of the road",
                   "middle of the road, short"}));
}

TEST(NamesTest, EvenTwinsAreToldApart) {
  EXPECT_EQ(names({Vector{}, Vector{}, Vector{}}),
            (Names{"middle of the road", "middle of the road 2", "middle of the road 3"}));
}

TEST(NamesTest, AllNamesDifferWhateverTheBarycenters) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Names out = names(grouped(64, 3, seed, 900));
    EXPECT_EQ(std::set<std::string>(out.begin(), out.end()).size(), 64u) << "seed " << seed;
  }
}

TEST(NamesTest, FeaturesWithoutWordsAreSkipped) {
  EXPECT_EQ(name_clusters(std::vector<Vector>{Vector{2000, 1500}},
                          std::vector<std::string>{"brightness", "tempo"}),
            Names{"fast"});
}

}  // namespace
}  // namespace groove::clusterer
