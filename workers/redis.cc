#include "workers/redis.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>

#include "workers/redis_connection.h"
#include "workers/redis_slots.h"

namespace groove {
namespace asio = boost::asio;
using boost::system::error_code;
using Moment = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr auto kTryAgainAfter = milliseconds(20);
constexpr auto kTryAgainFor = milliseconds(1000);
constexpr auto kMapAtMostEvery = milliseconds(100);
constexpr int kHopsMax = 8;

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

// What Redis says when it cannot just now, by the first word of its error.
bool may_pass(std::string_view error) {
  constexpr std::array<std::string_view, 12> kPassing = {
      "LOADING", "BUSY", "MASTERDOWN", "READONLY", "NOREPLICAS",  "TRYAGAIN",
      "MISCONF", "OOM",  "MOVED",      "ASK",      "CLUSTERDOWN", "NOSCRIPT"};
  return std::ranges::find(kPassing, first_word(error)) != kPassing.end();
}

Result<RedisReply> to_result(RedisReply reply) {
  if (reply.kind != RedisReply::Kind::kError) return reply;
  return fail(may_pass(reply.text) ? Errc::kUnavailable : Errc::kInvalid, "Redis: " + reply.text);
}

}  // namespace

// Finds each command its node, and says it there again when that was not its node.
class Redis::Router : public std::enable_shared_from_this<Redis::Router> {
 public:
  Router(asio::io_context& io, RedisAddress address, milliseconds deadline)
      : io_(io), address_(std::move(address)), deadline_(deadline), timer_(io) {
    auto tls = make_tls(address_);
    if (tls)
      tls_ = std::move(*tls);
    else
      unusable_ = tls.error().message;
  }

  void on_new_link(NewLink function) { new_link_ = std::move(function); }

  enum class How { kPlain, kUrgent, kReplicated };

  void send(RedisCommand command, Handler handler, How how) {
    if (!unusable_.empty()) {
      asio::post(io_, [handler = std::move(handler), why = unusable_] {
        handler(fail(Errc::kUnavailable, why));
      });
      return;
    }
    auto asked = std::make_shared<Asked>();
    asked->command = std::move(command);
    asked->handler = std::move(handler);
    asked->urgent = how == How::kUrgent;
    asked->replicated = how == How::kReplicated && address_.replicas > 0;
    asked->since = Moment::now();
    dispatch(asked);
  }

  // After this no handler is called; the owner is going away.
  void abandon() {
    abandoned_ = true;
    for (const auto& [node, connection] : connections_) connection->abandon();
    connections_.clear();
    parked_.clear();
    timer_.cancel();
  }

 private:
  // A command on its way, perhaps over several nodes.
  struct Asked {
    RedisCommand command;
    Handler handler;
    bool urgent = false;
    bool replicated = false;
    Moment::time_point since;
    int hops = 0;
    Result<RedisReply> reply;  // while the replicas are waited for
  };
  using AskedPtr = std::shared_ptr<Asked>;

  void dispatch(const AskedPtr& asked) {
    if (!address_.cluster)
      return ask(address_.nodes.empty() ? RedisNode{} : address_.nodes[0], asked);
    const auto key = routing_key(asked->command);
    if (!key) return ask(seed(), asked);
    if (const RedisNode* owner = slots_.owner(redis_slot(*key))) return ask(*owner, asked);
    parked_.push_back(asked);
    refresh_map();
  }

  RedisConnection& connection(const RedisNode& node) {
    auto& found = connections_[node];
    if (!found)
      found = std::make_shared<RedisConnection>(
          io_,
          RedisConnection::Settings{address_, node, tls_, deadline_,
                                    [this, node](Settled settled) { new_link(node, settled); }});
    return *found;
  }

