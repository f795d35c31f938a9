// groove-ledger: the ledger's process and what people ask of a ledger.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>

#include "ledger/convert.h"
#include "ledger/entry.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/verify.h"
#include "workers/base/clock.h"
#include "workers/log.h"
#include "workers/places.h"
#include "workers/progress.h"
#include "workers/shutdown.h"
#include "workers/worker.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr int kYes = 0, kNo = 1, kUnreadable = 2;

struct Arguments {
  fs::path data, folder;  // of the house; of a ledger
  std::string run, redis, name = "ledger-1";
  std::uint64_t index = 0;
  bool as_json = false;
};

int report(const Error& error) {
  std::cerr << "groove-ledger: " << error.message << '\n';
  return error.code == Errc::kCorrupt ? kNo : kUnreadable;
}

// Takes DATA, DATA/ledger or DATA/ledger/private: people will point at any of them.
fs::path ledger_folder(const Arguments& given) {
  fs::path folder = given.folder.empty() ? Places{.data = given.data}.ledger() : given.folder;
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "private") return folder.parent_path();
  if (!fs::exists(segment_folder(folder)) && fs::exists(segment_folder(folder / "ledger")))
    return folder / "ledger";
  return folder;
}

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(segment_folder(folder), ignored))
    if (parse_segment_name(file.path().filename().string())) bytes += file.file_size();
  return bytes;
}

void print(const Verdict& verdict, bool as_json) {
  if (as_json) {
    json::object out = {{"ok", verdict.ok()},
                        {"entries", verdict.entries},
                        {"segments", verdict.segments},
                        {"origin", verdict.origin},
                        {"head", to_string(verdict.head)},
                        {"root", to_string(verdict.root)}};
    if (!verdict.ok()) out["wrong"] = verdict.wrong;
    std::cout << json::serialize(out) << '\n';
    return;
  }
  if (!verdict.ok()) std::cout << "WRONG    " << verdict.wrong << '\n';
  std::cout << "entries  " << verdict.entries << (verdict.ok() ? "" : " before it, unharmed")
            << "\norigin   " << verdict.origin << "\nhead     " << to_string(verdict.head)
            << "\nroot     " << to_string(verdict.root) << '\n';
  if (verdict.ok()) std::cout << "every byte is as it was written\n";
}

int run_verify(const Arguments& arguments) {
  const fs::path folder = ledger_folder(arguments);
  constexpr std::uint64_t kLong = 32 * 1024 * 1024;  // shorter ones are done before one can look
  const std::uint64_t total = bytes_in(folder);
  std::optional<Progress> progress;
  if (total > kLong) progress.emplace("verifying", total, "bytes");
  const auto verdict =
      verify(system_io(), folder,
             {.progress =
                  [&](std::uint64_t done) {
                    if (progress) progress->at(done);
                  },
              .pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }});
  progress.reset();
  if (!verdict) return report(verdict.error());
  print(*verdict, arguments.as_json);
  return verdict->ok() ? kYes : kNo;
}

int run_show(const Arguments& arguments) {
  const auto entry = read_entry(system_io(), ledger_folder(arguments), arguments.index);
  if (!entry) return report(entry.error());
  const Leaf& leaf = entry->leaf;
  json::object out = {{"index", leaf.index},
                      {"kind", std::string(name(leaf.kind))},
                      {"time_us", leaf.time_us},
                      {"entry_id", to_string(leaf.entry_id)},
                      {"prev", to_string(leaf.prev)},
                      {"leaf_hash", to_string(entry->leaf_hash)},
                      {"body", json::parse(body_json(leaf))}};
  if (!entry->payload.empty()) out["payload"] = json::parse(payload_json(entry->payload));
  if (arguments.as_json) {
    std::cout << json::serialize(out) << '\n';
    return kYes;
  }
  for (const auto& field : out)
    std::cout << field.key() << std::string(11 - field.key().size(), ' ')
              << (field.value().is_string() ? std::string(field.value().as_string())
                                            : json::serialize(field.value()))
              << '\n';
  return kYes;
}

int run_worker_process(const Arguments& arguments) {
  watch_for_stop();
  start_log(arguments.name);
  auto places = find_places(arguments.data, arguments.run, arguments.redis);
  if (!places) return report(places.error());
  const SystemClock clock;
  auto ledger = Ledger::open(system_io(), places->ledger(), clock);
  if (!ledger) return report(ledger.error());
  // The record must come from the durable copy, so frames only say where to look.
  return run_worker(
      {.stage = Stage::kLedger, .name = arguments.name, .places = *places, .durable_only = true},
      **ledger);
}

void add_ledger_options(CLI::App& command, Arguments& arguments) {
  auto* data = command.add_option("--data", arguments.data, "Groove's data folder");
  auto* folder = command.add_option("DIR", arguments.folder, "or the ledger's own folder");
  data->excludes(folder);
  command.add_flag("--json", arguments.as_json, "Print JSON");
}

int dispatch(int argc, char** argv) {
  CLI::App app("The ledger: a log of all answers in which every byte can be checked");
  app.require_subcommand(1);
  Arguments arguments;

  CLI::App& verify_command = *app.add_subcommand("verify", "Check every byte of a ledger");
  add_ledger_options(verify_command, arguments);

  CLI::App& show_command = *app.add_subcommand("show", "Print one record");
  show_command.add_option("INDEX", arguments.index, "Which record; 0 is the genesis")->required();
  add_ledger_options(show_command, arguments);

  CLI::App& run_command = *app.add_subcommand("run", "Record what the scorers answer");
  run_command.add_option("--data", arguments.data, "Groove's data folder")->required();
  run_command.add_option("--run", arguments.run, "Folder of the sockets (default: DATA/run)");
  run_command.add_option("--redis", arguments.redis, "unix:PATH or tcp:HOST:PORT");
  run_command.add_option("--name", arguments.name, "This worker's name, stable over restarts");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (run_command.parsed()) return run_worker_process(arguments);
  if (arguments.data.empty() && arguments.folder.empty()) {
    std::cerr << "groove-ledger: say which ledger: --data DATA or its folder\n";
    return kUnreadable;
  }
  return verify_command.parsed() ? run_verify(arguments) : run_show(arguments);
}

}  // namespace
}  // namespace groove::ledger

int main(int argc, char** argv) {
  try {
    return groove::ledger::dispatch(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "groove-ledger: " << error.what() << '\n';
    return 2;
  }
}
