#include "scorer/evaluate.h"

#include <boost/json.hpp>

#include "scorer/playlists.h"
#include "tests/scorer/music.h"

namespace groove::scorer {
namespace {

using test::id_of;
using testing::HasSubstr;

// Playlists of the six crowds that sound alike, two of each.
class EvaluateTest : public testing::Test {
 protected:
  test::SmallMusic small_;
  test::TempDir folder_;
  EvaluateCommand command_{.catalog = small_.places().catalog(),
                           .model = small_.places().model(),
                           .playlists = folder_ / "playlists.jsonl",
                           .json = true};

  EvaluateTest() {
    std::string lines;
    for (std::uint16_t crowd = 0; crowd < 6; ++crowd)
      for (std::size_t half = 0; half < 2; ++half) {
        const auto songs = small_.world.of_crowd(crowd, 40);
        lines += R"({"name":"p)" + std::to_string(2 * crowd + half) + R"(","group":"g)" +
                 std::to_string(crowd) + R"(","tracks":["nowhere")";
        for (std::size_t i = half; i < songs.size(); i += 2) lines += ",\"" + id_of(songs[i]) + '"';
        lines += "]}\n";
      }
    write(lines);
  }
  void write(const std::string& lines) { ASSERT_TRUE(replace_file(command_.playlists, lines)); }
  boost::json::object json() const {
    const auto text = evaluate(command_);
    EXPECT_TRUE(text) << text.error().message;
    return boost::json::parse(text.value_or("{}")).as_object();
  }
};

TEST_F(EvaluateTest, OursIsFarAboveChanceAndEveryMethodHasEveryNumber) {
  const auto methods = json().at("methods").as_object();
  for (const auto* name :
       {"groove", "random", "popularity", "centroid", "cosine", "nearest3", "original"})
    for (const auto* key : {"auc_catalog", "auc_playlists", "recall_20", "recall_100", "recall_500",
                            "ndcg_500", "diversity", "artist_coverage"})
      EXPECT_TRUE(methods.at(name).at(key).is_double()) << name << ' ' << key;
  EXPECT_TRUE(methods.at("groove").at("ece").is_double());
  EXPECT_GT(methods.at("groove").at("auc_catalog").as_double(), 0.85);
  EXPECT_GT(methods.at("groove").at("auc_playlists").as_double(), 0.85);
  EXPECT_NEAR(methods.at("random").at("auc_catalog").as_double(), 0.5, 0.1);
}

TEST_F(EvaluateTest, CountsUnknownIdsAndGoesOn) {
  const auto report = json();
  EXPECT_EQ(report.at("unknown").as_int64(), 12);
  EXPECT_EQ(report.at("playlists").as_int64(), 12);
}

TEST_F(EvaluateTest, TheSameSeedGivesTheSameBytesAndAnotherOthers) {
  command_.feedback = true;
  const std::string once = *evaluate(command_);
  EXPECT_EQ(*evaluate(command_), once);
  command_.seed = 2;
  EXPECT_NE(*evaluate(command_), once);
}

TEST_F(EvaluateTest, ThePartsTogetherAreAllPlaylists) {
  command_.part = Part::kChosen;
  const auto chosen = json().at("playlists").as_int64();
  command_.part = Part::kHeldOut;
  EXPECT_EQ(chosen + json().at("playlists").as_int64(), 12);
}

TEST_F(EvaluateTest, FeedbackFindsACrowdAndThenHasNoMoreOfIt) {
  command_.feedback = true;
  const auto report = json();
  const auto& rounds = report.at("feedback").at("group").at("precision_20").as_array();
  EXPECT_EQ(rounds.size(), 6U);
  // A crowd has about 40 songs of the pool: after two rounds most are shown.
  EXPECT_GT(rounds[0].at("mean").as_double(), 0.5);
  EXPECT_LT(rounds[5].at("mean").as_double(), 0.2);
}

TEST_F(EvaluateTest, PrintsATableAndDrawsAChart) {
  command_.json = false;
  command_.svg = folder_ / "chart.svg";
  EXPECT_THAT(*evaluate(command_), testing::AllOf(HasSubstr("auc_catalog"), HasSubstr("nearest3"),
                                                  HasSubstr("12 ids unknown")));
  EXPECT_THAT(*read_file(command_.svg), testing::AllOf(HasSubstr("<svg "), HasSubstr("</svg>")));
}

TEST_F(EvaluateTest, NamesALineThatIsNoPlaylist) {
  for (const auto* line : {"nonsense", "[]", R"({"name":"a"})", R"({"name":1,"tracks":[]})",
                           R"({"name":"a","tracks":[7]})"}) {
    std::string lines = R"({"name":"a","tracks":[]})";
    (lines += "\n\n") += line;
    write(lines);
    EXPECT_THAT(evaluate(command_).error().message, HasSubstr("line 3")) << line;
  }
}

TEST_F(EvaluateTest, SaysWhenNoPlaylistCanBeHalved) {
  write(R"({"name":"a","tracks":["x","y"]})");
  EXPECT_THAT(evaluate(command_).error().message, HasSubstr("No playlist"));
  command_.playlists = folder_ / "none";
  EXPECT_EQ(evaluate(command_).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace groove::scorer