  void new_link(const RedisNode& node, const Settled& settled) {
    if (!new_link_) return settled(true);
    new_link_(
        [this, node](const RedisCommand& command) {
          if (!address_.cluster) return true;
          const auto key = routing_key(command);
          const RedisNode* const owner = key ? slots_.owner(redis_slot(*key)) : nullptr;
          return owner != nullptr && *owner == node;
        },
        settled);
  }

  void slots_moved() {
    if (new_link_) new_link_([](const RedisCommand&) { return true; }, [](bool) {});
  }

  void ask(RedisNode node, const AskedPtr& asked, bool asking = false) {
    RedisConnection& to = connection(node);
    const int hop = ++asked->hops;
    const bool urgent = asked->urgent;
    if (asking) to.send({"ASKING"}, [](const Result<RedisReply>&) {}, urgent);
    to.send(
        asked->command,
        [self = weak_from_this(), node, asked](Result<RedisReply> reply) {
          if (const auto router = self.lock()) router->replied(node, asked, std::move(reply));
        },
        urgent);
    if (!asked->replicated) return;
    to.send({"WAIT", std::to_string(address_.replicas),
             std::to_string(milliseconds(limits::kReplicaDeadline).count())},
            [this, asked, hop](const Result<RedisReply>& held) {
              if (hop == asked->hops && asked->handler) replicated(*asked, held);
            });
  }

  void replied(const RedisNode& node, const AskedPtr& asked, Result<RedisReply> reply) {
    if (!reply) {
      refresh_map();
      return answer(*asked, std::move(reply));
    }
    if (reply->kind == RedisReply::Kind::kError && ask_again(node, asked, reply->text)) return;
    if (asked->replicated && reply->kind != RedisReply::Kind::kError)
      asked->reply = std::move(reply);
    else
      answer(*asked, to_result(std::move(*reply)));
  }

  void replicated(Asked& asked, const Result<RedisReply>& held) {
    if (!held) return answer(asked, held);
    if (held->kind == RedisReply::Kind::kInteger && held->integer >= address_.replicas)
      return answer(asked, std::move(asked.reply));
    answer(asked, fail(Errc::kUnavailable, "Redis: no replica has confirmed this in time"));
  }

  static void answer(Asked& asked, Result<RedisReply> reply) {
    if (const Handler handler = std::exchange(asked.handler, nullptr)) handler(std::move(reply));
  }

  // Whether the error only means: elsewhere, or in a moment.
  bool ask_again(const RedisNode& node, const AskedPtr& asked, std::string_view error) {
    if (asked->hops >= kHopsMax && first_word(error) != "TRYAGAIN") return false;
    if (first_word(error) == "NOSCRIPT") {
      connection(node).load_scripts();
      return ask(node, asked), true;
    }
    if (!address_.cluster) return false;
    if (const auto to = redirect(error, node)) {
      if (to->ask) return ask(to->node, asked, true), true;
      if (slots_.set_owner(to->slot, to->node)) slots_moved();
      refresh_map();
      return ask(to->node, asked), true;
    }
    if (first_word(error) == "TRYAGAIN" && Moment::now() - asked->since < kTryAgainFor) {
      const auto timer = std::make_shared<asio::steady_timer>(io_, kTryAgainAfter);
      timer->async_wait([self = weak_from_this(), asked, timer](error_code) {
        const auto router = self.lock();
        if (router && !router->abandoned_) router->dispatch(asked);
      });
      return true;
    }
    refresh_map();  // READONLY, CLUSTERDOWN, MASTERDOWN: somebody else may hold it soon
    return false;
  }

  // Any node that may know the others.
  RedisNode seed() const {
    const auto& known = slots_.nodes();
    const std::size_t at = seed_ % (known.size() + address_.nodes.size());
    return at < known.size() ? known[at] : address_.nodes[at - known.size()];
  }

  void refresh_map() {
    if (!address_.cluster || map_asked_) return;
    map_asked_ = true;
    const auto wait = std::max(map_after_ - Moment::now(), Moment::duration::zero());
    timer_.expires_after(wait);
    timer_.async_wait([self = weak_from_this()](error_code) {
      const auto router = self.lock();
      if (router && !router->abandoned_) router->ask_for_map();
    });
  }

