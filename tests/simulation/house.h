// A whole house in one thread: gateways, every stage's workers (the real worker loop), a modelled
// store, a bus that loses, doubles, delays and misdirects, a supervisor, and somebody who kills.
// One seed gives one schedule.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/fibers.h"
#include "tests/simulation/model_store.h"
#include "workers/worker_loop.h"

namespace groove::simulation {

struct Plan {
  std::uint64_t seed = 1;
  std::size_t listeners = 2;
  std::size_t events = 3;             // of each listener
  std::size_t workers = 2;            // of each stage but the ledger, which has one writer
  std::uint32_t loss_permille = 150;  // of frames
  std::uint32_t double_permille = 100;
  std::uint32_t stray_permille = 50;  // frames that reach another worker, changed or as they are
  std::uint32_t store_fault_permille = 20;
  std::uint32_t kill_permille = 15;    // of turns while faults last
  std::uint32_t poison_permille = 30;  // of events
  std::uint32_t rollback_permille =
      0;  // of turns while faults last: the store loses its last moments
  std::uint32_t power_cut_permille = 0;  // of turns while faults last: everybody dies but the disks
  std::size_t gateways = 1;
  std::size_t faulty_turns = 400;         // then all is well and the house must come to rest
  std::optional<std::size_t> faults_max;  // for shrinking: the first so many faults happen, no more
  bool ledger_removes_first = false;      // mutant: the ledger commits before its disk has synced
  bool no_pull = false;                   // mutant: nobody repairs what the bus lost
  bool say_nothing_again = false;         // mutant: gateways keep nothing that was accepted
  bool sync_everysec = false;             // mutant: the store answers before its disk has synced
  bool push_in_turn = false;  // mutant: one PUSH for many peers, frames reach any of them
  Mutant mutant;
};

struct Outcome {
  std::vector<std::string> violations;  // empty: all that must hold held
  std::size_t faults = 0;               // how many happened
  std::size_t accepted = 0;
  std::int64_t took_us = 0;  // until all had come to rest, in the house's own time
};

// Runs one schedule to its end.
Outcome run(const Plan& plan);

// The same plan with as few faults as still break it.
Plan shrink(Plan plan);

std::string describe(const Plan& plan, const Outcome& outcome);

}  // namespace groove::simulation
