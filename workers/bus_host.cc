#include "workers/bus_host.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace groove {
namespace {

constexpr std::string_view kKeyMark = "?key=";

bool is_tcp(std::string_view endpoint) { return endpoint.starts_with("tcp://"); }
bool is_ipc(std::string_view endpoint) { return endpoint.starts_with("ipc://"); }

// "tcp://10.0.0.2:4711?key=…" taken apart; an ipc endpoint has no key.
struct Registered {
  std::string endpoint, key;
};
Registered parse(const std::string& registered) {
  const std::size_t mark = registered.find(kKeyMark);
  if (!is_tcp(registered) || mark == std::string::npos) return {registered, {}};
  return {registered.substr(0, mark), registered.substr(mark + kKeyMark.size())};
}

std::string without_port(const std::string& endpoint) {
  return endpoint.substr(0, endpoint.rfind(':'));
}

std::string port_of(const std::string& endpoint) {
  return endpoint.substr(endpoint.rfind(':') + 1);
}

void speak_ip(zmq::socket_t& socket, const std::string& endpoint) {
  if (endpoint.find('[') != std::string::npos) socket.set(zmq::sockopt::ipv6, true);
}

}  // namespace

BusHost::BusHost(const BusKeyFiles& files, BusKeys keys)
    : secured_(new Secured{std::move(keys), AllowList(files.allowed())}) {
  doorkeeper_.emplace(context_, secured_->allowed);
}

Result<std::unique_ptr<BusHost>> BusHost::open(const BusKeyFiles& files) {
  auto keys = read_bus_keys(files);
  if (keys) return std::make_unique<BusHost>(files, std::move(*keys));
  if (keys.error().code == Errc::kNotFound) return std::make_unique<BusHost>();
  return std::unexpected(keys.error());
}

Result<std::string> BusHost::bind(zmq::socket_t& socket, const std::string& endpoint) {
  if (is_tcp(endpoint)) {
    if (!secured_)
      return fail(Errc::kInvalid,
                  "between hosts the bus needs keys, and this one has none: groove keys make "
                  "--data DATA, then allow each host's public key on the others (deploy/KEYS.md)");
    speak_ip(socket, endpoint);
    socket.set(zmq::sockopt::curve_server, true);
    socket.set(zmq::sockopt::curve_secretkey, secured_->keys.secret_key);
    socket.set(zmq::sockopt::zap_domain, kBusDomain);
  }
  if (zmq_bind(socket.handle(), endpoint.c_str()) != 0) {
    const int why = zmq_errno();
    return fail(why == EADDRINUSE ? Errc::kUnavailable : Errc::kInvalid,
                fmt::format("cannot listen on {}: {}", endpoint, zmq_strerror(why)));
  }
  if (!is_tcp(endpoint)) return endpoint;
  return fmt::format("{}:{}{}{}", without_port(endpoint),
                     port_of(socket.get(zmq::sockopt::last_endpoint)), kKeyMark,
                     secured_->keys.public_key);
}

bool BusHost::may_connect(const std::string& registered) {
  if (is_tcp(registered)) return secured_ && secured_->allowed.allows(parse(registered).key);
  return is_ipc(registered);  // empty: somebody without the bus
}

bool BusHost::connect(zmq::socket_t& socket, const std::string& registered) {
  if (!may_connect(registered)) return false;
  const Registered to = parse(registered);
  if (is_tcp(to.endpoint)) {
    speak_ip(socket, to.endpoint);
    socket.set(zmq::sockopt::curve_serverkey, to.key);
    socket.set(zmq::sockopt::curve_publickey, secured_->keys.public_key);
    socket.set(zmq::sockopt::curve_secretkey, secured_->keys.secret_key);
  } else {
    // Back to no mechanism, for a socket that has connected by tcp before (zmq_setsockopt(3)).
    zmq_setsockopt(socket.handle(), ZMQ_PLAIN_USERNAME, nullptr, 0);
  }
  // What was registered by somebody else may be no endpoint at all.
  return zmq_connect(socket.handle(), to.endpoint.c_str()) == 0;
}

void BusHost::disconnect(zmq::socket_t& socket, const std::string& registered) {
  zmq_disconnect(socket.handle(), parse(registered).endpoint.c_str());
}

}  // namespace groove
