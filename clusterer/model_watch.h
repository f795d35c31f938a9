// Keeps a model of the catalogue at hand: a thread that looks once a second whether
// DATA/model.groove is missing, damaged or of another catalogue, and then trains one and renames it
// into place.
//
// How the training stands is told in DATA/library.json. Of several clusterer processes one trains,
// by a lock on DATA/model.lock; the others find its model when they look again. A training that
// failed is tried again after half a minute, or when the catalogue is replaced.
#pragma once

#include <filesystem>
#include <stop_token>
#include <thread>

#include "workers/base/result.h"
#include "workers/places.h"

namespace groove::clusterer {

enum class Upkeep {
  kNothingToDo,  // no catalogue, or a good model of it
  kTrained,
  kElsewhere,  // another process is at it
};

// One look, and the training if it is due. Errors: as train() and the disk have them; the notice
// for people is then written.
Result<Upkeep> keep_model(const Places& places, std::stop_token stop = {});

class ModelWatch {
 public:
  explicit ModelWatch(Places places);
  // The destructor stops a training that is under way and waits for it: a step at most.

 private:
  void run(const std::stop_token& stop) const;

  Places places_;
  std::jthread thread_;  // last, so it stops first
};

}  // namespace groove::clusterer
