// The fast carrier: ZeroMQ sockets with the options that were paid for (see HANDOFF.md). Everything
// here may lose, double or misdirect; nothing depends on it but latency.
//
// Each object belongs to one thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "groove/v1/event.pb.h"
#include "workers/base/ids.h"
#include "workers/handoff.h"
#include "workers/stage.h"

namespace groove {

// One PUSH to each worker of the stages it is told about; never one PUSH to many.
class BusSender {
 public:
  explicit BusSender(zmq::context_t& context) : context_(context) {}

  // Connects to those that are new, drops those that left.
  void set_members(Stage stage, const std::vector<handoff::Member>& members);
  // To the owner of the entry's partition. False: nobody there or its pipe is full; the entry waits
  // in Redis.
  bool send(const handoff::Entry& entry);

 private:
  struct Peer {
    handoff::Member member;
    std::unique_ptr<zmq::socket_t> push;
  };
  zmq::context_t& context_;
  std::map<Stage, std::vector<Peer>> peers_;
};

// A worker's inbox.
class BusInbox {
 public:
  BusInbox(zmq::context_t& context, const std::string& endpoint);
  // The next frame, or nothing within `wait`.
  std::optional<std::string> receive(std::chrono::milliseconds wait);

 private:
  zmq::socket_t pull_;
};

// Tells whoever listens (gateways) what happens to a listener's events. Topic: the listener, 8
// bytes big-endian.
class NoticePublisher {
 public:
  NoticePublisher(zmq::context_t& context, const std::string& endpoint);
  void publish(ListenerId listener, const v1::Notice& notice);

 private:
  zmq::socket_t pub_;
};

// Hears every worker it is told about.
class NoticeSubscriber {
 public:
  struct Heard {
    ListenerId listener;
    v1::Notice notice;
  };
  explicit NoticeSubscriber(zmq::context_t& context);
  void set_publishers(const std::vector<std::string>& endpoints);
  std::optional<Heard> receive(std::chrono::milliseconds wait);

 private:
  zmq::socket_t sub_;
  std::vector<std::string> connected_;
};

}  // namespace groove
