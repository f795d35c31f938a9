// groove-ledger: the ledger's process and what people ask of a ledger.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/entry.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/logs.h"
#include "ledger/replay.h"
#include "workers/base/clock.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"
#include "workers/places.h"
#include "workers/run_command.h"
#include "workers/shutdown.h"
#include "workers/worker.h"

namespace groove::ledger {

namespace fs = std::filesystem;
namespace json = boost::json;

int report(const Error& error) {
  std::cerr << "groove-ledger: " << error.message << '\n';
  return error.code == Errc::kCorrupt ? kNo : kUnreadable;
}

int report_writing(const Error& error) {
  report(error);
  if (error.code == Errc::kConflict) return kLocked;
  return error.code == Errc::kCorrupt ? kDamaged : kUnreadable;
}

fs::path ledger_folder(const Arguments& given) {
  fs::path folder = given.folder.empty() ? Places{.data = given.data}.ledger() : given.folder;
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "private") return folder.parent_path();
  if (!fs::exists(segment_folder(folder)) && fs::exists(segment_folder(folder / "ledger")))
    return folder / "ledger";
  return folder;
}

Result<LogPlace> log_place(const Arguments& given) {
  const fs::path folder = ledger_folder(given);
  const auto name = parse_log_name(given.log);
  if (!name)
    return fail(Errc::kInvalid, "--log takes 2, logs/03 or logs/03/2, not \"" + given.log + "\"");
  const LogPlace log(folder, *name);
  return given.log == name->line ? newest_log(system_io(), log) : log;
}

