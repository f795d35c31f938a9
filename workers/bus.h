// The fast carrier: ZeroMQ sockets with the options that were paid for (see HANDOFF.md). Everything
// here may lose, double or misdirect; nothing depends on it but latency.
//
// Each object belongs to one thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "groove/v1/event.pb.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/bus_host.h"
#include "workers/handoff.h"
#include "workers/stage.h"

namespace groove {

// One PUSH to each worker of the stages it is told about; never one PUSH to many.
class BusSender {
 public:
  // nullptr: there is no bus; every stage pulls.
  explicit BusSender(BusHost* host) : host_(host) {}

  // Connects to those that are new, drops those that left or may no longer be talked to.
  void set_members(Stage stage, const std::vector<handoff::Member>& members);
  // To the owner of the entry's partition. False: nobody there or its pipe is full; the entry waits
  // in Redis. True without a bus, where all entries do.
  bool send(const handoff::Entry& entry);

 private:
  struct Peer {
    handoff::Member member;
    std::optional<zmq::socket_t> push;  // nothing: an owner all the same, who pulls
  };
  bool outdated(const Peer& peer, const std::vector<handoff::Member>& members);
  Peer reach(const handoff::Member& member);

  BusHost* host_;
  std::map<Stage, std::vector<Peer>> peers_;
};

// A worker's inbox.
class BusInbox {
 public:
  // Errors: of BusHost::bind().
  static Result<BusInbox> open(BusHost& host, const std::string& endpoint);
  const std::string& endpoint() const { return endpoint_; }  // to register
  // The next frame, or nothing within `wait`. Messages of several frames are none of ours.
  std::optional<std::string> receive(std::chrono::milliseconds wait);

 private:
  explicit BusInbox(zmq::socket_t pull) : pull_(std::move(pull)) {}

  zmq::socket_t pull_;
  std::string endpoint_;
};

// Tells whoever listens (gateways) what happens to a listener's events. Topic: the listener, 8
// bytes big-endian.
class NoticePublisher {
 public:
  // Errors: of BusHost::bind().
  static Result<NoticePublisher> open(BusHost& host, const std::string& endpoint);
  const std::string& endpoint() const { return endpoint_; }  // to register
  void publish(ListenerId listener, const v1::Notice& notice);

 private:
  explicit NoticePublisher(zmq::socket_t pub) : pub_(std::move(pub)) {}

  zmq::socket_t pub_;
  std::string endpoint_;
};

// Hears every worker it is told about.
class NoticeSubscriber {
 public:
  struct Heard {
    ListenerId listener;
    v1::Notice notice;
  };
  explicit NoticeSubscriber(BusHost& host);
  // As they are registered; those that may not be talked to are left out.
  void set_publishers(const std::vector<std::string>& endpoints);
  std::optional<Heard> receive(std::chrono::milliseconds wait);

 private:
  BusHost& host_;
  zmq::socket_t sub_;
  std::vector<std::string> connected_;
};

}  // namespace groove
