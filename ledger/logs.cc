#include "ledger/logs.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "ledger/layout.h"
#include "ledger/root.h"
#include "workers/base/limits.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

// One file for each worker, locked while it lives.
fs::path presence_folder(const fs::path& ledger) { return ledger / "private" / "workers"; }

}  // namespace

Logs::Logs(Io& io, fs::path ledger, const Clock& clock, const Ledger::Options& options,
           std::string name, std::vector<std::string> lines)
    : io_(io),
      ledger_(std::move(ledger)),
      clock_(clock),
      options_(options),
      name_(std::move(name)),
      lines_(std::move(lines)) {}

Result<std::unique_ptr<Logs>> Logs::open(Io& io, const fs::path& ledger, const Clock& clock,
                                         const Ledger::Options& options, const std::string& name) {
  auto lines = partition_lines(io, ledger);
  if (lines.empty()) return fail(Errc::kNotFound, "this house has one log");
  if (auto ok = io.make_folder(presence_folder(ledger)); !ok) return std::unexpected(ok.error());
  auto presence = io.lock(presence_folder(ledger) / name);
  if (!presence) return std::unexpected(presence.error());
  std::unique_ptr<Logs> logs(new Logs(io, ledger, clock, options, name, std::move(lines)));
  logs->presence_ = std::move(*presence);
  return logs;
}

bool Logs::wants(v1::Event::FactCase fact) const {
  return fact == v1::Event::kBatchScored || fact == v1::Event::kEventRefused;
}

Result<Effect> Logs::handle(const Work& work) {
  const std::string line = line_of(work.listener, lines_);
  const auto held = held_.find(line);
  if (held == held_.end()) return fail(Errc::kUnavailable, line + " is another worker's");
  return held->second->handle(work);
}

Status Logs::flush() {
  Status all;
  for (const auto& [line, log] : held_)
    if (auto ok = log->flush(); !ok) all = ok;
  return all;
}

Handler::Seats Logs::seats() const {
  Seats seats{lines_, {}};
  for (const auto& [line, log] : held_) seats.held.push_back(line);
  return seats;
}

void Logs::tick() {
  let_go();
  take_free_logs();
  for (const auto& [line, log] : held_) log->tick();
  keep_root();
}

// How many logs are this worker's, rounded up: with 4 logs and 3 workers the last to come may have
// none, and stands by.
std::size_t Logs::share() const {
  std::size_t alive = 1;
  const auto names = io_.list(presence_folder(ledger_));
  if (!names) return lines_.size();
  for (const std::string& name : *names)
    if (name != name_ && !io_.lock(presence_folder(ledger_) / name)) ++alive;
  return (lines_.size() + alive - 1) / alive;
}

void Logs::let_go() {
  while (held_.size() > share()) {
    const auto last = std::prev(held_.end());
    if (auto ok = last->second->publish(); !ok)
      spdlog::error("ledger: {}: {}", last->first, ok.error().message);
    spdlog::info("ledger: {} goes to another worker", last->first);
    held_.erase(last);
  }
}

void Logs::take_free_logs() {
  const std::size_t mine = share();
  for (const std::string& line : lines_) {
    if (held_.size() >= mine) return;
    if (held_.contains(line)) continue;
    if (auto log = take(line)) {
      spdlog::info("ledger: {} is this worker's: {} records", line, log->size());
      held_[line] = std::move(log);
    }
  }
}

// Nothing when another worker has it, or it cannot be written.
std::unique_ptr<Ledger> Logs::take(const std::string& line) {
  if (damaged_.contains(line)) return nullptr;
  auto log = Ledger::open(io_, LogPlace(ledger_, LogName{line}), clock_, options_);
  if (log) return std::move(*log);
  if (log.error().code != Errc::kConflict) {
    spdlog::critical("ledger: {}: {}", line.empty() ? "the root log" : line, log.error().message);
    damaged_.insert(line);
  }
  return nullptr;
}

void Logs::keep_root() {
  if (!root_) root_ = take("");
  if (!root_) return;
  if (const auto now = clock_.steady(); now >= gather_at_) {
    gather_at_ = now + limits::kShardHeadsEvery;
    if (auto ok = gather_heads(io_, *root_); !ok)
      spdlog::critical("ledger: the root log: {}", ok.error().message);
  }
  root_->tick();
}

}  // namespace groove::ledger
