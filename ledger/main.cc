// groove-ledger: the ledger's process and what people ask of a ledger.
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>

#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/entry.h"
#include "ledger/io.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/public_log.h"
#include "ledger/replay.h"
#include "ledger/verify.h"
#include "workers/base/clock.h"
#include "workers/base/limits.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"
#include "workers/places.h"
#include "workers/progress.h"
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

namespace {

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

// The published log is of the records that are in the segments: the chain makes the last published
// record stand for all before it.
Status same_records(const fs::path& folder) {
  const auto text = read_file(public_folder(folder) / "vkey");
  if (!text) return std::unexpected(text.error());
  const auto key = parse_vkey(text->substr(0, text->find('\n')));
  if (!key) return std::unexpected(key.error());
  const auto log = PublicLog::open(system_io(), public_folder(folder), *key);
  if (!log) return std::unexpected(log.error());
  const std::uint64_t last = log->head().size - 1;
  const auto leaf = log->leaf(last);
  if (!leaf) return std::unexpected(leaf.error());
  const auto entry = read_entry(system_io(), folder, last);
  if (!entry || entry->leaf_hash != leaf_hash(*leaf))
    return fail(Errc::kCorrupt,
                "record " + std::to_string(last) + " is not the one that was published");
  return {};
}

int compare_with_published(const Arguments& arguments, const fs::path& folder) {
  const fs::path published = public_folder(folder);
  if (!fs::exists(published / "checkpoint")) return kYes;
  std::ostringstream said;
  auto* const out = std::cout.rdbuf(said.rdbuf());  // one verdict is printed, not two
  const int verdict = run_verify_public(arguments, published);
  std::cout.rdbuf(out);
  if (verdict != kYes) {
    std::cout << said.str();
    return verdict;
  }
  const auto same = same_records(folder);
  return same ? kYes : report(same.error());
}

int run_verify(const Arguments& arguments) {
  if (is_address(arguments.folder)) return run_verify_public(arguments, arguments.folder);
  if (fs::is_regular_file(arguments.folder)) return run_verify_proof(arguments);
  const fs::path folder = ledger_folder(arguments);
  if (!fs::exists(segment_folder(folder)) && fs::exists(arguments.folder / "checkpoint"))
    return run_verify_public(arguments, arguments.folder);
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
  if (verdict->ok())
    if (const int published = compare_with_published(arguments, folder); published != kYes)
      return published;
  print(*verdict, arguments.as_json);
  return verdict->ok() ? kYes : kNo;
}

int run_audit(const Arguments& arguments) {
  const int verdict = run_verify(arguments);
  return verdict == kYes ? run_replay_all(arguments) : verdict;
}

int run_fsck(const Arguments& arguments) {
  if (arguments.rebuild)
    if (const int rebuilt = rebuild_tiles(arguments); rebuilt != kYes) return rebuilt;
  const int verdict = run_verify(arguments);
  return verdict == kNo ? kDamaged : verdict;
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
  if (arguments.open && is_sealed(entry->payload)) {
    const auto content = open_entry(system_io(), ledger_folder(arguments), *entry);
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

int run_worker_process(const Arguments& arguments) {
  auto worker = begin_worker(arguments.worker, Stage::kLedger);
  if (!worker) return report(worker.error());
  const SystemClock clock;
  auto ledger = take_over(worker->places.ledger(), clock);
  if (stop_requested()) return kYes;
  if (!ledger) return report_writing(ledger.error());
  worker->durable_only = true;  // the record must come from the durable copy
  return run_worker(*worker, **ledger);
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

  on_ledger("init", "Make a ledger and its key; prints the key that verifies it", run_init)
      ->add_option("--origin", arguments.origin, "Its name, like example.org/groove");
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