namespace {

int run_show(const Arguments& arguments) {
  const auto log = log_place(arguments);
  const auto entry =
      log ? read_entry(system_io(), *log, arguments.index) : std::unexpected(log.error());
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
  if (arguments.open && is_sealed(entry->payload)) {
    const auto content = open_entry(system_io(), *log, *entry);
    if (!content) return report(content.error());
    out["opened"] = json::parse(payload_json(content->output));
  }
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

// Of the program that computes the batches; zeros where it is not.
Digest scorer_digest() {
  const auto bytes = read_file(scorer_program());
  return bytes ? sha256(*bytes) : Digest{};
}

// The ledger, once nobody else writes it: a second process waits here as a stand-by.
Result<std::unique_ptr<Ledger>> take_over(const fs::path& folder, const Clock& clock) {
  const Digest build = scorer_digest();
  for (bool told = false;; told = true) {
    auto ledger = Ledger::open(system_io(), folder, clock, {.build = build});
    if (ledger || ledger.error().code != Errc::kConflict || stop_requested()) return ledger;
    if (!told) spdlog::info("standing by: {}", ledger.error().message);
    clock.pause(limits::kStandByEvery);
  }
}

// In a house of several logs each worker holds some of them, and none is idle while one is free.
int run_logs(WorkerOptions& worker) {
  const SystemClock clock;
  const auto logs = Logs::open(system_io(), worker.places.ledger(), clock,
                               {.build = scorer_digest()}, worker.name);
  return logs ? run_worker(worker, **logs) : report_writing(logs.error());
}

int run_worker_process(const Arguments& arguments) {
  auto worker = begin_worker(arguments.worker, Stage::kLedger);
  if (!worker) return report(worker.error());
  worker->durable_only = true;  // the record must come from the durable copy
  if (!partition_lines(system_io(), worker->places.ledger()).empty()) return run_logs(*worker);
  const SystemClock clock;
  auto ledger = take_over(worker->places.ledger(), clock);
  if (stop_requested()) return kYes;
  if (!ledger) return report_writing(ledger.error());
  return run_worker(*worker, **ledger);
}

void add_ledger_options(CLI::App& command, Arguments& arguments) {
  auto* data = command.add_option("--data", arguments.data, "Groove's data folder");
  auto* folder = command.add_option("DIR", arguments.folder, "or the ledger's own folder");
  data->excludes(folder);
  command.add_option("--log", arguments.log,
                     "Which of a house's logs: 2, logs/03, logs/03/2; the first line's last one, "
                     "unless given");
  command.add_flag("--json", arguments.as_json, "Print JSON");
}

int dispatch(int argc, char** argv) {
  CLI::App app("The ledger: a log of all answers in which every byte can be checked");
  app.require_subcommand(1);
  Arguments arguments;
  std::map<const CLI::App*, int (*)(const Arguments&)> commands;
  const auto command = [&](const char* name, const char* help, int (*run)(const Arguments&)) {
    CLI::App* added = app.add_subcommand(name, help);
    commands[added] = run;
    return added;
  };
  const auto on_ledger = [&](const char* name, const char* help, int (*run)(const Arguments&)) {
    CLI::App* added = command(name, help, run);
    add_ledger_options(*added, arguments);
    return added;
  };
  const auto takes_key = [&](CLI::App* reader) {
    reader->add_option("--vkey", arguments.vkey, "The log's key, or a file that holds it");
  };

  CLI::App* init_command =
      on_ledger("init", "Make a ledger and its key; prints the key that verifies it", run_init);
  init_command->add_option("--origin", arguments.origin, "Its name, like example.org/groove");
  init_command
      ->add_option("--logs", arguments.logs,
                   "Share the records among so many logs under a root log, for good")
      ->check(CLI::Range(2, 64));
  on_ledger("rotate", "Seal the log and go on in a new one", run_rotate)
      ->add_option("--origin", arguments.origin, "The new one's name; this one's and a number");
  on_ledger("rotate-key", "Have a new key sign the log, beside the old one", run_rotate_key)
      ->add_flag("--finish", arguments.finish, "Destroy the old key: the new one signs alone");
  on_ledger("publish", "Publish what is recorded and sign its head", run_publish);
  CLI::App* verify_command =
      on_ledger("verify", "Check every byte: a ledger, its public folder, or a proof", run_verify);
  takes_key(verify_command);
  verify_command->add_option("--leaf", arguments.leaf, "The record that a proof is of");
  verify_command->add_option("--since", arguments.since, "A checkpoint that was kept");
  verify_command->add_option("--policy", arguments.policy, "Whom to trust (C2SP tlog-policy)")
      ->check(CLI::ExistingFile);
  CLI::App* fsck_command = on_ledger("fsck", "As verify, but exit code 3 for damage", run_fsck);
  takes_key(fsck_command);
  fsck_command->add_flag("--rebuild-tiles", arguments.rebuild,
                         "First make what is published anew from the records");

  CLI::App* show_command = app.add_subcommand("show", "Print one record");
  commands[show_command] = run_show;
  show_command->add_option("INDEX", arguments.index, "Which record; 0 is the genesis")->required();
  add_ledger_options(*show_command, arguments);
  show_command->add_flag("--open", arguments.open, "And what is sealed in it, with its key");

  CLI::App* prove_command = app.add_subcommand("prove", "Print a proof that verifies offline");
  commands[prove_command] = run_prove;
  prove_command->add_option("INDEX", arguments.index, "Of this record");
  prove_command->add_option("--consistency", arguments.old_size,
                            "That the log grew from this size");
  prove_command->add_option("--size", arguments.size,
                            "In the log of this size, whose head is kept");
  prove_command->add_flag("--rooted", arguments.rooted,
                          "By the root log's key alone, in a house of several logs");
  add_ledger_options(*prove_command, arguments);
  takes_key(prove_command);

  CLI::App* export_command = on_ledger("export", "Print what is published", run_export);
  export_command
      ->add_option("--format", arguments.format, "jsonl: a line a record; tiles-zip: all files")
      ->check(CLI::IsMember({"jsonl", "tiles-zip"}));
  takes_key(export_command);
  CLI::App* replay_command =
      command("replay", "Compute a batch anew and compare it with its record", run_replay);
  auto* which = replay_command->add_option("INDEX", arguments.index, "Which record");
  auto* sample = replay_command->add_option(
      "--sample", arguments.sample, "So many batches, drawn by the root of the published head");
  sample->excludes(which);
  add_ledger_options(*replay_command, arguments);
  takes_key(on_ledger("audit", "Verify, then replay all that can be opened", run_audit));
  on_ledger("erase", "Destroy a listener's key and print the proof of it", run_erase)
      ->add_option("--listener", arguments.listener, "Their name, or their id in hex")
      ->required();

  CLI::App* witness_command =
      on_ledger("witness", "Have witnesses sign the published head", run_witness);
  witness_command->add_option("--policy", arguments.policy, "The witnesses (C2SP tlog-policy)")
      ->required();
  CLI::App* anchor_command =
      on_ledger("anchor", "Have the published head timestamped (OpenTimestamps)", run_anchor);
  auto* calendar = anchor_command->add_option("--calendar", arguments.calendar, "Its address");
  auto* show_anchor = anchor_command->add_option("--show", arguments.size,
                                                 "Print what is attested of the head of that size");
  calendar->excludes(show_anchor);
  takes_key(anchor_command);

  CLI::App* run_command = command("run", "Record what the scorers answer", run_worker_process);
  add_worker_options(*run_command, arguments.worker);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnreadable;
  }
  if (!run_command->parsed() && arguments.data.empty() && arguments.folder.empty()) {
    std::cerr << "groove-ledger: say which ledger: --data DATA or its folder\n";
    return kUnreadable;
  }
  return commands.at(app.get_subcommands().front())(arguments);
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
