// Throws wrong frames and raw bytes at every socket of a running house, from one printed seed:
// replays, reorders, misdirections, ids and sequences off by one, other listeners, partitions and
// stages, foreign payloads, random frames, messages of several parts, one byte too many, bytes that
// are no ZeroMQ at all, and garbage at the web server. Nothing of it may change what the house
// does; frames_test.py looks whether it did.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "workers/base/limits.h"
#include "workers/bus_host.h"
#include "workers/envelope.h"
#include "workers/handoff.h"
#include "workers/membership.h"
#include "workers/redis.h"

namespace {

using namespace groove;
using handoff::Entry;
using handoff::Member;

constexpr std::size_t kPoolMax = 600;
constexpr std::size_t kHeldOpenMax = 40;
const std::string kGreeting =
    std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL", 16) + std::string(48, '\0');

class Storm {
 public:
  Storm(Redis& redis, std::uint16_t port, std::uint64_t seed)
      : redis_(redis), port_(port), dice_(seed) {}
  ~Storm() {
    for (const int fd : held_) ::close(fd);
  }

  void round() {
    look();
    for (int i = 0; i < 200; ++i) throw_frame();
    for (int i = 0; i < 8; ++i) throw_bytes();
    for (int i = 0; i < 8; ++i) throw_at_door();
  }
  std::string counts() const {
    return fmt::format("{} frames, {} raw connections, {} at the door, {} entries seen", frames_,
                       raw_, door_, seen_);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return dice_() % bound; }
  std::string bytes(std::size_t size) {
    std::string out(size, '\0');
    for (char& c : out) c = static_cast<char>(dice_());
    return out;
  }

  // Who works, and what waits just now: real entries to bend.
  void look() {
    for (const Stage stage : kStages) {
      members_[stage] = handoff::members(redis_.roundtrip(handoff::register_member(stage, nullptr)))
                            .value_or(std::vector<Member>());
      std::vector<RedisCommand> pulls;
      for (const std::uint32_t partition : all_partitions())
        pulls.push_back(handoff::pull(partition, stage, 4));
      for (const auto& reply : redis_.roundtrip(std::move(pulls)))
        for (Entry& entry : handoff::pulled(reply, stage).value_or(std::vector<Entry>()))
          remember(std::move(entry));
    }
  }
  void remember(Entry entry) {
    ++seen_;
    if (pool_.size() < kPoolMax)
      pool_.push_back(std::move(entry));
    else
      pool_[below(kPoolMax)] = std::move(entry);
  }

  void throw_frame() {
    if (pool_.empty()) return;
    const Stage stage = kStages[below(kStages.size())];
    const std::vector<Member>& there = members_[stage];
    if (there.empty()) return;
    const Member& to = there[below(there.size())];
    send(to, bent_frame(stage, to));
  }

  std::string bent_frame(Stage stage, const Member& to) {
    Entry entry = pool_[below(pool_.size())];
    std::uint64_t target = handoff::target_of(to);
    if (below(8) != 0) entry.stage = stage;
    switch (below(10)) {
      case 0:
        return bytes(below(300));
      case 1:
        entry.id = neighbour(entry.id);
        break;
      case 2:
        entry.sequence += below(2) ? 1 : -1;
        break;
      case 3:
        entry.listener.value += below(3);
        break;
      case 4:
        entry.message = pool_[below(pool_.size())].message;
        break;
      case 5:
        entry.message[below(entry.message.size())] ^= static_cast<char>(1 << below(8));
        break;
      case 6:
        target += below(2);
        break;
      case 7:
        entry.sequence += 1;
        entry.message = handoff::message(EventId{}, bytes(below(64)));
        break;
      default:
        break;  // a replay
    }
    std::string frame = encode_frame(entry, target);
    if (below(6) == 0) frame[below(48)] ^= static_cast<char>(1 << below(8));
    if (below(12) == 0) frame.resize(below(frame.size()));
    if (below(200) == 0) frame.resize(limits::kFrameBytesMax + 1);
    return frame;
  }
  std::string neighbour(const std::string& id) {
    const std::size_t dash = id.find('-');
    const auto ms = std::stoull(id), n = std::stoull(id.substr(dash + 1));
    return below(2) ? fmt::format("{}-{}", ms + below(3) - 1, n) : fmt::format("{}-{}", ms, n + 1);
  }

