// The clusterer's stage: places the listener's songs among the trained clusters and finds their
// modes of taste. ListeningFetched -> TasteClustered.
#pragma once

#include "groove/v1/event.pb.h"
#include "workers/library.h"
#include "workers/worker.h"

namespace groove::clusterer {

class Clusterer final : public Handler {
 public:
  explicit Clusterer(Library& library) : library_(library) {}  // outlives this

  bool wants(v1::Event::FactCase fact) const override;
  // Refuses, in words for the listener: no catalogue or model yet; none of the songs is known.
  Result<Effect> handle(const Work& work) override;

 private:
  Library& library_;
};

}  // namespace groove::clusterer
