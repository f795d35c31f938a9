#include "clusterer/model_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>

#include "tests/clusterer/core/plain_series.h"
#include "tests/clusterer/stage_fixture.h"
#include "tests/support/folder_wait.h"
#include "workers/library_state.h"
#include "workers/model.h"

namespace groove::clusterer {
namespace {

class ModelWatchTest : public StageTest {
 protected:
  Upkeep kept() const {
    const auto out = keep_model(places_);
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(Upkeep::kNothingToDo);
  }
  bool model_fits() const { return Model::open(places_.model(), catalogue()).has_value(); }
  std::optional<LibraryState::State> state() const {
    const auto out = read_library_state(places_);
    return out ? std::optional(out->state) : std::nullopt;
  }
};

TEST_F(ModelWatchTest, WithoutACatalogueThereIsNothingToDo) {
  EXPECT_EQ(kept(), Upkeep::kNothingToDo);
  EXPECT_EQ(state(), std::nullopt);
}

TEST_F(ModelWatchTest, AMissingModelIsTrainedOnceAndItIsSaid) {
  import(200, 2);
  EXPECT_EQ(kept(), Upkeep::kTrained);
  EXPECT_TRUE(model_fits());
  EXPECT_EQ(state(), LibraryState::State::kReady);
  EXPECT_EQ(kept(), Upkeep::kNothingToDo);
}

TEST_F(ModelWatchTest, AReplacedCatalogueGetsAModelOfItsOwn) {
  import(200, 2);
  EXPECT_EQ(kept(), Upkeep::kTrained);
  import(201, 3);
  EXPECT_FALSE(model_fits());
  EXPECT_EQ(kept(), Upkeep::kTrained);
  EXPECT_TRUE(model_fits());
}

TEST_F(ModelWatchTest, ADamagedModelIsTrainedAgain) {
  import(200, 2);
  EXPECT_EQ(kept(), Upkeep::kTrained);
  const auto bytes = read_file(places_.model());
  ASSERT_TRUE(replace_file(places_.model(), bytes->substr(0, bytes->size() / 2)));
  EXPECT_EQ(kept(), Upkeep::kTrained);
  EXPECT_EQ(read_file(places_.model()).value(), bytes.value());
}

TEST_F(ModelWatchTest, ACatalogueOfSongsWithSeriesGetsAModelOfThese) {
  import(120, 2, 1, plain::waves(100, 3, 10, 20, 4, 7).series);
  EXPECT_EQ(kept(), Upkeep::kTrained);
  const Catalog catalog = catalogue();
  const auto model = Model::open(places_.model(), catalog);
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->message().series().metric(), "dtw");
  EXPECT_EQ(model->message().series().labels().size(), 100 * sizeof(std::uint32_t));
  EXPECT_EQ(kept(), Upkeep::kNothingToDo);
}

TEST_F(ModelWatchTest, WhileAnotherProcessTrainsThisOneDoesNot) {
  import(200, 2);
  const int other = ::open((folder_ / "model.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  EXPECT_EQ(kept(), Upkeep::kElsewhere);
  EXPECT_FALSE(model_fits());
  ::close(other);
  EXPECT_EQ(kept(), Upkeep::kTrained);
}

TEST_F(ModelWatchTest, AStoppedTrainingLeavesNoModelAndTheNextOneSetsTheNoticeRight) {
  import(200, 2);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_FALSE(keep_model(places_, stop.get_token()));
  EXPECT_FALSE(model_fits());
  EXPECT_EQ(state(), LibraryState::State::kTraining);
  train_model(2);
  EXPECT_EQ(kept(), Upkeep::kNothingToDo);
  EXPECT_EQ(state(), LibraryState::State::kReady);
}

TEST_F(ModelWatchTest, TheThreadTrainsWhenACatalogueAppears) {
  const ModelWatch watch(places_);
  import(200, 2);
  EXPECT_TRUE(test::wait_in(places_.data, std::chrono::seconds(60), [&] { return model_fits(); }));
}

}  // namespace
}  // namespace groove::clusterer
