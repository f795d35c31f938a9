// A ledger that has something in it: refusals, all of one listener.
#pragma once

#include <gtest/gtest.h>

#include "ledger/ledger.h"
#include "tests/ledger/store_fixture.h"

namespace groove::ledger {

// Records so many more and publishes them.
inline void record_refusals(Ledger& ledger, int count) {
  v1::Event event;
  event.mutable_event_refused()->set_reason("no songs");
  for (int i = 0; i < count; ++i) {
    const std::uint64_t number = ledger.size();
    ASSERT_TRUE(ledger.handle({.listener = {7},
                               .sequence = number,
                               .event = numbered_id(number),
                               .fact = event,
                               .state = ""}));
  }
  ASSERT_TRUE(ledger.publish());
}

}  // namespace groove::ledger
