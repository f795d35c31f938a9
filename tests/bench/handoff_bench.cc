// The hand-off alone: accepted events through all its stages – real Redis, real ZeroMQ, real
// processes, handlers that compute nothing – with this machine's floors measured beside it.
//
//   handoff_bench [--events N] [--workers W]     without --workers: 1, 2 and 4 of each stage
//
// For each number of workers and each of Redis's two safe profiles (`no`, `always`): one event at a
// time (p50, p99), many under way (events a second), and the processor time an event costs, by
// process. The floors: one ZeroMQ round trip, one accept in Redis, one fdatasync.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <thread>
#include <zmq.hpp>

#include "tests/support/redis_server.h"
#include "tests/support/temp_dir.h"
#include "workers/bus.h"
#include "workers/bus_host.h"
#include "workers/handoff.h"
#include "workers/redis.h"
#include "workers/shutdown.h"
#include "workers/worker.h"

namespace groove {
namespace {

using Clock = std::chrono::steady_clock;
using test::RedisServer;
using test::TempDir;

constexpr std::size_t kStateBytes = 1'024, kBatchBytes = 1'536, kListeners = 64, kUnderWay = 512;

double us_since(Clock::time_point began) {
  return std::chrono::duration<double, std::micro>(Clock::now() - began).count();
}

double percentile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1,
                         static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

template <class Action>
double median_us(std::size_t count, Action action) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto began = Clock::now();
    action();
    times.push_back(us_since(began));
  }
  return percentile(std::move(times), 0.5);
}