  void send(const Member& to, const std::string& frame) {
    zmq::socket_t& push = push_to(to.endpoint);
    const std::uint64_t parts = below(15) == 0 ? 2 + below(4) : 1;
    for (std::uint64_t i = 0; i < parts; ++i)
      push.send(zmq::buffer(frame), i + 1 < parts
                                        ? zmq::send_flags::sndmore | zmq::send_flags::dontwait
                                        : zmq::send_flags::dontwait);
    ++frames_;
  }
  // One socket an endpoint: a socket that is closed keeps its descriptors until ZeroMQ's reaper
  // comes by.
  zmq::socket_t& push_to(const std::string& endpoint) {
    const auto known = pushes_.find(endpoint);
    if (known != pushes_.end()) return known->second;
    zmq::socket_t push = host_.socket(zmq::socket_type::push);
    push.set(zmq::sockopt::linger, 0);
    host_.connect(push, endpoint);
    return pushes_.emplace(endpoint, std::move(push)).first->second;
  }

  // A connection to a socket of the bus that speaks no ZeroMQ, or stops in the middle of it.
  void throw_bytes() {
    const std::vector<Member>& there = members_[kStages[below(kStages.size())]];
    if (there.empty()) return;
    const Member& to = there[below(there.size())];
    const std::string path = (below(2) ? to.endpoint : to.notices).substr(6);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ++raw_;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      const std::string said = half_spoken();
      static_cast<void>(::send(fd, said.data(), said.size(), MSG_NOSIGNAL));
    }
    hold_or_close(fd);
  }
  std::string half_spoken() {
    // READY with no properties, and then frames: flag 1 is "more comes", 2 a long one.
    const std::string ready("\x04\x06\x05READY", 8);
    switch (below(5)) {
      case 0:
        return bytes(1 + below(200));
      case 1:
        return kGreeting.substr(0, below(kGreeting.size()));
      case 2:
        return kGreeting + ready + std::string("\x01\x03one", 5);
      case 3:
        return kGreeting + ready + std::string("\x02\xff\xff\xff\xff\xff\xff\xff\xff", 9) +
               bytes(40);
      default:
        return kGreeting + bytes(below(100));
    }
  }
  void hold_or_close(int fd) {
    if (below(3) != 0 || held_.size() >= kHeldOpenMax) {
      ::close(fd);
      return;
    }
    held_.push_back(fd);
    if (held_.size() == kHeldOpenMax) {
      ::close(held_.front());
      held_.erase(held_.begin());
    }
  }

  void throw_at_door() {
    namespace ip = boost::asio::ip;
    ++door_;
    boost::system::error_code error;
    ip::tcp::socket socket(io_);
    socket.connect({ip::make_address("127.0.0.1"), port_}, error);
    if (error) return;
    socket.write_some(boost::asio::buffer(door_words()), error);
    if (below(2)) socket.shutdown(ip::tcp::socket::shutdown_send, error);
  }
  std::string door_words() {
    const std::string host = fmt::format("Host: 127.0.0.1:{}\r\n", port_);
    switch (below(8)) {
      case 0:
        return bytes(1 + below(2'000));
      case 1:
        return "GET /api/session HTTP/1.1\r\n" + host;
      case 2:
        return "POST /api/feedback HTTP/1.1\r\n" + host +
               "Content-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{}";
      case 3:
        return "POST /api/session HTTP/1.1\r\n" + host +
               "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nffffffffffffffff\r\n";
      case 4:
        return "GET /" + bytes(300) + " HTTP/1.1\r\n" + host + "\r\n";
      case 5:
        return "GET / HTTP/1.1\r\n" + host + "Cookie: " + std::string(9'000, 'a') + "\r\n\r\n";
      case 6:
        return "POST /api/session HTTP/1.1\r\n" + host +
               "Content-Type: application/json\r\nContent-Length: 40\r\n\r\n" + bytes(40);
      default:
        return kGreeting + bytes(50);
    }
  }

  Redis& redis_;
  const std::uint16_t port_;
  std::mt19937_64 dice_;
  boost::asio::io_context io_;
  BusHost host_;
  std::map<Stage, std::vector<Member>> members_;
  std::map<std::string, zmq::socket_t> pushes_;
  std::vector<Entry> pool_;
  std::vector<int> held_;
  std::uint64_t frames_ = 0, raw_ = 0, door_ = 0, seen_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app("Throws wrong frames and bytes at a running house.");
  std::string redis_address;
  std::uint16_t port = 0;
  std::uint64_t seed = 1;
  int seconds = 10;
  app.add_option("--redis", redis_address, "Its Redis")->required();
  app.add_option("--port", port, "Its web server's port")->required();
  app.add_option("--seed", seed, "Same seed, same storm over the same entries");
  app.add_option("--seconds", seconds, "For how long");
  CLI11_PARSE(app, argc, argv);
  boost::asio::io_context io;
  Redis redis(io, RedisAddress::parse(redis_address).value());
  Storm storm(redis, port, seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (std::chrono::steady_clock::now() < end) storm.round();
  fmt::print("{}\n", storm.counts());
}