  void ask_for_map() {
    const RedisNode node = seed();
    ++seed_;  // the next question goes to somebody else
    connection(node).send({"CLUSTER", "SLOTS"},
                          [self = weak_from_this(), node](const Result<RedisReply>& reply) {
                            if (const auto router = self.lock()) router->map_came(node, reply);
                          });
  }

  void map_came(const RedisNode& node, const Result<RedisReply>& reply) {
    map_asked_ = false;
    map_after_ = Moment::now() + kMapAtMostEvery;
    if (reply && slots_.learn(*reply, node)) slots_moved();
    for (const AskedPtr& asked : std::exchange(parked_, {})) {
      if (slots_.owner(redis_slot(*routing_key(asked->command))))
        dispatch(asked);
      else if (Moment::now() - asked->since < deadline_)
        parked_.push_back(asked);
      else
        answer(*asked, fail(Errc::kUnavailable, "Redis: no node of the cluster holds this"));
    }
    if (!parked_.empty()) refresh_map();
  }

  asio::io_context& io_;
  const RedisAddress address_;
  const milliseconds deadline_;
  std::shared_ptr<asio::ssl::context> tls_;
  std::string unusable_;  // why nothing can be sent at all
  NewLink new_link_;
  std::map<RedisNode, std::shared_ptr<RedisConnection>> connections_;
  RedisSlots slots_;
  std::vector<AskedPtr> parked_;  // until the map is known
  asio::steady_timer timer_;
  bool map_asked_ = false, abandoned_ = false;
  Moment::time_point map_after_;
  std::size_t seed_ = 0;
};

Redis::Redis(asio::io_context& io, RedisAddress address, milliseconds deadline)
    : io_(io), router_(std::make_shared<Router>(io, std::move(address), deadline)) {}

Redis::~Redis() { router_->abandon(); }

void Redis::on_new_link(NewLink function) { router_->on_new_link(std::move(function)); }

void Redis::send(RedisCommand command, Handler handler) {
  router_->send(std::move(command), std::move(handler), Router::How::kPlain);
}

void Redis::send_urgent(RedisCommand command, Handler handler) {
  router_->send(std::move(command), std::move(handler), Router::How::kUrgent);
}

void Redis::send_replicated(RedisCommand command, Handler handler) {
  router_->send(std::move(command), std::move(handler), Router::How::kReplicated);
}

namespace {

// A send as something to wait for.
template <class Send>
asio::awaitable<Result<RedisReply>> wait_for(Send send) {
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(Result<RedisReply>)>(
      [&send](auto done) {
        auto shared = std::make_shared<decltype(done)>(std::move(done));
        send([shared](Result<RedisReply> reply) { std::move (*shared)(std::move(reply)); });
      },
      asio::use_awaitable);
}

}  // namespace

asio::awaitable<Result<RedisReply>> Redis::call(RedisCommand command) {
  return wait_for([this, command = std::move(command)](Handler handler) mutable {
    send(std::move(command), std::move(handler));
  });
}

asio::awaitable<Result<RedisReply>> Redis::call_replicated(RedisCommand command) {
  return wait_for([this, command = std::move(command)](Handler handler) mutable {
    send_replicated(std::move(command), std::move(handler));
  });
}

std::vector<Result<RedisReply>> Redis::roundtrip(std::vector<RedisCommand> commands) {
  std::vector<Result<RedisReply>> replies(commands.size());
  std::size_t arrived = 0;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    send(std::move(commands[i]), [&replies, &arrived, i](Result<RedisReply> reply) {
      replies[i] = std::move(reply);
      ++arrived;
    });
  }
  // The deadlines of the connections end this at the latest.
  while (arrived < replies.size()) {
    io_.restart();
    io_.run_one();
  }
  return replies;
}

}  // namespace groove
