#include "gateway/notice_ear.h"

#include <boost/asio/post.hpp>

namespace groove::gateway {
namespace {

constexpr auto kWait = std::chrono::milliseconds(50);

}  // namespace

NoticeEar::NoticeEar(boost::asio::io_context& io, BusHost& host,
                     std::function<void(NoticeSubscriber::Heard)> heard)
    : io_(io),
      host_(host),
      heard_(std::move(heard)),
      thread_([this](const std::stop_token& stop) { listen(stop); }) {}

void NoticeEar::set_publishers(std::vector<std::string> endpoints) {
  publishers_.with([&](auto& publishers) { publishers = std::move(endpoints); });
}

void NoticeEar::listen(const std::stop_token& stop) {
  NoticeSubscriber subscriber(host_);
  while (!stop.stop_requested()) {
    subscriber.set_publishers(publishers_.with([](const auto& publishers) { return publishers; }));
    auto heard = subscriber.receive(kWait);
    if (!heard) continue;
    boost::asio::post(io_, [this, heard = std::move(*heard)] { heard_(heard); });
  }
}

}  // namespace groove::gateway