class IdleHandler final : public Handler {
 public:
  IdleHandler(Stage stage, const std::filesystem::path& folder) : stage_(stage) {
    if (stage == Stage::kLedger)
      log_ = open((folder / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  }
  bool wants(v1::Event::FactCase) const override { return stage_ >= Stage::kScore; }
  Result<Effect> handle(const Work& work) override {
    if (stage_ == Stage::kLedger) {
      v1::BatchRecorded answer;
      answer.set_sequence(work.sequence);
      answer.set_event_id(std::string(as_bytes(work.event)));
      answer.mutable_batch()->add_learned(std::string(kBatchBytes, 'b'));
      pending_ += answer.SerializeAsString();
      return Effect{std::nullopt, answer.SerializeAsString(), {}};
    }
    v1::Event event;
    event.mutable_batch_scored()->add_learned(std::string(kBatchBytes, 'b'));
    return Effect{std::string(kStateBytes, 's'), event.SerializeAsString(), {}};
  }
  Status flush() override {
    if (log_ < 0) return {};
    if (write(log_, pending_.data(), pending_.size()) < 0) return fail(Errc::kUnavailable, "log");
    pending_.clear();
    fdatasync(log_);
    return {};
  }

 private:
  Stage stage_;
  int log_ = -1;
  std::string pending_;
};

double cpu_us(pid_t pid) {
  std::ifstream stat(fmt::format("/proc/{}/stat", pid));
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// A house of `workers` of each stage (the ledger has one writer), and a gateway that is this
// process.
class House {
 public:
  House(const std::string& profile, int workers)
      : server_(folder_.path(), {"--appendfsync", profile}),
        redis_(io_, *RedisAddress::parse(server_.address())),
        sender_(&bus_),
        subscriber_(bus_) {
    for (const Stage stage : kStages)
      for (int n = 1; n <= (stage == Stage::kLedger ? 1 : workers); ++n) start(stage, n);
    find_workers(static_cast<std::size_t>(workers));
  }
  ~House() {
    for (const auto& [name, pid] : processes_) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  }

  // One event at a time, by feedback: accept to the heard answer, microseconds.
  std::vector<double> one_by_one(std::size_t count) {
    std::vector<double> times;
    for (std::size_t i = 0; i < count; ++i) {
      const auto began = Clock::now();
      say_some(1);
      while (hear() == 0) {
      }
      times.push_back(us_since(began));
    }
    return times;
  }

  // So many with kUnderWay on their way at most; events a second.
  double many(std::size_t count) {
    std::size_t said = 0, heard = 0;
    const auto began = Clock::now();
    while (heard < count) {
      const std::size_t room = std::min(kUnderWay - (said - heard), count - said);
      if (room >= 32 || said + room == count) {
        say_some(room);
        said += room;
      }
      heard += hear();
    }
    return static_cast<double>(count) / us_since(began) * 1e6;
  }

  std::map<std::string, double> cpu() {
    std::map<std::string, double> all;
    for (const auto& [name, pid] : processes_) all[name.substr(0, name.find('-'))] += cpu_us(pid);
    all["gateway"] = cpu_us(getpid());
    const auto info = redis_.roundtrip(RedisCommand{"INFO", "server"});
    const std::size_t at = info->text.find("process_id:");
    all["redis"] = cpu_us(std::stoi(info->text.substr(at + 11)));
    return all;
  }

  double accept_floor_us(std::size_t count) {
    return median_us(count, [&] { redis_.roundtrip(next_accept(ListenerId{1'000'000 + said_})); });
  }

 private:
  void start(Stage stage, int n) {
    const std::string name = fmt::format("{}-{}", groove::name(stage), n);
    const pid_t pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      watch_for_stop();
      spdlog::set_level(spdlog::level::err);
      IdleHandler handler(stage, folder_.path());
      WorkerOptions options{stage,
                            name,
                            {folder_.path(), folder_.path(), server_.address()},
                            stage == Stage::kLedger};
      _exit(run_worker(options, handler));
    }
    processes_[name] = pid;
  }

  void find_workers(std::size_t workers) {
    std::vector<std::string> endpoints;
    for (const Stage stage : kStages) {
      std::vector<handoff::Member> members;
      while (members.size() < (stage == Stage::kLedger ? 1 : workers))
        members = *handoff::members(redis_.roundtrip(handoff::register_member(stage, nullptr)));
      sender_.set_members(stage, members);
      for (const handoff::Member& member : members) endpoints.push_back(member.notices);
    }
    subscriber_.set_publishers(endpoints);
    for (std::size_t i = 0; i < 20; ++i) {  // until every link is warm
      say_some(kListeners);
      for (std::size_t heard = 0; heard < kListeners;) heard += hear();
    }
  }

  RedisCommand next_accept(ListenerId listener) {
    ++said_;
    EventId id;
    for (int i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(said_ >> (8 * i));
    v1::Event event;
    event.mutable_feedback_given()->add_verdicts()->set_song_id("song");
    last_text_ = handoff::message(id, event.SerializeAsString());
    return handoff::accept(listener, Stage::kScore, last_text_);
  }

  void say_some(std::size_t count) {
    std::vector<RedisCommand> commands;
    std::vector<std::pair<ListenerId, std::string>> texts;
    for (std::size_t i = 0; i < count; ++i) {
      const ListenerId listener{1 + said_ % kListeners};
      commands.push_back(next_accept(listener));
      texts.emplace_back(listener, last_text_);
    }
    const auto replies = redis_.roundtrip(std::move(commands));
    for (std::size_t i = 0; i < count; ++i) {
      const auto accepted = handoff::accepted(replies[i], texts[i].first, texts[i].second);
      if (!accepted) throw std::runtime_error(accepted.error().message);
      if (accepted->entry) sender_.send(*accepted->entry);
      under_way_[texts[i].first.value] = accepted->sequence;
    }
  }

  // How many answers came. Those that the bus lost are seen with a later one of their listener.
  std::size_t hear() {
    const auto heard = subscriber_.receive(std::chrono::milliseconds(300));
    if (!heard) return catch_up();
    if (!heard->notice.has_recorded()) return 0;
    return advance(heard->listener.value, heard->notice.recorded().sequence());
  }
  std::size_t advance(std::uint64_t listener, std::uint64_t sequence) {
    std::uint64_t& reached = heard_[listener];
    if (sequence <= reached) return 0;
    return static_cast<std::size_t>(sequence - std::exchange(reached, sequence));
  }
  std::size_t catch_up() {
    std::size_t news = 0;
    for (const auto& [listener, said] : under_way_) {
      const auto progress =
          handoff::progress(redis_.roundtrip(handoff::read_progress(ListenerId{listener})));
      if (progress) news += advance(listener, progress->recorded);
    }
    return news;
  }

  TempDir folder_;
  RedisServer server_;
  boost::asio::io_context io_;
  Redis redis_;
  BusHost bus_;
  BusSender sender_;
  NoticeSubscriber subscriber_;
  std::map<std::string, pid_t> processes_;
  std::map<std::uint64_t, std::uint64_t> under_way_, heard_;
  std::uint64_t said_ = 0;
  std::string last_text_;
};

double zmq_floor_us(std::size_t count) {
  TempDir folder;
  const std::string there = "ipc://" + (folder.path() / "there").string(),
                    back = "ipc://" + (folder.path() / "back").string();
  const pid_t echo = fork();
  if (echo == 0) {
    zmq::context_t context;
    zmq::socket_t in(context, zmq::socket_type::pull), out(context, zmq::socket_type::push);
    in.bind(there);
    out.connect(back);
    zmq::message_t frame;
    while (in.recv(frame)) out.send(frame, zmq::send_flags::none);
  }
  zmq::context_t context;
  zmq::socket_t in(context, zmq::socket_type::pull), out(context, zmq::socket_type::push);
  in.bind(back);
  out.connect(there);
  const auto once = [&] {
    zmq::message_t frame(200);
    out.send(frame, zmq::send_flags::none);
    (void)in.recv(frame);
  };
  for (int i = 0; i < 100; ++i) once();
  const double floor = median_us(count, once);
  kill(echo, SIGKILL);
  waitpid(echo, nullptr, 0);
  return floor;
}

double fdatasync_floor_us(std::size_t count) {
  TempDir folder;
  const int file = open((folder.path() / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::string bytes(4'096, 'x');
  const double floor = median_us(count, [&] {
    if (write(file, bytes.data(), bytes.size()) < 0) throw std::runtime_error("write");
    fdatasync(file);
  });
  close(file);
  return floor;
}

void measure(const std::string& profile, int workers, std::size_t events) {
  House house(profile, workers);
  const auto times = house.one_by_one(events / 10);
  const double accept = house.accept_floor_us(500);
  const auto before = house.cpu();
  const double rate = house.many(events);
  fmt::print(
      "{:6}  {} a stage: one at a time p50 {:.2f} ms, p99 {:.2f} ms; many: {:.0f} a second; "
      "accept alone {:.0f} us; us of processor an event:",
      profile, workers, percentile(times, 0.5) / 1e3, percentile(times, 0.99) / 1e3, rate, accept);
  double all = 0;
  for (const auto& [name, us] : house.cpu()) {
    const double each = (us - before.at(name)) / static_cast<double>(events);
    all += each;
    fmt::print(" {} {:.0f}", name, each);
  }
  fmt::print(", all {:.0f}\n", all);
  std::fflush(stdout);
}

}  // namespace
}  // namespace groove

int main(int argc, char** argv) {
  CLI::App app("The hand-off's latency and rate, beside this machine's floors.");
  std::size_t events = 20'000;
  int workers = 0;
  app.add_option("--events", events, "how many with many under way");
  app.add_option("--workers", workers, "of each stage; without it 1, 2 and 4");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::err);
  fmt::print("floors: ZeroMQ round trip {:.0f} us, fdatasync of 4 KB {:.0f} us\n",
             groove::zmq_floor_us(5'000), groove::fdatasync_floor_us(500));
  for (const char* profile : {"no", "always"})
    for (const int n : workers ? std::vector<int>{workers} : std::vector<int>{1, 2, 4})
      groove::measure(profile, n, events);
}
