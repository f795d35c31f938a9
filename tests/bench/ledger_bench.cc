// Appends a second in groups of 1, 8 and 64, beside what the disk gives for the same bytes: one
// pwrite and one fdatasync a group, nothing else. The ratio is ours over the disk's, same run.
// And how fast leaves are verified, without a disk.
//
//   ledger_bench [--benchmark_filter=...]     TMPDIR chooses the disk
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/segment.h"
#include "ledger/store.h"
#include "ledger/verify.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPayloadBytes = 6'000;  // about what a batch of 20 songs takes

// /tmp may be in memory, so it is a folder of the working directory unless TMPDIR is set.
class Folder {
 public:
  Folder() {
    const char* given = std::getenv("TMPDIR");
    std::string path = (fs::path(given ? given : ".") / "ledger-bench-XXXXXX").string();
    GROOVE_CHECK(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

EventId next_id() {
  static std::uint64_t number = 0;
  EventId id;
  ++number;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

// What the disk alone does: writes of the same size into zeros written ahead, each synced.
class RawDisk {
 public:
  explicit RawDisk(const fs::path& file) : fd_(::open(file.c_str(), O_RDWR | O_CREAT, 0600)) {
    GROOVE_CHECK(fd_ >= 0);
    const std::string zeros(kSize, '\0');
    GROOVE_CHECK(::pwrite(fd_, zeros.data(), kSize, 0) == static_cast<ssize_t>(kSize));
    GROOVE_CHECK(::fdatasync(fd_) == 0);
  }
  ~RawDisk() { ::close(fd_); }

  void write(const std::string& bytes) {
    if (at_ + bytes.size() > kSize) at_ = 0;
    GROOVE_CHECK(::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at_)) ==
                 static_cast<ssize_t>(bytes.size()));
    GROOVE_CHECK(::fdatasync(fd_) == 0);
    at_ += bytes.size();
  }

 private:
  static constexpr std::size_t kSize = 64 * 1024 * 1024;
  int fd_;
  std::size_t at_ = 0;
};

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The two take turns, so that a noisy neighbour disturbs both alike.
void append(benchmark::State& state) {
  const Folder folder;
  const SystemClock clock;
  auto store = Store::open(system_io(), folder.path() / "ledger", clock,
                           {.origin = "bench.test/ledger", .visit = nullptr})
                   .value();
  RawDisk raw(folder.path() / "raw");
  const auto group = static_cast<std::size_t>(state.range(0));
  const std::string payload(kPayloadBytes, 'p');
  const std::size_t record = item_bytes(kLeafHeadBytes + batch_body(payload).size(), kPayloadBytes);
  const std::string bytes(group_bytes(group * record), 'r');
  double ours = 0, disks = 0;
  for (auto _ : state) {
    const double seconds = seconds_of([&] {
      for (std::size_t i = 0; i < group; ++i)
        GROOVE_CHECK(store->append(next_id(), Kind::kBatch, batch_body(payload), payload));
      GROOVE_CHECK(store->sync());
    });
    state.SetIterationTime(seconds);
    ours += seconds;
    disks += seconds_of([&] { raw.write(bytes); });
  }
  const double records = static_cast<double>(state.iterations()) * static_cast<double>(group);
  state.counters["appends/s"] = records / ours;
  state.counters["disk/s"] = records / disks;
  state.counters["ratio"] = disks / ours;
}
BENCHMARK(append)->Arg(1)->Arg(8)->Arg(64)->UseManualTime()->MinTime(2.0);

void verify_ledger(benchmark::State& state) {
  const Folder folder;
  const SystemClock clock;
  const auto payload = std::string(static_cast<std::size_t>(state.range(0)), 'p');
  constexpr std::uint64_t kRecords = 20'000;
  {
    auto store = Store::open(system_io(), folder.path(), clock,
                             {.origin = "bench.test/ledger", .visit = nullptr})
                     .value();
    for (std::uint64_t i = 0; i < kRecords; ++i)
      GROOVE_CHECK(store->append(next_id(), Kind::kBatch, batch_body(payload), payload));
    GROOVE_CHECK(store->sync());
  }
  for (auto _ : state) {
    const auto verdict = verify(system_io(), folder.path(), {.progress = nullptr, .pause = [] {}});
    GROOVE_CHECK(verdict && verdict->ok());
  }
  state.counters["leaves/s"] = benchmark::Counter(static_cast<double>(kRecords),
                                                  benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(verify_ledger)->Arg(0)->Arg(400)->Arg(kPayloadBytes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace groove::ledger
