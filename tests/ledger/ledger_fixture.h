// A ledger on a simulated disk, opened again as often as a test likes.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "ledger/ledger.h"
#include "tests/ledger/store_fixture.h"

namespace groove::ledger {

class LedgerFixture : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Ledger>> try_open() {
    ledger_.reset();
    return Ledger::open(disk_, kFolder, clock_, {.origin = kTestOrigin, .build = {}});
  }
  void open() {
    auto ledger = try_open();
    ASSERT_TRUE(ledger) << ledger.error().message;
    ledger_ = std::move(*ledger);
  }

  SimDisk disk_;
  FakeClock clock_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace groove::ledger
