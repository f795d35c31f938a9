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
  if (!frame.more()) return frame.to_string();
  while (frame.more())  // all parts are there, or none
    if (zmq_msg_recv(frame.handle(), socket.handle(), ZMQ_DONTWAIT) < 0) break;
  return std::string();  // refused as too short, and more may wait behind it
}

// Never blocks; false when the frame could not be queued.
bool send_to(zmq::socket_t& socket, std::string_view frame) {
  return zmq_send(socket.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) >= 0;
}

// A peer that vanished without a word is noticed, and tried again soon. By the kernel: heartbeats
// of ZeroMQ 4.3.4 on publishers ended their process under overload (its own assertion !_io_error).
void keep_alive(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::handshake_ivl, limits::kBusHandshakeMs);
  socket.set(zmq::sockopt::tcp_keepalive, 1);
  socket.set(zmq::sockopt::tcp_keepalive_idle, 3);
  socket.set(zmq::sockopt::tcp_keepalive_intvl, 1);
  socket.set(zmq::sockopt::tcp_keepalive_cnt, 3);
  socket.set(zmq::sockopt::reconnect_ivl, 20);
  socket.set(zmq::sockopt::reconnect_ivl_max, 500);
}

}  // namespace

void BusSender::set_members(Stage stage, const std::vector<handoff::Member>& members) {
  if (host_ == nullptr) return;
  std::vector<Peer>& peers = peers_[stage];
  std::erase_if(peers, [&](const Peer& peer) { return outdated(peer, members); });
  for (const handoff::Member& member : members)
    if (std::ranges::find(peers, member, &Peer::member) == peers.end())
      peers.push_back(reach(member));
}

bool BusSender::outdated(const Peer& peer, const std::vector<handoff::Member>& members) {
  return peer.push.has_value() != host_->may_connect(peer.member.endpoint) ||
         std::ranges::find(members, peer.member) == members.end();
}

BusSender::Peer BusSender::reach(const handoff::Member& member) {
  zmq::socket_t push = host_->socket(zmq::socket_type::push);
  push.set(zmq::sockopt::sndhwm, limits::kBusHighWater);
  push.set(zmq::sockopt::immediate, 1);  // no queue for a peer that is not there
  keep_alive(push);
  if (!host_->connect(push, member.endpoint)) return {member, std::nullopt};
  return {member, std::move(push)};
}

bool BusSender::send(const handoff::Entry& entry) {
  if (host_ == nullptr) return true;
  std::vector<Peer>& peers = peers_[entry.stage];
  if (peers.empty()) return false;
  std::vector<std::string> names;
  for (const Peer& peer : peers) names.push_back(peer.member.name);
  Peer& owner = peers[owner_of(partition_of(entry.listener), names)];
  return owner.push && send_to(*owner.push, encode_frame(entry, handoff::target_of(owner.member)));
}

Result<BusInbox> BusInbox::open(BusHost& host, const std::string& endpoint) {
  BusInbox inbox(host.socket(zmq::socket_type::pull));
  inbox.pull_.set(zmq::sockopt::rcvhwm, limits::kBusHighWater);
  inbox.pull_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::kFrameBytesMax));
  keep_alive(inbox.pull_);
  auto bound = host.bind(inbox.pull_, endpoint);
  if (!bound) return std::unexpected(bound.error());
  inbox.endpoint_ = std::move(*bound);
  return inbox;
}

std::optional<std::string> BusInbox::receive(std::chrono::milliseconds wait) {
  return receive_from(pull_, wait);
}

Result<NoticePublisher> NoticePublisher::open(BusHost& host, const std::string& endpoint) {
  NoticePublisher publisher(host.socket(zmq::socket_type::pub));
  publisher.pub_.set(zmq::sockopt::sndhwm, limits::kBusHighWater);
  keep_alive(publisher.pub_);
  auto bound = host.bind(publisher.pub_, endpoint);
  if (!bound) return std::unexpected(bound.error());
  publisher.endpoint_ = std::move(*bound);
  return publisher;
}

void NoticePublisher::publish(ListenerId listener, const v1::Notice& notice) {
  send_to(pub_, topic_of(listener) + notice.SerializeAsString());
}

NoticeSubscriber::NoticeSubscriber(BusHost& host)
    : host_(host), sub_(host.socket(zmq::socket_type::sub)) {
  sub_.set(zmq::sockopt::rcvhwm, limits::kBusHighWater);
  sub_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::kFrameBytesMax));
  keep_alive(sub_);
  sub_.set(zmq::sockopt::subscribe, "");
}

void NoticeSubscriber::set_publishers(const std::vector<std::string>& endpoints) {
  std::erase_if(connected_, [&](const std::string& old) {
    if (std::ranges::count(endpoints, old) && host_.may_connect(old)) return false;
    host_.disconnect(sub_, old);
    return true;
  });
  for (const std::string& endpoint : endpoints)
    if (!std::ranges::count(connected_, endpoint) && host_.connect(sub_, endpoint))
      connected_.push_back(endpoint);
}

std::optional<NoticeSubscriber::Heard> NoticeSubscriber::receive(std::chrono::milliseconds wait) {
  const auto frame = receive_from(sub_, wait);
  if (!frame || frame->size() < kTopicBytes) return std::nullopt;
  Heard heard{ListenerId{read_be<std::uint64_t>(*frame, 0)}, {}};
  if (!heard.notice.ParseFromString(frame->substr(kTopicBytes))) return std::nullopt;
  return heard;
}

}  // namespace groove
