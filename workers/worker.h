// The loop that every stage's process runs: take entries (from the bus, and from Redis when the bus
// lost them), compute, commit in one pipelined round, send onwards. What a stage adds is a Handler.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "groove/v1/event.pb.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/places.h"
#include "workers/stage.h"

namespace groove {

struct Work {
  ListenerId listener;
  std::uint64_t sequence = 0;
  EventId event;
  const v1::Event& fact;
  std::string_view state;  // what this stage kept of the listener; empty the first time
};

struct Effect {
  std::optional<std::string> state;  // to keep; nothing leaves it as it was
  std::string
      output;  // the next stage's groove.v1.Event, serialised; at the ledger the BatchRecorded
  std::string detail;  // for the listener's eyes while they wait: "37 of 50 songs found"
};

class Handler {
 public:
  virtual ~Handler() = default;
  // Whether this stage works on that fact; else the event passes through unchanged.
  virtual bool wants(v1::Event::FactCase fact) const = 0;
  // An error of kUnavailable leaves the event for later, and so does kBusy: its result is being
  // made beside the loop, and the words tell the listener how that stands. Any other is the
  // listener's refusal, in words for them.
  virtual Result<Effect> handle(const Work& work) = 0;
  // Makes the effects of all handle() calls since the last flush() durable; called before they are
  // committed. An error stops the process: what is durable is then unknown.
  virtual Status flush() { return {}; }
  // A stage whose work is bound to things that one process holds at a time – logs on a disk – has a
  // seat for each. All seats together say which partition belongs to which (rendezvous.h), for
  // good; a worker takes the partitions of those it holds and is registered under their names.
  // None: any worker takes any partition.
  struct Seats {
    std::vector<std::string> all, held;
  };
  virtual Seats seats() const { return {}; }
  // Called between rounds, about every 250 ms: reload files, publish.
  virtual void tick() {}
};

struct WorkerOptions {
  Stage stage = Stage::kFetch;
  std::string name;  // stable over restarts: "score-1"
  Places places;
  // Read entries from Redis only; a frame just says which partition is dirty.
  bool durable_only = false;
  // "tcp://ADDRESS" or "tcp://ADDRESS:PORT": where this host is reached by others, for a house of
  // several (the port after PORT is used too). Empty: sockets in the run folder.
  std::string listen = {};
  bool fast_path = true;  // false: no bus at all, every stage pulls
};

// Runs until SIGTERM or SIGINT. Returns the process's exit code; what is wrong with the options is
// logged and makes it 2.
int run_worker(const WorkerOptions& options, Handler& handler);

}  // namespace groove
