#include "tests/simulation/fibers.h"

#include <algorithm>
#include <boost/context/pooled_fixedsize_stack.hpp>

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove::simulation {
namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

boost::context::pooled_fixedsize_stack& stacks() {
  thread_local boost::context::pooled_fixedsize_stack pool(kStackBytes);
  return pool;
}

}  // namespace

std::uint64_t Dice::next() { return mix64(state_ += 0x9e3779b97f4a7c15ULL); }

Fibers::~Fibers() {
  for (Id fiber = 0; fiber < fibers_.size(); ++fiber) kill(fiber);
}

Fibers::Id Fibers::start(std::function<void()> body) {
  auto fiber = std::make_unique<Fiber>();
  Fiber* const self = fiber.get();
  fiber->context = boost::context::fiber(
      std::allocator_arg, stacks(),
      [self, body = std::move(body)](boost::context::fiber&& caller) -> boost::context::fiber {
        self->context = std::move(caller);
        try {
          if (!self->killed) body();
        } catch (const Killed&) {
        }
        self->alive = false;
        return std::move(self->context);
      });
  fibers_.push_back(std::move(fiber));
  return fibers_.size() - 1;
}

void Fibers::kill(Id id) {
  Fiber& fiber = *fibers_[id];
  if (!fiber.alive) return;
  GROOVE_CHECK(&fiber != running_);
  fiber.killed = true;
  run(fiber);
  GROOVE_CHECK(!fiber.alive);
}

void Fibers::rest() {
  Fiber& self = *running_;
  self.context = std::move(self.context).resume();
  if (self.killed) throw Killed();
}

void Fibers::yield() {
  running_->until_us = now_us_;
  running_->ready = nullptr;
  rest();
}

bool Fibers::wait(std::chrono::milliseconds time, const std::function<bool()>& ready) {
  if (ready()) return true;
  Fiber& self = *running_;
  self.until_us = now_us_ + time.count() * 1000;
  self.ready = ready;
  rest();
  return ready();
}

bool Fibers::can_run(const Fiber& fiber) const {
  return fiber.alive && (now_us_ >= fiber.until_us || (fiber.ready && fiber.ready()));
}

void Fibers::run(Fiber& fiber) {
  Fiber* const before = std::exchange(running_, &fiber);
  fiber.context = std::move(fiber.context).resume();
  running_ = before;
}

void Fibers::turn() {
  std::vector<Fiber*> able;
  for (const auto& fiber : fibers_)
    if (can_run(*fiber)) able.push_back(fiber.get());
  if (able.empty()) {
    std::int64_t first = INT64_MAX;
    for (const auto& fiber : fibers_)
      if (fiber->alive) first = std::min(first, fiber->until_us);
    if (first == INT64_MAX) first = now_us_ + 1000;  // all are dead: until somebody is started
    now_us_ = std::max(now_us_, first);
    return;
  }
  run(*able[dice_.below(able.size())]);
  now_us_ += 20;  // a turn takes a moment, so that time passes for who never waits
}

}  // namespace groove::simulation
