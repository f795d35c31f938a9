// What strangers do with a log: verify it or a proof, prove, export.
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <thread>

#include "ledger/archive.h"
#include "ledger/commands.h"
#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/policy.h"
#include "ledger/http.h"
#include "ledger/layout.h"
#include "ledger/public_log.h"
#include "ledger/remote_io.h"
#include "ledger/root.h"
#include "ledger/verify_house.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"
#include "workers/progress.h"
#include "workers/text.h"

namespace groove::ledger {

namespace fs = std::filesystem;
namespace json = boost::json;

void say(const Arguments& arguments, const json::object& facts, const std::string& sentence) {
  std::cout << (arguments.as_json ? json::serialize(facts) : sentence) << '\n';
}

bool is_address(const fs::path& place) {
  return place.string().starts_with("http://") || place.string().starts_with("https://");
}

// A folder that holds a checkpoint is a public log by itself.
fs::path published_folder(const Arguments& arguments) {
  const auto name = parse_log_name(arguments.log);
  if (is_address(arguments.folder) || fs::exists(arguments.folder / "checkpoint"))
    return name && !name->text().empty() ? arguments.folder / name->text() : arguments.folder;
  const auto log = log_place(arguments);
  return log ? public_folder(*log) : fs::path();
}

namespace {

Io& io_for(const fs::path& place) {
  static const auto remote = remote_io(exchange);
  return is_address(place) ? *remote : system_io();
}

Result<std::optional<Policy>> policy_of(const Arguments& arguments) {
  if (arguments.policy.empty()) return std::nullopt;
  const auto text = read_file(arguments.policy);
  if (!text) return std::unexpected(text.error());
  auto policy = parse_policy(*text);
  if (!policy) return std::unexpected(policy.error());
  return std::move(*policy);
}

// The key that was given, else the one that lies beside the log: good against accidents, but
// whoever forges a log can put their own key beside it.
Result<VerifierKey> verifier_key(const Arguments& arguments, const fs::path& folder) {
  if (const auto policy = policy_of(arguments); !policy || *policy)
    return policy ? Result<VerifierKey>((*policy)->log) : std::unexpected(policy.error());
  if (arguments.vkey.empty() && is_address(folder))
    return fail(Errc::kInvalid, "say whose log it is: --vkey KEY; the address could name any");
  const bool is_key = !arguments.vkey.empty() && !fs::exists(arguments.vkey);
  if (is_key) return parse_vkey(arguments.vkey);
  const auto text = read_file(arguments.vkey.empty() ? folder / "vkey" : fs::path(arguments.vkey));
  if (!text)
    return fail(Errc::kInvalid, "say whose log it is: --vkey KEY, or a file that holds it");
  return parse_vkey(text->substr(0, text->find('\n')));
}

}  // namespace

Result<PublicLog> open_public(const Arguments& arguments, const fs::path& folder) {
  const auto key = verifier_key(arguments, folder);
  if (!key) return std::unexpected(key.error());
  return PublicLog::open(io_for(folder), folder, *key);
}

int refuted(const Arguments& arguments, const Error& error) {
  if (error.code != Errc::kCorrupt) return report(error);
  say(arguments, {{"ok", false}, {"wrong", error.message}}, "WRONG    " + error.message);
  return kNo;
}

namespace {

int verified(const Arguments& arguments, const Checkpoint& head, const std::string& what,
             std::string_view answer = {}) {
  json::object facts = {
      {"ok", true}, {"origin", head.origin}, {"size", head.size}, {"root", to_string(head.root)}};
  if (!answer.empty()) facts["answer"] = json::parse(payload_json(answer));
  say(arguments, facts,
      what + "\norigin   " + head.origin + "\nsize     " + std::to_string(head.size) +
          "\nroot     " + to_string(head.root));
  return kYes;
}

// The newest head that enough witnesses have signed.
int check_policy(const Arguments& arguments, const PublicLog& log, const Policy& policy) {
  const auto head =
      log.newest([&](const std::string& note) { return open_cosigned(note, policy); });
  if (!head)
    return refuted(arguments,
                   {Errc::kCorrupt, "no head is signed by " + policy.members[policy.quorum].name +
                                        " of the policy"});
  return verified(arguments, *head,
                  "every published byte is as it was signed, and up to here the policy holds");
}

int export_tiles(const Arguments& arguments, const PublicLog& log) {
  const auto key = verifier_key(arguments, published_folder(arguments));
  if (!key) return report(key.error());
  const std::uint64_t files = 2 * (log.head().size / kTileWidth + 1);
  std::optional<Progress> progress;
  if (files > 1000) progress.emplace("exporting", files, "files");
  const auto ok = write_archive(log, key->text() + "\n", STDOUT_FILENO, [&](std::uint64_t done) {
    if (progress) progress->at(std::min(done, files));
  });
  return ok ? kYes : report(ok.error());
}

// With the root's current log beside those of the partitions.
int prove_by_root(const Arguments& arguments, const PublicLog& log) {
  Arguments of_root = arguments;
  of_root.log.clear();
  const auto root = open_public(of_root, published_folder(of_root));
  if (!root) return report(root.error());
  const auto proof = prove_rooted(*root, log, arguments.index);
  if (!proof) return report(proof.error());
  std::cout << encode_rooted(*proof);
  return kYes;
}

}  // namespace

int run_prove(const Arguments& arguments) {
  const auto log = open_public(arguments, published_folder(arguments));
  if (!log) return report(log.error());
  if (arguments.old_size) {
    const auto growth = log->prove_growth(*arguments.old_size, arguments.size);
    if (!growth) return report(growth.error());
    std::cout << encode_growth(*growth);
    return kYes;
  }
  if (arguments.rooted) return prove_by_root(arguments, *log);
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
  if (arguments.format == "tiles-zip") return export_tiles(arguments, *log);
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
  const auto rooted = decode_rooted(*text);
  if (rooted && !*rooted) return refuted(arguments, rooted->error());
  const auto proof = rooted ? Result<TlogProof>((**rooted).record) : decode_proof(*text);
  if (!proof) return refuted(arguments, proof.error());
  const auto key = verifier_key(arguments, arguments.folder.parent_path());
  if (!key) return report(key.error());
  const auto receipt = open_receipt(proof->extra);
  if (!receipt) return refuted(arguments, receipt.error());
  std::string leaf = receipt->leaf;
  if (!arguments.leaf.empty()) {
    auto given = read_file(arguments.leaf);
    if (!given) return report(given.error());
    leaf = std::move(*given);
  }
  if (leaf.empty())
    return report({Errc::kInvalid, "the proof does not carry its leaf; give it with --leaf FILE"});
  const auto head = rooted ? check_rooted(**rooted, leaf_hash(leaf), *key)
                           : check_proof(*proof, leaf_hash(leaf), *key);
  if (!head) return refuted(arguments, head.error());
  return verified(arguments, *head,
                  "record " + std::to_string(proof->index) + " is in the log that was signed" +
                      (receipt->answer.empty() ? "" : "\nanswer   " + in_short(receipt->answer)),
                  receipt->answer);
}

namespace {

// A log's last word: that another goes on. Both are verified, and that they fit.
struct Verified {
  Checkpoint head;
  std::uint64_t logs = 1;
  std::string key;      // of the last, where it is not the one that was given
  std::string goes_on;  // in a log that is not here
};

Result<History> verify_patiently(const PublicLog& log, const std::optional<std::string>& since) {
  constexpr std::uint64_t kLong = 200'000;
  std::optional<Progress> progress;
  if (log.head().size > kLong) progress.emplace("verifying", log.head().size, "records");
  return log.verify(since, [&](std::uint64_t leaves) {
    if (progress) progress->at(leaves);
  });
}

Result<Verified> verify_on(const PublicLog& first, const fs::path& folder, const LogName& name,
                           const std::optional<std::string>& since, bool alone) {
  auto history = verify_patiently(first, since);
  if (!history) return std::unexpected(history.error());
  Verified out{first.head(), 1, first.key().text(), ""};
  std::optional<PublicLog> log = first;
  fs::path line = folder;
  if (name.generation > 1) line = folder.parent_path();
  for (unsigned number = name.generation + 1; history->next() && !alone; ++number) {
    const VerifierKey& key = *history->next();
    out.goes_on = key.text();
    auto next = PublicLog::open(io_for(line), line / std::to_string(number), key);
    if (!next && next.error().code == Errc::kNotFound) return out;
    if (!next) return std::unexpected(next.error());
    if (auto ok = verify_joint(*log, *next); !ok) return std::unexpected(ok.error());
    history = verify_patiently(*next, std::nullopt);
    if (!history) return std::unexpected(history.error());
    out = {next->head(), out.logs + 1, next->key().text(), ""};
    log.emplace(std::move(*next));
  }
  return out;
}

std::string in_words(const Verified& done) {
  std::string text = "every published byte is as it was signed";
  if (done.logs > 1)
    text += "\nlogs     " + std::to_string(done.logs) + ", each naming the next; this is the last";
  if (!done.goes_on.empty())
    text += "\nsealed   it goes on, elsewhere, with the key " + done.goes_on;
  return text + "\nkey      " + done.key;
}

}  // namespace

int run_verify_public(const Arguments& arguments, const fs::path& folder) {
  std::optional<std::string> since;
  if (!arguments.since.empty()) {
    auto note = read_file(arguments.since);
    if (!note) return report(note.error());
    since = std::move(*note);
  }
  const auto policy = policy_of(arguments);
  if (!policy) return report(policy.error());
  const LogName name = parse_log_name(arguments.log).value_or(LogName{});
  Result<Verified> done;
  // The writer drops partial tiles that are full; a reader in between looks again.
  for (int looks = 0; looks < 3; ++looks) {
    const auto log = open_public(arguments, folder);
    if (!log) return refuted(arguments, log.error());
    done = verify_on(*log, folder, name, since, arguments.alone);
    if (done && *policy) return check_policy(arguments, *log, **policy);
    if (done) return verified(arguments, done->head, in_words(*done));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return refuted(arguments, done.error());
}

}  // namespace groove::ledger
