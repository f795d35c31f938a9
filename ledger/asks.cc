#include "ledger/asks.h"

#include <thread>

#include "ledger/layout.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAnswered = ".answer";

}  // namespace

Result<std::string> ask_worker(Io& io, const LogPlace& log, const std::string& name,
                               const std::string& body, std::chrono::seconds patience) {
  const fs::path ask = ask_folder(log) / name;
  fs::path answer = ask;
  answer += kAnswered;
  Status ok = io.make_folder(ask_folder(log));
  if (ok) ok = replace_whole(io, ask, body);
  if (!ok) return std::unexpected(ok.error());
  const auto end = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < end) {
    auto said = read_whole(io, answer);
    if (said) {
      static_cast<void>(io.remove(answer));
      return said;
    }
    if (said.error().code != Errc::kNotFound) return said;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return fail(Errc::kUnavailable,
              "the ledger is in use, and who has it does not answer; what was asked for stays in " +
                  ask.string() + " and is done when a worker runs");
}

Status answer_asks(Io& io, const LogPlace& log, const Answer& answer) {
  const auto names = io.list(ask_folder(log));
  if (!names)
    return names.error().code == Errc::kNotFound ? Status{} : std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name.find('.') != name.npos) continue;  // in the making, or an answer
    const fs::path ask = ask_folder(log) / name;
    const auto body = read_whole(io, ask);
    if (!body) return std::unexpected(body.error());
    const std::string said = answer(name, *body);
    if (auto ok = replace_whole(io, ask_folder(log) / (name + std::string(kAnswered)), said); !ok)
      return ok;
    if (auto ok = io.remove(ask); !ok) return ok;
  }
  return {};
}

}  // namespace groove::ledger
