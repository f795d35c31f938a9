#include "workers/doorkeeper.h"

#include <spdlog/spdlog.h>

#include <array>
#include <string_view>
#include <vector>

#include "workers/base/clock.h"
#include "workers/base/limits.h"
#include "workers/ticker.h"

namespace groove {
namespace {

constexpr auto kLookForStop = std::chrono::milliseconds(100);
constexpr std::size_t kKeyBytes = 32;

std::vector<std::string> receive_parts(zmq::socket_t& socket) {
  std::vector<std::string> parts;
  zmq::message_t part;
  do {
    if (zmq_msg_recv(part.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) return {};
    parts.push_back(part.to_string());
  } while (part.more());
  return parts;
}

// A request's parts: who asks and an empty one (this is a ROUTER), then version, request id,
// domain, address, identity, mechanism and, of CURVE, the public key of who wants in, in binary.
enum Part : std::size_t {
  kAsker,
  kEmpty,
  kVersion,
  kId,
  kDomain,
  kAddress,
  kIdentity,
  kMechanism,
  kKey,
  kParts
};

// In Z85; empty when the request is not one of a CURVE client to our sockets.
std::string key_of(const std::vector<std::string>& request) {
  if (request[kVersion] != "1.0" || request[kDomain] != kBusDomain ||
      request[kMechanism] != "CURVE" || request[kKey].size() != kKeyBytes)
    return {};
  std::array<char, kBusKeyChars + 1> text{};
  const auto* key = reinterpret_cast<const std::uint8_t*>(request[kKey].data());
  return zmq_z85_encode(text.data(), key, kKeyBytes) ? text.data() : std::string();
}

void welcome(zmq::socket_t& socket, const std::vector<std::string>& request) {
  const std::array<std::string_view, 8> parts = {request[kAsker], "", "1.0", request[kId],
                                                 "200",           "", "",    ""};
  for (std::size_t i = 0; i < parts.size(); ++i)
    zmq_send(socket.handle(), parts[i].data(), parts[i].size(),
             i + 1 < parts.size() ? ZMQ_SNDMORE : 0);
}

}  // namespace

Doorkeeper::Doorkeeper(zmq::context_t& context, AllowList& allowed)
    : allowed_(allowed), requests_(context, zmq::socket_type::router) {
  requests_.set(zmq::sockopt::linger, 0);
  requests_.bind("inproc://zeromq.zap.01");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Doorkeeper::run(const std::stop_token& stop) {
  const SystemClock clock;
  Ticker telling(clock, limits::kRefusedTellEvery);
  while (!stop.stop_requested()) {
    zmq_pollitem_t item = {requests_.handle(), 0, ZMQ_POLLIN, 0};
    if (zmq_poll(&item, 1, kLookForStop.count()) > 0) answer();
    if (told_ != refused_ && telling.due()) tell();
  }
}

// Who is not listed gets no answer, and tries again when its handshake has timed out: told "no", a
// client would give up for good (libzmq does so at 400 and, often, at 300), and the list may get
// its key any moment.
void Doorkeeper::answer() {
  const std::vector<std::string> request = receive_parts(requests_);
  if (request.size() != kParts) return;
  const std::string key = key_of(request);
  if (!key.empty() && allowed_.allows(key)) return welcome(requests_, request);
  ++refused_;
  last_refused_ = request[kAddress] + " with key " + key;
}

void Doorkeeper::tell() {
  const std::uint64_t all = refused_;
  spdlog::warn("turned away from the bus: {}, last {}, which DATA/bus/allowed does not have",
               all - told_, last_refused_);
  told_ = all;
}

}  // namespace groove
