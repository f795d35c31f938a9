#include "ledger/verify.h"

#include <utility>

#include "ledger/layout.h"
#include "ledger/walk.h"

namespace groove::ledger {
namespace {

constexpr int kLooks = 5;  // at an end that does not move

std::string torn_end(std::uint64_t next, const Walk::End& end) {
  return "group starting at record " + std::to_string(next) + ": " +
         std::to_string(end.tail_bytes) + " bytes at the end are not yet a whole group (" +
         end.torn +
         "): a write that was cut short, which the ledger's next start cuts off, or damage";
}

// What is wrong with the groups from where the walk stands, as they are just now.
std::string take_once(std::string_view bytes, bool last, Walk& walk) {
  const auto end = walk.take(bytes);
  if (!end) return end.error().message;
  if (end->torn.empty()) return "";
  if (last) return torn_end(walk.size(), *end);
  return "group starting at record " + std::to_string(walk.size()) + ": " + end->torn;
}

class Verification {
 public:
  Verification(Io& io, std::filesystem::path folder, const VerifyHooks& hooks)
      : io_(io), folder_(std::move(folder)), hooks_(hooks) {}

  // Empty: the segment is as it should be.
  Result<std::string> segment(const std::string& name, bool last) {
    auto bytes = read(name);
    if (!bytes) return bytes;
    if (auto ok = walk_.enter(*bytes, name); !ok) return ok.error().message;
    std::string wrong = take_once(*bytes, last, walk_);
    for (int looks = 1; last && !wrong.empty() && looks < kLooks; ++looks) {
      hooks_.pause();
      const std::size_t before = walk_.place();
      if (bytes = read(name); !bytes) return bytes;
      wrong = take_once(*bytes, last, walk_);
      if (walk_.place() != before) looks = 0;
    }
    done_ += bytes->size();
    if (hooks_.progress) hooks_.progress(done_);
    return wrong;
  }

  const Walk& walk() const { return walk_; }

 private:
  Result<std::string> read(const std::string& name) { return read_whole(io_, folder_ / name); }

  Io& io_;
  std::filesystem::path folder_;
  const VerifyHooks& hooks_;
  Walk walk_{Walk::Depth::kPayloads, nullptr};
  std::uint64_t done_ = 0;
};

}  // namespace

Result<Verdict> verify(Io& io, const LogPlace& log, const VerifyHooks& hooks) {
  auto names = list_segments(io, log);
  if (!names) return std::unexpected(names.error());
  Verification verification(io, segment_folder(log), hooks);
  Verdict verdict;
  for (const std::string& name : *names) {
    auto wrong = verification.segment(name, name == names->back());
    if (!wrong) return std::unexpected(wrong.error());
    verdict.wrong = *wrong;
    if (!verdict.ok()) break;
    ++verdict.segments;
  }
  const Walk& walk = verification.walk();
  verdict.entries = walk.size();
  verdict.origin = walk.history().genesis().origin;
  verdict.root = walk.tree().root();
  if (walk.begun()) verdict.head = walk.chain().head();
  if (verdict.ok() && !walk.begun()) verdict.wrong = "record 0: the genesis record is not there";
  return verdict;
}

}  // namespace groove::ledger
