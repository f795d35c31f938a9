#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/lines.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/public_log.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"
#include "workers/progress.h"
#include "workers/text.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

Result<std::unique_ptr<Ledger>> open_ledger(const Arguments& arguments) {
  static const SystemClock clock;
  Ledger::Options options;
  if (!arguments.origin.empty()) options.origin = arguments.origin;
  return Ledger::open(system_io(), ledger_folder(arguments), clock, options);
}

// A folder that holds a checkpoint is a public log by itself.
fs::path published_folder(const Arguments& arguments) {
  if (fs::exists(arguments.folder / "checkpoint")) return arguments.folder;
  return public_folder(ledger_folder(arguments));
}

// The key that was given, else the one that lies beside the log: good against accidents, but
// whoever forges a log can put their own key beside it.
Result<VerifierKey> verifier_key(const Arguments& arguments, const fs::path& folder) {
  const bool is_key = !arguments.vkey.empty() && !fs::exists(arguments.vkey);
  if (is_key) return parse_vkey(arguments.vkey);
  const auto text = read_file(arguments.vkey.empty() ? folder / "vkey" : fs::path(arguments.vkey));
  if (!text)
    return fail(Errc::kInvalid, "say whose log it is: --vkey KEY, or a file that holds it");
  return parse_vkey(text->substr(0, text->find('\n')));
}

Result<PublicLog> open_public(const Arguments& arguments, const fs::path& folder) {
  const auto key = verifier_key(arguments, folder);
  if (!key) return std::unexpected(key.error());
  return PublicLog::open(system_io(), folder, *key);
}

ListenerId listener_of(const std::string& text) {
  if (const auto id = parse_listener_id(text)) return *id;
  const std::string folded = fold(text);
  const Digest digest = sha256("name:" + (folded.empty() ? text : folded));
  ListenerId id;
  for (std::size_t i = 0; i < 8; ++i) id.value = id.value << 8 | digest.bytes[i];
  return id;
}

void say(const Arguments& arguments, const json::object& facts, const std::string& sentence) {
  std::cout << (arguments.as_json ? json::serialize(facts) : sentence) << '\n';
}

int verified(const Arguments& arguments, const Checkpoint& head, const std::string& what) {
  say(arguments,
      {{"ok", true}, {"origin", head.origin}, {"size", head.size}, {"root", to_string(head.root)}},
      what + "\norigin   " + head.origin + "\nsize     " + std::to_string(head.size) +
          "\nroot     " + to_string(head.root));
  return kYes;
}

int refuted(const Arguments& arguments, const Error& error) {
  if (error.code != Errc::kCorrupt) return report(error);
  say(arguments, {{"ok", false}, {"wrong", error.message}}, "WRONG    " + error.message);
  return kNo;
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
  auto ledger = open_ledger(arguments);
  if (!ledger) return report_writing(ledger.error());
  const auto index = (*ledger)->erase(listener_of(arguments.listener));
  if (!index && index.error().code == Errc::kNotFound) {
    std::cerr << "groove-ledger: this listener has no key: never recorded, or already erased\n";
    return kNo;
  }
  if (!index) return report_writing(index.error());
  if (auto ok = (*ledger)->publish(); !ok) return report_writing(ok.error());
  Arguments asked = arguments;
  asked.index = *index;
  std::cerr << "the key is destroyed; record " << *index
            << " says so. This is its proof, to give to the listener:\n";
  return run_prove(asked);
}

int run_prove(const Arguments& arguments) {
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  if (arguments.old_size) {
    const auto growth = log->prove_growth(*arguments.old_size, arguments.size);
    if (!growth) return report(growth.error());
    std::cout << encode_growth(*growth);
    return kYes;
  }
  const auto proof = log->prove(arguments.index, arguments.size);
  if (!proof) return report(proof.error());
  if (arguments.as_json) {
    json::array hashes;
    for (const Digest& hash : proof->hashes) hashes.emplace_back(to_string(hash));
    std::cout << json::serialize(json::object{{"index", proof->index},
                                              {"leaf", to_hex(proof->extra)},
                                              {"hashes", hashes},
                                              {"checkpoint", proof->checkpoint}})
              << '\n';
  } else {
    std::cout << encode_proof(*proof);
  }
  return kYes;
}

int run_export(const Arguments& arguments) {
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  for (std::uint64_t index = 0; index < log->head().size; ++index) {
    const auto bytes = log->leaf(index);
    const auto leaf = bytes ? decode_leaf(*bytes) : std::unexpected(bytes.error());
    if (!leaf) return refuted(arguments, leaf.error());
    std::cout << json::serialize(json::object{{"index", leaf->index},
                                              {"kind", std::string(name(leaf->kind))},
                                              {"time_us", leaf->time_us},
                                              {"entry_id", to_string(leaf->entry_id)},
                                              {"leaf_hash", to_string(leaf_hash(*bytes))},
                                              {"body", json::parse(body_json(*leaf))},
                                              {"leaf", to_hex(*bytes)}})
              << '\n';
  }
  return kYes;
}

int run_verify_proof(const Arguments& arguments) {
  const auto text = read_file(arguments.folder);
  if (!text) return report(text.error());
  const auto proof = decode_proof(*text);
  if (!proof) return refuted(arguments, proof.error());
  const auto key = verifier_key(arguments, arguments.folder.parent_path());
  if (!key) return report(key.error());
  std::string leaf = proof->extra;
  if (!arguments.leaf.empty()) {
    auto given = read_file(arguments.leaf);
    if (!given) return report(given.error());
    leaf = std::move(*given);
  }
  if (leaf.empty())
    return report({Errc::kInvalid, "the proof does not carry its leaf; give it with --leaf FILE"});
  const auto head = check_proof(*proof, leaf_hash(leaf), *key);
  if (!head) return refuted(arguments, head.error());
  return verified(arguments, *head,
                  "record " + std::to_string(proof->index) + " is in the log that was signed");
}

int run_verify_public(const Arguments& arguments, const fs::path& folder) {
  std::optional<std::string> since;
  if (!arguments.since.empty()) {
    auto note = read_file(arguments.since);
    if (!note) return report(note.error());
    since = std::move(*note);
  }
  Status ok;
  // The writer drops partial tiles that are full; a reader in between looks again.
  for (int looks = 0; looks < 3; ++looks) {
    const auto log = open_public(arguments, folder);
    if (!log) return refuted(arguments, log.error());
    constexpr std::uint64_t kLong = 200'000;
    std::optional<Progress> progress;
    if (log->head().size > kLong) progress.emplace("verifying", log->head().size, "records");
    ok = log->verify(since, [&](std::uint64_t leaves) {
      if (progress) progress->at(leaves);
    });
    progress.reset();
    if (ok) return verified(arguments, log->head(), "every published byte is as it was signed");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return refuted(arguments, ok.error());
}

}  // namespace groove::ledger
