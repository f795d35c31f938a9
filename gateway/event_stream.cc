#include "gateway/event_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "workers/base/limits.h"

namespace groove::gateway {
namespace asio = boost::asio;

void EventStream::push(std::string_view text) {
  if (closed_) return;
  if (pending_.size() + text.size() > limits::kSsePendingBytesMax) {
    pending_.clear();
    return close();
  }
  pending_.append(text);
  wake_.cancel();
}

void EventStream::close() {
  closed_ = true;
  wake_.cancel();
}

asio::awaitable<std::string> EventStream::take(std::chrono::milliseconds wait) {
  if (pending_.empty() && !closed_) {
    wake_.expires_after(wait);
    co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return std::exchange(pending_, {});
}

}  // namespace groove::gateway
