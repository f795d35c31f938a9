// The ledger's stage in a house of several logs: a worker holds some of them, each behind the lock
// of its line, and answers for their partitions. Workers share evenly: each counts the others,
// takes free logs up to its share and lets go of what is more. A worker that dies frees its locks,
// and the others take over within a second. Whoever gets the root's lock keeps the root log too.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ledger/io.h"
#include "ledger/ledger.h"
#include "workers/base/clock.h"
#include "workers/base/result.h"
#include "workers/worker.h"

namespace groove::ledger {

class Logs final : public Handler {
 public:
  // `name`: the worker's. Errors: kNotFound (the house has one log), kConflict (a worker of that
  // name runs), kUnavailable.
  static Result<std::unique_ptr<Logs>> open(Io& io, const std::filesystem::path& ledger,
                                            const Clock& clock, const Ledger::Options& options,
                                            const std::string& name);

  bool wants(v1::Event::FactCase fact) const override;
  Result<Effect> handle(const Work& work) override;
  Status flush() override;
  void tick() override;
  Seats seats() const override;

  bool keeps_root() const { return root_ != nullptr; }

 private:
  Logs(Io& io, std::filesystem::path ledger, const Clock& clock, const Ledger::Options& options,
       std::string name, std::vector<std::string> lines);
  std::size_t share() const;
  void take_free_logs();
  void let_go();
  void keep_root();
  std::unique_ptr<Ledger> take(const std::string& line);

  Io& io_;
  std::filesystem::path ledger_;
  const Clock& clock_;
  Ledger::Options options_;
  std::string name_;
  std::vector<std::string> lines_;
  std::unique_ptr<Lock> presence_;
  std::map<std::string, std::unique_ptr<Ledger>> held_;  // by line
  std::unique_ptr<Ledger> root_;
  std::set<std::string> damaged_;  // not tried again by this process
  std::chrono::steady_clock::time_point gather_at_{};
};

}  // namespace groove::ledger
