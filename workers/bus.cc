#include "workers/bus.h"

#include <algorithm>

#include "workers/base/bytes.h"
#include "workers/base/limits.h"
#include "workers/envelope.h"
#include "workers/rendezvous.h"

namespace groove {
namespace {

constexpr std::size_t kTopicBytes = 8;

std::string topic_of(ListenerId listener) {
  std::string topic;
  append_be(topic, listener.value);
  return topic;
}

// Waits for a frame. A signal ends the wait early (cppzmq throws on EINTR; a SIGTERM is not an
// error).
bool readable(zmq::socket_t& socket, std::chrono::milliseconds wait) {
  zmq_pollitem_t item = {socket.handle(), 0, ZMQ_POLLIN, 0};
  return zmq_poll(&item, 1, static_cast<long>(wait.count())) > 0;
}

std::optional<std::string> receive_from(zmq::socket_t& socket, std::chrono::milliseconds wait) {
  if (!readable(socket, wait)) return std::nullopt;
  zmq::message_t frame;
  if (zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) return std::nullopt;
  return frame.to_string();
}

// Never blocks; false when the frame could not be queued.
bool send_to(zmq::socket_t& socket, std::string_view frame) {
  return zmq_send(socket.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) >= 0;
}

std::unique_ptr<zmq::socket_t> connect_push(zmq::context_t& context, const std::string& endpoint) {
  auto push = std::make_unique<zmq::socket_t>(context, zmq::socket_type::push);
  push->set(zmq::sockopt::sndhwm, limits::kBusHighWater);
  push->set(zmq::sockopt::immediate, 1);  // no queue for a peer that is not there
  push->set(zmq::sockopt::linger, 0);
  push->set(zmq::sockopt::heartbeat_ivl, 1000);
  push->set(zmq::sockopt::heartbeat_timeout, 3000);
  push->set(zmq::sockopt::reconnect_ivl, 20);
  push->set(zmq::sockopt::reconnect_ivl_max, 500);
  push->connect(endpoint);
  return push;
}

}  // namespace

void BusSender::set_members(Stage stage, const std::vector<handoff::Member>& members) {
  std::vector<Peer>& peers = peers_[stage];
  std::erase_if(peers, [&](const Peer& peer) {
    return std::ranges::find(members, peer.member) == members.end();
  });
  for (const handoff::Member& member : members) {
    if (std::ranges::find(peers, member, &Peer::member) != peers.end()) continue;
    peers.push_back({member, connect_push(context_, member.endpoint)});
  }
}

bool BusSender::send(const handoff::Entry& entry) {
  const std::vector<Peer>& peers = peers_[entry.stage];
  if (peers.empty()) return false;
  std::vector<std::string> names;
  for (const Peer& peer : peers) names.push_back(peer.member.name);
  const Peer& owner = peers[owner_of(partition_of(entry.listener), names)];
  return send_to(*owner.push, encode_frame(entry, handoff::target_of(owner.member)));
}

BusInbox::BusInbox(zmq::context_t& context, const std::string& endpoint)
    : pull_(context, zmq::socket_type::pull) {
  pull_.set(zmq::sockopt::rcvhwm, limits::kBusHighWater);
  pull_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::kFrameBytesMax));
  pull_.set(zmq::sockopt::linger, 0);
  pull_.bind(endpoint);
}

std::optional<std::string> BusInbox::receive(std::chrono::milliseconds wait) {
  return receive_from(pull_, wait);
}

NoticePublisher::NoticePublisher(zmq::context_t& context, const std::string& endpoint)
    : pub_(context, zmq::socket_type::pub) {
  pub_.set(zmq::sockopt::sndhwm, limits::kBusHighWater);
  pub_.set(zmq::sockopt::linger, 0);
  pub_.bind(endpoint);
}

void NoticePublisher::publish(ListenerId listener, const v1::Notice& notice) {
  send_to(pub_, topic_of(listener) + notice.SerializeAsString());
}

NoticeSubscriber::NoticeSubscriber(zmq::context_t& context) : sub_(context, zmq::socket_type::sub) {
  sub_.set(zmq::sockopt::rcvhwm, limits::kBusHighWater);
  sub_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::kFrameBytesMax));
  sub_.set(zmq::sockopt::linger, 0);
  sub_.set(zmq::sockopt::reconnect_ivl, 20);
  sub_.set(zmq::sockopt::reconnect_ivl_max, 500);
  sub_.set(zmq::sockopt::subscribe, "");
}

void NoticeSubscriber::set_publishers(const std::vector<std::string>& endpoints) {
  for (const std::string& old : connected_)
    if (std::ranges::find(endpoints, old) == endpoints.end()) sub_.disconnect(old);
  for (const std::string& endpoint : endpoints)
    if (std::ranges::find(connected_, endpoint) == connected_.end()) sub_.connect(endpoint);
  connected_ = endpoints;
}

std::optional<NoticeSubscriber::Heard> NoticeSubscriber::receive(std::chrono::milliseconds wait) {
  const auto frame = receive_from(sub_, wait);
  if (!frame || frame->size() < kTopicBytes) return std::nullopt;
  Heard heard{ListenerId{read_be<std::uint64_t>(*frame, 0)}, {}};
  if (!heard.notice.ParseFromString(frame->substr(kTopicBytes))) return std::nullopt;
  return heard;
}

}  // namespace groove
