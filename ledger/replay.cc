#include "ledger/replay.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/convert.h"
#include "ledger/key_store.h"
#include "ledger/layout.h"
#include "ledger/log_bodies.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

// A file in memory, for a child to read or write.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("groove-replay", MFD_CLOEXEC)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(fd_); }

  int fd() const { return fd_; }
  bool fill(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto n = ::write(fd_, bytes.data(), bytes.size());
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::lseek(fd_, 0, SEEK_SET) == 0;
  }
  std::string content() const {
    std::string bytes;
    char block[65536];
    off_t at = 0;
    for (ssize_t n; (n = ::pread(fd_, block, sizeof block, at)) > 0; at += n)
      bytes.append(block, static_cast<std::size_t>(n));
    return bytes;
  }

 private:
  int fd_;
};

// The program's exit code; nothing when it did not run to its end.
std::optional<int> run(const std::vector<std::string>& words, int in, int out) {
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), ::environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (error != 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status))
    return std::nullopt;
  return WEXITSTATUS(status);
}

}  // namespace

Result<Content> open_entry(Io& io, const LogPlace& log, const Entry& entry) {
  if (entry.leaf.kind != Kind::kBatch || !is_sealed(entry.payload))
    return fail(Errc::kInvalid, "nothing is sealed in record " + std::to_string(entry.leaf.index));
  const auto sealed = sealed_for(entry.payload);
  if (!sealed) return std::unexpected(sealed.error());
  const auto key = KeyStore(io, key_folder(log)).find_by_id(sealed->key_id);
  if (!key) return std::unexpected(key.error());
  const auto genesis = read_entry(io, log, 0);
  if (!genesis) return std::unexpected(genesis.error());
  const auto begun = genesis_of(genesis->leaf.body);
  if (!begun) return std::unexpected(begun.error());
  return open_payload(*key, begun->origin, entry.leaf.entry_id, entry.payload);
}

Result<std::string> replay(const Replay& with, const Content& content) {
  const auto recorded = recorded_batch(content.output);
  if (!recorded) return std::unexpected(recorded.error());
  if (content.input.empty())
    return fail(Errc::kInvalid, "no input is recorded with this batch, so it cannot be replayed");
  const MemoryFile in, out;
  if (!in.fill(content.input)) return fail(Errc::kUnavailable, "no memory for the input");
  const auto code = run({with.scorer.string(), "replay", "--data", with.data.string(), "--sequence",
                         std::to_string(recorded->sequence), "--event", to_string(recorded->event)},
                        in.fd(), out.fd());
  if (code != 0)
    return fail(Errc::kUnavailable, with.scorer.string() + " could not compute the batch anew");
  return first_difference(recorded->batch, out.content());
}

}  // namespace groove::ledger
