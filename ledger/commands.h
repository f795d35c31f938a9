// What people ask of a ledger besides running it. Each prints its result and returns the exit code.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/public_log.h"
#include "workers/base/result.h"
#include "workers/run_command.h"

namespace groove::ledger {

inline constexpr int kYes = 0, kNo = 1, kUnreadable = 2, kDamaged = 3, kLocked = 4;

struct Arguments {
  std::filesystem::path data, folder;  // of the house; of a ledger
  RunOptions worker{.name = "ledger-1"};
  std::string origin, vkey, listener, format = "jsonl", calendar, log;
  std::filesystem::path since, leaf, policy;
  std::uint64_t index = 0;
  std::optional<std::uint64_t> size, old_size, sample;
  bool as_json = false;
  bool open = false;
  bool rebuild = false;
  bool rooted = false;
  bool finish = false;
  bool alone = false;  // verify this log and not those that follow it
  unsigned logs = 0;
};

// Opens it for writing, or begins it.
Result<std::unique_ptr<Ledger>> open_ledger(const Arguments& arguments, const LogPlace& log);
// Has the worker that holds the log do it, and waits: what it answers. Errors: kConflict (no
// answer), kNotFound, kUnavailable.
Result<std::string> ask(const LogPlace& log, const std::string& what, const std::string& body);
int report(const Error& error);
// The same for commands that write: what is damaged is 3, a ledger in use 4.
int report_writing(const Error& error);
// Takes DATA, DATA/ledger or DATA/ledger/private: people will point at any of them.
std::filesystem::path ledger_folder(const Arguments& given);

// The log that was named, else the last one of the house's first line. Errors: kInvalid.
Result<LogPlace> log_place(const Arguments& given);
// Where the records of that listener are.
LogPlace log_of(const Arguments& given, ListenerId listener);
ListenerId listener_of(const std::string& text);  // a name, or an id in hex

// The facts as JSON, or the sentence.
void say(const Arguments& arguments, const boost::json::object& facts, const std::string& sentence);
bool is_address(const std::filesystem::path& place);
// A folder that holds a checkpoint is a public log by itself, and so is an address.
std::filesystem::path published_folder(const Arguments& arguments);
// With the key that was given, else the one that lies beside the log.
Result<PublicLog> open_public(const Arguments& arguments, const std::filesystem::path& folder);

int run_init(const Arguments& arguments);
int run_publish(const Arguments& arguments);
int run_rotate(const Arguments& arguments);
int run_rotate_key(const Arguments& arguments);
int run_erase(const Arguments& arguments);
int run_prove(const Arguments& arguments);
int run_export(const Arguments& arguments);
int run_witness(const Arguments& arguments);
int run_anchor(const Arguments& arguments);
int rebuild_tiles(const Arguments& arguments);
// A head with signatures of witnesses, kept by this process or by the worker.
int store_cosigned(const Arguments& arguments, const std::string& note, std::uint64_t size);
int run_replay(const Arguments& arguments);
// Says how many records came out the same, and which did not.
int run_replay_all(const Arguments& arguments);
// The program beside this one that computes batches.
std::filesystem::path scorer_program();
int run_verify(const Arguments& arguments);
int run_audit(const Arguments& arguments);
int run_fsck(const Arguments& arguments);
// What does not verify: said as JSON or in words. The exit code.
int refuted(const Arguments& arguments, const Error& error);
// Of a file that is a proof, or a folder that is a public log.
int run_verify_proof(const Arguments& arguments);
int run_verify_public(const Arguments& arguments, const std::filesystem::path& folder);

}  // namespace groove::ledger
