// The loop of a stage's process, over ports: what it reads and writes comes in as a Store, a
// Carrier and a Clock, so that the simulation of the hand-off runs this very code. workers/worker.h
// runs it on the real ones.
//
// Belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "workers/base/clock.h"
#include "workers/carrier.h"
#include "workers/handoff.h"
#include "workers/intake.h"
#include "workers/membership.h"
#include "workers/store.h"
#include "workers/suspects.h"
#include "workers/ticker.h"
#include "workers/worker.h"

namespace groove {

struct WorkerPorts {
  Store& store;
  Carrier& carrier;
  const Clock& clock;
  std::function<bool()> stop;                                // whether to take no new work
  std::vector<std::uint32_t> partitions = all_partitions();  // where there can be work
  bool fast_path = true;  // false: the carrier carries nothing, so pull often
};

class WorkerLoop {
 public:
  // `self`: the stable name and the endpoints to register.
  WorkerLoop(Stage stage, handoff::Member self, bool durable_only, WorkerPorts ports,
             Handler& handler);

  // Until ports.stop() says so; then finishes what came, within limits::kDrainDeadline.
  void run();

 private:
  // What this worker knows of a listener at its stage; forgotten as soon as anything contradicts
  // it.
  struct Known {
    std::uint64_t version = 0;
    std::string state;
  };
  // An entry that was computed and waits for its commit.
  struct Computed {
    handoff::Entry entry;
    std::optional<std::string> state;
    std::string output;  // what goes on, without the event id
    std::string detail;
  };

  void round();
  Status beat();
  std::vector<std::uint32_t> partitions() const;  // that can be taken at all
  std::vector<std::uint32_t> owned() const;
  void drain();
  void pull(const std::vector<std::uint32_t>& partitions, std::chrono::milliseconds older_than);
  void take_pulled(std::vector<handoff::Entry> entries, bool suspicious);
  void bury(const handoff::Entry& entry, const std::string& reason);

  void process(std::vector<handoff::Entry> entries);
  void learn_listeners(const std::vector<handoff::Entry>& entries);
  void forget_doubted();
  bool is_next(const handoff::Entry& entry);
  void doubt_what_is_behind(const std::vector<handoff::Entry>& pulled);
  bool compute(handoff::Entry& entry, std::vector<Computed>& computed);
  Result<Effect> effect_of(const handoff::Entry& entry, const v1::Event& fact);
  void commit(const std::vector<Computed>& computed);
  void lost(const Computed& computed, const Result<handoff::Committed>& outcome);

  bool last() const { return stage_ == kLastStage; }
  std::string with_id(const handoff::Entry& entry, const std::string& output) const;
  std::string refusal(const handoff::Entry& entry, const std::string& reason, bool poison) const;
  void pass_on(const Computed& done, const std::string& next_id);
  void note_wait(const handoff::Entry& entry, const Error& reason);
  void tell(const handoff::Entry& entry, v1::StageProgressed::State state,
            const std::string& detail);
  // Reports a failure of the store, doubts all that is known, and lets a moment pass.
  void check(const Status& status);

  const Stage stage_;
  const WorkerPorts ports_;
  Handler& handler_;
  Membership membership_;
  Intake intake_;
  Suspects suspects_;
  std::unordered_map<std::uint64_t, Known> known_;        // by listener
  std::set<std::uint64_t> doubted_;                       // listeners to read anew
  std::unordered_map<std::uint64_t, std::string> waits_;  // why a listener's next event waits
  bool all_doubted_ = false;
  Ticker beat_, tick_, pull_own_, pull_all_, refresh_;
};

}  // namespace groove
