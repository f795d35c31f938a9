#include "gateway/streams.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

#include "gateway/convert.h"
#include "gateway/core/sse.h"

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kStreamsPerListenerMax = 16;
constexpr std::uint64_t kCatchUpMax = 4;  // answers; older ones were overtaken
constexpr auto kRetryAfterStop = std::chrono::seconds(1);

}  // namespace

Streams::Streams(asio::io_context& io, Answers& answers, std::function<const Shelf*()> shelf,
                 std::chrono::milliseconds refresh_every)
    : io_(io),
      answers_(answers),
      shelf_(std::move(shelf)),
      refresh_every_(refresh_every),
      timer_(io) {}

void Streams::start() { refresh_later(); }

std::shared_ptr<EventStream> Streams::open(ListenerId listener, std::string session_key,
                                           std::uint64_t last_seen) {
  drop_closed();
  Listenings& listenings = listeners_[listener];
  if (listenings.size() >= kStreamsPerListenerMax || closing_) return nullptr;
  auto stream = std::make_shared<EventStream>(io_.get_executor());
  listenings.push_back({stream, std::move(session_key), last_seen, false});
  stream->push(library_.empty() ? sse_heartbeat() : sse_event("library", library_));
  spawn_catch_up(listener);
  return stream;
}

void Streams::heard(const NoticeSubscriber::Heard& heard) {
  const auto it = listeners_.find(heard.listener);
  if (it == listeners_.end()) return;
  if (heard.notice.has_recorded()) return recorded(heard.listener, heard.notice.recorded());
  if (!heard.notice.has_progressed()) return;
  const std::string text = sse_event("progress", progress_json(heard.notice.progressed()));
  for (Listening& listening : it->second)
    if (const auto stream = listening.stream.lock()) stream->push(text);
}

void Streams::recorded(ListenerId listener, const v1::BatchRecorded& recorded) {
  const auto has_gap = [&](const Listening& listening) {
    return !listening.caught_up || recorded.sequence() > listening.last_seen + 1;
  };
  if (std::ranges::any_of(listeners_[listener], has_gap)) return spawn_catch_up(listener);
  deliver(listener, recorded);
}

void Streams::deliver(ListenerId listener, const v1::BatchRecorded& recorded) {
  const auto it = listeners_.find(listener);
  if (it == listeners_.end()) return;
  const std::string text = sse_event("batch", answer_json(recorded, shelf_()), recorded.sequence());
  for (Listening& listening : it->second) {
    if (!listening.caught_up || recorded.sequence() <= listening.last_seen) continue;
    listening.last_seen = recorded.sequence();
    if (const auto stream = listening.stream.lock()) stream->push(text);
  }
}

void Streams::spawn_catch_up(ListenerId listener) {
  asio::co_spawn(io_, catch_up(listener), [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
}

// What cannot be read now is read by the next refresh.
asio::awaitable<void> Streams::catch_up(ListenerId listener) {
  const auto progress = co_await answers_.progress(listener);
  const auto it = listeners_.find(listener);
  if (!progress || it == listeners_.end()) co_return;
  const std::uint64_t last = progress->recorded;
  std::uint64_t lowest = last;
  for (Listening& listening : it->second) {
    if (!listening.caught_up) {
      listening.caught_up = true;
      // A number from the future is not ours: another installation's, or from before a loss.
      const bool is_new = listening.last_seen == 0 || listening.last_seen > last;
      if (is_new) listening.last_seen = last == 0 ? 0 : last - 1;
    }
    lowest = std::min(lowest, listening.last_seen);
  }
  const std::uint64_t oldest = last > kCatchUpMax ? last - kCatchUpMax : 0;
  const auto answers = co_await answers_.range(listener, std::max(lowest, oldest) + 1, last);
  if (!answers) co_return;
  for (const v1::BatchRecorded& answer : *answers) deliver(listener, answer);
}

void Streams::library_changed(std::string json) {
  library_ = std::move(json);
  const std::string text = sse_event("library", library_);
  for_each_stream([&](const Listening&, EventStream& stream) { stream.push(text); });
}

void Streams::end_session(std::string_view session_key) {
  for_each_stream([&](const Listening& listening, EventStream& stream) {
    if (listening.session_key == session_key) stream.close();
  });
}

void Streams::close_all() {
  closing_ = true;
  for_each_stream([](const Listening&, EventStream& stream) {
    stream.push(sse_retry(kRetryAfterStop));
    stream.close();
  });
}

std::size_t Streams::size() const {
  std::size_t count = 0;
  for (const auto& [listener, listenings] : listeners_)
    count += static_cast<std::size_t>(std::ranges::count_if(
        listenings, [](const Listening& listening) { return !listening.stream.expired(); }));
  return count;
}

void Streams::refresh_later() {
  timer_.expires_after(refresh_every_);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || closing_) return;
    drop_closed();
    for (const auto& [listener, listenings] : listeners_) spawn_catch_up(listener);
    refresh_later();
  });
}

void Streams::drop_closed() {
  for (auto& [listener, listenings] : listeners_)
    std::erase_if(listenings, [](const Listening& l) { return l.stream.expired(); });
  std::erase_if(listeners_, [](const auto& entry) { return entry.second.empty(); });
}

template <class Use>
void Streams::for_each_stream(Use&& use) {
  for (auto& [listener, listenings] : listeners_)
    for (Listening& listening : listenings)
      if (const auto stream = listening.stream.lock()) use(listening, *stream);
}

}  // namespace groove::gateway
