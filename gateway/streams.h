// The event streams that are open, by listener, and what each browser has seen.
//
// News comes by the bus, from the workers of every host, and may be lost there; so every now and
// then the progress of each connected listener is read again from Redis, and any jump in the
// sequence is filled from there at once. What a browser sees only rises.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/answers.h"
#include "gateway/event_stream.h"
#include "gateway/shelf.h"
#include "workers/base/ids.h"
#include "workers/bus.h"

namespace groove::gateway {

class Streams {
 public:
  // `shelf` gives the one in use, or nullptr.
  Streams(boost::asio::io_context& io, Answers& answers, std::function<const Shelf*()> shelf,
          std::chrono::milliseconds refresh_every);

  void start();

  // A browser listens. `last_seen` 0: it has seen nothing, the newest answer will do. Nothing when
  // this listener has too many streams already. The stream lives as long as the caller holds it.
  std::shared_ptr<EventStream> open(ListenerId listener, std::string session_key,
                                    std::uint64_t last_seen);

  void heard(const NoticeSubscriber::Heard& heard);
  void library_changed(std::string json);
  void end_session(std::string_view session_key);
  void close_all();
  std::size_t size() const;

 private:
  struct Listening {
    std::weak_ptr<EventStream> stream;
    std::string session_key;
    std::uint64_t last_seen = 0;
    bool caught_up = false;  // last_seen was held against what is recorded
  };
  using Listenings = std::vector<Listening>;

  boost::asio::awaitable<void> catch_up(ListenerId listener);
  void spawn_catch_up(ListenerId listener);
  void recorded(ListenerId listener, const v1::BatchRecorded& recorded);
  void deliver(ListenerId listener, const v1::BatchRecorded& recorded);
  void refresh_later();
  void drop_closed();
  template <class Use>
  void for_each_stream(Use&& use);

  boost::asio::io_context& io_;
  Answers& answers_;
  std::function<const Shelf*()> shelf_;
  std::chrono::milliseconds refresh_every_;
  boost::asio::steady_timer timer_;
  std::map<ListenerId, Listenings> listeners_;
  std::string library_;
  bool closing_ = false;
};

}  // namespace groove::gateway
