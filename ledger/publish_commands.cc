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
namespace json = boost::json;

constexpr auto kWorkerPatience = std::chrono::seconds(30);

Result<std::unique_ptr<Ledger>> open_ledger(const Arguments& arguments) {
  static const SystemClock clock;
  Ledger::Options options;
  if (!arguments.origin.empty()) options.origin = arguments.origin;
  return Ledger::open(system_io(), ledger_folder(arguments), clock, options);
}

ListenerId listener_of(const std::string& text) {
  if (const auto id = parse_listener_id(text)) return *id;
  const std::string folded = fold(text);
  const Digest digest = sha256("name:" + (folded.empty() ? text : folded));
  ListenerId id;
  for (std::size_t i = 0; i < 8; ++i) id.value = id.value << 8 | digest.bytes[i];
  return id;
}

// By this process, or by the worker when that has the ledger. The record's index.
Result<std::uint64_t> erase(const Arguments& arguments, ListenerId listener) {
  auto ledger = open_ledger(arguments);
  if (ledger) {
    const auto index = (*ledger)->erase(listener);
    if (!index) return index;
    const auto ok = (*ledger)->publish();
    return ok ? index : std::unexpected(ok.error());
  }
  if (ledger.error().code != Errc::kConflict) return std::unexpected(ledger.error());
  const auto said = ask_worker(system_io(), ledger_folder(arguments),
                               "erase-" + to_string(listener), "", kWorkerPatience);
  if (!said) return fail(Errc::kConflict, said.error().message);
  if (said->starts_with("none ")) return fail(Errc::kNotFound, said->substr(5));
  if (!said->starts_with("done ")) return fail(Errc::kUnavailable, "the worker says: " + *said);
  return std::stoull(said->substr(5));
}

}  // namespace

int run_init(const Arguments& arguments) {
  auto ledger = open_ledger(arguments);
  if (!ledger) return report_writing(ledger.error());
  if (auto ok = (*ledger)->publish(); !ok) return report_writing(ok.error());
  const auto vkey = read_file(public_folder(ledger_folder(arguments)) / "vkey");
  if (!vkey) return report_writing(vkey.error());
  const std::string key = vkey->substr(0, vkey->size() - 1);
  say(arguments, {{"vkey", key}, {"size", (*ledger)->size()}}, key);
  return kYes;
}

int run_publish(const Arguments& arguments) {
  auto ledger = open_ledger(arguments);
  if (!ledger) return report_writing(ledger.error());
  if (auto ok = (*ledger)->publish(); !ok) return report_writing(ok.error());
  const std::uint64_t size = (*ledger)->published();
  say(arguments, {{"size", size}}, std::to_string(size) + " records are published");
  return kYes;
}

int run_erase(const Arguments& arguments) {
  const auto index = erase(arguments, listener_of(arguments.listener));
  if (!index && index.error().code == Errc::kNotFound) {
    std::cerr << "groove-ledger: this listener has no key: never recorded, or already erased\n";
    return kNo;
  }
  if (!index) return report_writing(index.error());
  Arguments asked = arguments;
  asked.index = *index;
  std::cerr << "the key is destroyed; record " << *index
            << " says so. This is its proof, to give to the listener:\n";
  return run_prove(asked);
}

int rebuild_tiles(const Arguments& arguments) {
  static const SystemClock clock;
  const auto ledger = Ledger::open(system_io(), ledger_folder(arguments), clock,
                                   {.origin = kOrigin, .build = {}, .rebuild_tiles = true});
  if (!ledger) return report_writing(ledger.error());
  std::cerr << (*ledger)->rebuilt()
            << " published files were not as they should be, and are made anew\n";
  return kYes;
}

int store_cosigned(const Arguments& arguments, const std::string& note, std::uint64_t size) {
  auto ledger = open_ledger(arguments);
  if (ledger) {
    const auto ok = (*ledger)->cosigned(note);
    return ok ? kYes : report_writing(ok.error());
  }
  if (ledger.error().code != Errc::kConflict) return report_writing(ledger.error());
  const auto said = ask_worker(system_io(), ledger_folder(arguments),
                               "cosigned-" + std::to_string(size), note, kWorkerPatience);
  if (!said) return report_writing({Errc::kConflict, said.error().message});
  return said->starts_with("done ") ? kYes : report_writing({Errc::kUnavailable, *said});
}

}  // namespace groove::ledger
