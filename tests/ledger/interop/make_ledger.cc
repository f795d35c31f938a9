// make_ledger FOLDER SIZE...: a ledger that was published at each of these sizes, every head kept.
#include <cstdlib>
#include <iostream>

#include "ledger/ledger.h"

namespace {

// An hour passes between looks, so that each head is one of those that are kept.
class HastyClock final : public groove::Clock {
 public:
  std::int64_t unix_us() const override { return now_us_ += 3'600'000'000; }
  std::chrono::steady_clock::time_point steady() const override { return {}; }

 private:
  mutable std::int64_t now_us_ = 1'700'000'000'000'000;
};

bool add(groove::ledger::Ledger& ledger) {
  const std::uint64_t number = ledger.size();
  groove::v1::Event event;
  event.mutable_event_refused()->set_reason("no songs");
  groove::EventId id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  const groove::ListenerId listener{number % 5};
  return ledger
      .handle({.listener = listener, .sequence = number, .event = id, .fact = event, .state = ""})
      .has_value();
}

}  // namespace

int main(int argc, char** argv) {
  const HastyClock clock;
  auto ledger = groove::ledger::Ledger::open(groove::ledger::system_io(), argv[1], clock, {});
  if (!ledger) return std::cerr << ledger.error().message << '\n', 1;
  for (int i = 2; i < argc; ++i) {
    const std::uint64_t size = std::strtoull(argv[i], nullptr, 10);
    while ((*ledger)->size() < size)
      if (!add(**ledger)) return std::cerr << "cannot append\n", 1;
    if (auto ok = (*ledger)->publish(); !ok) return std::cerr << ok.error().message << '\n', 1;
  }
  return 0;
}
