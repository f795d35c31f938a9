#include <boost/json.hpp>
#include <chrono>
#include <iostream>

#include "ledger/asks.h"
#include "ledger/commands.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"
#include "workers/text.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr auto kWorkerPatience = std::chrono::seconds(30);

}  // namespace

Result<std::unique_ptr<Ledger>> open_ledger(const Arguments& arguments, const LogPlace& log) {
  static const SystemClock clock;
  Ledger::Options options;
  if (!arguments.origin.empty()) options.origin = arguments.origin;
  options.rebuild_tiles = arguments.rebuild;
  return Ledger::open(system_io(), log, clock, options);
}

Result<std::string> ask(const LogPlace& log, const std::string& what, const std::string& body) {
  const auto said = ask_worker(system_io(), log, what, body, kWorkerPatience);
  if (!said) return fail(Errc::kConflict, said.error().message);
  if (said->starts_with("none ")) return fail(Errc::kNotFound, said->substr(5));
  if (!said->starts_with("done ")) return fail(Errc::kUnavailable, "the worker says: " + *said);
  return said->substr(5);
}

LogPlace log_of(const Arguments& given, ListenerId listener) {
  const fs::path folder = ledger_folder(given);
  const std::string line = line_of(listener, partition_lines(system_io(), folder));
  return newest_log(system_io(), LogPlace(folder, LogName{line}));
}

ListenerId listener_of(const std::string& text) {
  if (const auto id = parse_listener_id(text)) return *id;
  const std::string folded = fold(text);
  const Digest digest = sha256("name:" + (folded.empty() ? text : folded));
  ListenerId id;
  for (std::size_t i = 0; i < 8; ++i) id.value = id.value << 8 | digest.bytes[i];
  return id;
}

namespace {

// By this process, or by the worker when that has the ledger. The record's index.
Result<std::uint64_t> erase(const Arguments& arguments, const LogPlace& log, ListenerId listener) {
  auto ledger = open_ledger(arguments, log);
  if (ledger) {
    const auto index = (*ledger)->erase(listener);
    if (!index) return index;
    const auto ok = (*ledger)->publish();
    return ok ? index : std::unexpected(ok.error());
  }
  if (ledger.error().code != Errc::kConflict) return std::unexpected(ledger.error());
  const auto said = ask(log, "erase-" + to_string(listener), "");
  return said ? Result<std::uint64_t>(std::stoull(*said)) : std::unexpected(said.error());
}

}  // namespace

int run_erase(const Arguments& arguments) {
  const ListenerId listener = listener_of(arguments.listener);
  const LogPlace log = log_of(arguments, listener);
  const auto index = erase(arguments, log, listener);
  if (!index && index.error().code == Errc::kNotFound) {
    std::cerr << "groove-ledger: this listener has no key: never recorded, or already erased\n";
    return kNo;
  }
  if (!index) return report_writing(index.error());
  Arguments asked = arguments;
  asked.index = *index;
  asked.log = log.log.line;
  std::cerr << "the key is destroyed; record " << *index
            << " says so. This is its proof, to give to the listener:\n";
  return run_prove(asked);
}

int rebuild_tiles(const Arguments& arguments) {
  const auto log = log_place(arguments);
  if (!log) return report(log.error());
  const auto ledger = open_ledger(arguments, *log);
  if (!ledger) return report_writing(ledger.error());
  std::cerr << (*ledger)->rebuilt()
            << " published files were not as they should be, and are made anew\n";
  return kYes;
}

int store_cosigned(const Arguments& arguments, const std::string& note, std::uint64_t size) {
  const auto log = log_place(arguments);
  if (!log) return report(log.error());
  auto ledger = open_ledger(arguments, *log);
  if (ledger) {
    const auto ok = (*ledger)->cosigned(note);
    return ok ? kYes : report_writing(ok.error());
  }
  if (ledger.error().code != Errc::kConflict) return report_writing(ledger.error());
  const auto said = ask(*log, "cosigned-" + std::to_string(size), note);
  return said ? kYes : report_writing(said.error());
}

}  // namespace groove::ledger
