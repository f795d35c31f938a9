// The stage that ranks: a new basis or a verdict comes in, a batch of songs goes out.
#pragma once

#include <memory>

#include "scorer/recommend.h"
#include "workers/library.h"
#include "workers/worker.h"

namespace groove::scorer {

class Scorer final : public Handler {
 public:
  explicit Scorer(Library& library) : library_(library) {}

  bool wants(v1::Event::FactCase fact) const override;
  Result<Effect> handle(const Work& work) override;
  void tick() override;  // prepares a new catalogue before an event has to wait for it

 private:
  // Of the music in use; made anew when that is replaced.
  Result<std::shared_ptr<const Recommender>> recommender();

  Library& library_;
  std::shared_ptr<const Recommender> recommender_;
};

}  // namespace groove::scorer
