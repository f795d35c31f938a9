#include "gateway/roster.h"

namespace groove::gateway {
namespace {

constexpr auto kLookEvery = limits::kRegistrationBeat;
constexpr auto kLookAgainAfter = std::chrono::milliseconds(50);

}  // namespace

Roster::Roster(boost::asio::io_context& io, Redis& redis, BusSender& sender,
               std::function<void(std::vector<std::string>)> publishers_changed)
    : redis_(redis),
      sender_(sender),
      publishers_changed_(std::move(publishers_changed)),
      timer_(io) {}

void Roster::start() {
  look();
  look_later();
}

void Roster::look_again() {
  if (std::chrono::steady_clock::now() - looked_ >= kLookAgainAfter) look();
}

void Roster::look_later() {
  timer_.expires_after(kLookEvery);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) start();
  });
}

void Roster::look() {
  looked_ = std::chrono::steady_clock::now();
  for (const Stage stage : kStages)
    redis_.send(handoff::register_member(stage, nullptr),
                [this, stage](const Result<RedisReply>& reply) { learn(stage, reply); });
}

void Roster::learn(Stage stage, const Result<RedisReply>& reply) {
  auto members = handoff::members(reply);
  redis_answers_ = members.has_value();
  if (!members) return;  // who was there a second ago is the best guess
  std::vector<handoff::Member>& known = members_[static_cast<std::size_t>(stage)];
  if (*members == known) return;
  known = std::move(*members);
  sender_.set_members(stage, known);
  std::vector<std::string> endpoints;
  for (const auto& of_stage : members_)
    for (const handoff::Member& member : of_stage) endpoints.push_back(member.notices);
  publishers_changed_(std::move(endpoints));
}

}  // namespace groove::gateway
