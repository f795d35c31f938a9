// Appends a second with 1 to 1,024 waiters, each of whom has one record on its way: a group is what
// waits when the last sync ends. Beside it, in the same run and turn by turn, so that a noisy
// neighbour disturbs all alike: the disk alone (one pwrite and one fdatasync of the same bytes) and
// SQLite (WAL, synchronous=FULL, the same bytes under a unique id), which has one writer at a time:
// one transaction an append, and the most it can do, all waiters' rows in one transaction. Then
// how long publishing takes, opening after kill -9, and how fast leaves are verified.
//
//   ledger_bench [--benchmark_filter=...]     TMPDIR chooses the disk
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "ledger/convert.h"
#include "ledger/core/hash.h"
#include "ledger/core/segment.h"
#include "ledger/ledger.h"
#include "ledger/store.h"
#include "ledger/verify.h"
#include "workers/base/check.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatchBytes = 6'000;  // about what a batch of 20 songs takes

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

// One table, one row a record.
class Sqlite {
 public:
  explicit Sqlite(const fs::path& file) {
    GROOVE_CHECK(sqlite3_open(file.c_str(), &db_) == SQLITE_OK);
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE log (number INTEGER PRIMARY KEY, id BLOB UNIQUE, record BLOB)");
    GROOVE_CHECK(sqlite3_prepare_v2(db_, "INSERT INTO log (id, record) VALUES (?, ?)", -1, &insert_,
                                    nullptr) == SQLITE_OK);
  }
  ~Sqlite() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }
  void write(std::size_t group, const std::string& record) {
    run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; i < group; ++i) {
      std::uint64_t id[2] = {number_ * 0x9e3779b97f4a7c15, number_};  // no order, as our ids
      ++number_;
      sqlite3_bind_blob(insert_, 1, id, sizeof id, SQLITE_TRANSIENT);
      sqlite3_bind_blob(insert_, 2, record.data(), static_cast<int>(record.size()), SQLITE_STATIC);
      GROOVE_CHECK(sqlite3_step(insert_) == SQLITE_DONE);
      sqlite3_reset(insert_);
    }
    run("COMMIT");
  }

 private:
  void run(const char* sql) {
    GROOVE_CHECK(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  std::uint64_t number_ = 0;
};

double seconds_of(auto&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void append(benchmark::State& state) {
  const Folder folder;
  const SystemClock clock;
  auto store = Store::open(system_io(), folder.path() / "ledger", clock,
                           {.origin = "bench.test/ledger", .visit = nullptr})
                   .value();
  RawDisk raw(folder.path() / "raw");
  Sqlite sqlite(folder.path() / "sqlite"), each(folder.path() / "sqlite-each");
  const auto waiters = static_cast<std::size_t>(state.range(0));
  const std::string payload(static_cast<std::size_t>(state.range(1)), 'p');
  const std::string body = batch_body(payload);
  const std::size_t record = item_bytes(kLeafHeadBytes + body.size(), payload.size());
  const std::string bytes(group_bytes(waiters * record), 'r'), row(record, 'r');
  double ours = 0, disks = 0, sqlites = 0, eachs = 0;
  for (auto _ : state) {
    const double seconds = seconds_of([&] {
      for (std::size_t i = 0; i < waiters; ++i)
        GROOVE_CHECK(store->append(next_id(), Kind::kBatch, batch_body(payload), payload));
      GROOVE_CHECK(store->sync());
    });
    state.SetIterationTime(seconds);
    ours += seconds;
    disks += seconds_of([&] { raw.write(bytes); });
    sqlites += seconds_of([&] { sqlite.write(waiters, row); });
    eachs += seconds_of([&] { each.write(1, row); });
  }
  const double records = static_cast<double>(state.iterations()) * static_cast<double>(waiters);
  state.counters["appends/s"] = records / ours;
  state.counters["disk/s"] = records / disks;
  state.counters["sqlite group/s"] = records / sqlites;
  state.counters["sqlite each/s"] = static_cast<double>(state.iterations()) / eachs;
}
BENCHMARK(append)->ArgsProduct({{1, 8, 64, 1024}, {400}})->UseManualTime()->MinTime(1.0);
BENCHMARK(append)->ArgsProduct({{1, 64}, {kBatchBytes}})->UseManualTime()->MinTime(1.0);

void add(Ledger& ledger) {
  v1::Event event;
  event.mutable_event_refused()->set_reason("no songs");
  GROOVE_CHECK(ledger.handle({.listener = {7},
                              .sequence = ledger.size(),
                              .event = next_id(),
                              .fact = event,
                              .state = ""}));
}

// With so many new records since the last head.
void publish(benchmark::State& state) {
  const Folder folder;
  const SystemClock clock;
  auto ledger = Ledger::open(system_io(), folder.path() / "ledger", clock, {}).value();
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) add(*ledger);
    GROOVE_CHECK(ledger->flush());
    state.SetIterationTime(seconds_of([&] { GROOVE_CHECK(ledger->publish()); }));
  }
}
BENCHMARK(publish)->Arg(1)->Arg(64)->Arg(1000)->UseManualTime()->Unit(benchmark::kMillisecond);

// The whole stage, as its process opens it; the writer was killed with the last group on its way.
void reopen(benchmark::State& state) {
  const Folder folder;
  const SystemClock clock;
  const fs::path place = folder.path() / "ledger";
  const pid_t child = ::fork();
  if (child == 0) {
    auto ledger = Ledger::open(system_io(), place, clock, {}).value();
    for (std::int64_t i = 1; i <= state.range(0); ++i) {
      add(*ledger);
      if (i % 1000 == 0) GROOVE_CHECK(ledger->flush());
      if (i == state.range(0) / 2) GROOVE_CHECK(ledger->publish());
    }
    ::raise(SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  for (auto _ : state) {
    auto ledger = Ledger::open(system_io(), place, clock, {});
    GROOVE_CHECK(ledger && (*ledger)->size() == static_cast<std::uint64_t>(state.range(0)) + 1);
    state.PauseTiming();
    ledger->reset();
    state.ResumeTiming();
  }
}
BENCHMARK(reopen)->Arg(1'000'000)->Iterations(3)->Unit(benchmark::kMillisecond);

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
BENCHMARK(verify_ledger)->Arg(0)->Arg(400)->Arg(kBatchBytes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace groove::ledger
