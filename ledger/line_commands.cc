// Beginning logs, publishing them, and going on: another log, another key.
#include <boost/json.hpp>
#include <iostream>

#include "ledger/commands.h"
#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/root.h"
#include "ledger/verify_house.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

LogPlace first_line(const Arguments& arguments) { return LogPlace(ledger_folder(arguments)); }

std::string vkey_of(const Ledger& ledger) {
  const auto text = read_whole(system_io(), public_folder(ledger.place()) / "vkey");
  return text ? text->substr(0, text->find('\n')) : "";
}

// The heads of all logs, once more in the root.
Status publish_root(Ledger& root) {
  if (auto ok = gather_heads(system_io(), root); !ok) return ok;
  return root.publish();
}

Status begin_partitions(const Arguments& arguments, Ledger& root) {
  const fs::path house = root.place().ledger;
  const std::size_t there = partition_lines(system_io(), house).size();
  if (there > arguments.logs || (there == 0 && root.size() > 1))
    return fail(Errc::kInvalid, "this ledger has begun with " +
                                    std::string(there == 0 ? "one log" : "more logs") +
                                    "; how many there are is settled for good when it begins");
  for (unsigned number = 0; number < arguments.logs; ++number) {
    const std::string line = partition_line(number);
    Arguments one = arguments;
    one.origin = root.origin() + line.substr(line.rfind('/'));
    auto log = open_ledger(one, LogPlace(house, LogName{line}));
    if (!log) return std::unexpected(log.error());
    if (auto ok = (*log)->publish(); !ok) return ok;
  }
  return publish_root(root);
}

// By this process, or by the worker that has the log.
template <class Work>
int here_or_by_worker(const Arguments& arguments, const std::string& what, const std::string& body,
                      Work work) {
  const auto log = log_place(arguments);
  if (!log) return report(log.error());
  Arguments plain = arguments;
  plain.origin.clear();
  auto ledger = open_ledger(plain, *log);
  Status ok = ledger ? work(**ledger) : std::unexpected(ledger.error());
  if (!ledger && ledger.error().code == Errc::kConflict) {
    const auto said = ask(*log, what, body);
    ok = said ? Status{} : std::unexpected(said.error());
  }
  if (!ok) return report_writing(ok.error());
  const LogPlace now = newest_log(system_io(), LogPlace(log->ledger, LogName{log->log.line}));
  const auto key = read_whole(system_io(), public_folder(now) / "vkey");
  if (!key) return report_writing(key.error());
  const std::string text = key->substr(0, key->find('\n'));
  say(arguments, {{"log", now.name()}, {"vkey", text}}, text);
  return kYes;
}

}  // namespace

int run_init(const Arguments& arguments) {
  auto ledger = open_ledger(arguments, first_line(arguments));
  if (!ledger) return report_writing(ledger.error());
  Status ok = (*ledger)->publish();
  if (ok && arguments.logs > 0) ok = begin_partitions(arguments, **ledger);
  if (!ok) return report_writing(ok.error());
  const std::string key = vkey_of(**ledger);
  say(arguments, {{"vkey", key}, {"size", (*ledger)->size()}}, key);
  return kYes;
}

int run_publish(const Arguments& arguments) {
  std::uint64_t size = 0;
  for (const std::string& line : partition_lines(system_io(), ledger_folder(arguments))) {
    auto log = open_ledger(arguments, LogPlace(ledger_folder(arguments), LogName{line}));
    if (!log) return report_writing(log.error());
    if (auto ok = (*log)->publish(); !ok) return report_writing(ok.error());
    size += (*log)->published();
  }
  auto ledger = open_ledger(arguments, first_line(arguments));
  if (!ledger) return report_writing(ledger.error());
  const bool is_root = !partition_lines(system_io(), ledger_folder(arguments)).empty();
  if (auto ok = is_root ? publish_root(**ledger) : (*ledger)->publish(); !ok)
    return report_writing(ok.error());
  size += (*ledger)->published();
  say(arguments, {{"size", size}}, std::to_string(size) + " records are published");
  return kYes;
}

int run_rotate(const Arguments& arguments) {
  return here_or_by_worker(arguments, "rotate", arguments.origin, [&](Ledger& ledger) {
    const Status ok = ledger.rotate(arguments.origin);
    return ok ? ledger.publish() : ok;
  });
}

int run_rotate_key(const Arguments& arguments) {
  if (arguments.finish)
    return here_or_by_worker(arguments, "drop-old-key", "",
                             [](Ledger& ledger) { return ledger.drop_old_key(); });
  return here_or_by_worker(arguments, "rotate-key", "",
                           [](Ledger& ledger) { return ledger.change_key(); });
}

}  // namespace groove::ledger
