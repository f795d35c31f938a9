// Who works where: this worker's registration at its stage, which partitions it owns, and the
// workers of the next stage. A disagreement about an owner costs latency only; the commit script
// decides every race.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workers/carrier.h"
#include "workers/handoff.h"
#include "workers/stage.h"
#include "workers/store.h"

namespace groove {

std::vector<std::uint32_t> all_partitions();

class Membership {
 public:
  Membership(Store& store, Carrier& carrier, Stage stage, handoff::Member self)
      : store_(store), carrier_(carrier), stage_(stage), self_(std::move(self)) {}

  // Says "I am here", learns who else is, and tells the carrier about the next stage.
  Status beat();
  // The same under the names of what is held here (worker.h: Seats), maybe none.
  Status beat(const std::vector<std::string>& seats);
  void leave();
  // Looks at the next stage again: a send found nobody.
  void find_next();

  const handoff::Member& self() const { return self_; }
  // Those of `partitions` that this worker owns.
  std::vector<std::uint32_t> owned(std::span<const std::uint32_t> partitions) const;

 private:
  Status enrol(const std::string& name, bool leave);

  Store& store_;
  Carrier& carrier_;
  Stage stage_;
  handoff::Member self_;
  std::vector<std::string> names_;  // of this stage's workers
  std::vector<std::string> seats_;  // registered last
};

}  // namespace groove
