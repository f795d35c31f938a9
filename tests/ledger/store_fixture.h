// A store on a simulated disk, in a few verbs.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/convert.h"
#include "ledger/layout.h"
#include "ledger/store.h"
#include "ledger/verify.h"
#include "tests/ledger/sim_disk.h"

namespace groove::ledger {

class FakeClock final : public Clock {
 public:
  std::int64_t unix_us() const override { return now_us; }
  std::chrono::steady_clock::time_point steady() const override { return {}; }
  std::int64_t now_us = 1'700'000'000'000'000;
};

// The id of the n-th entry of a test.
inline EventId numbered_id(std::uint64_t number) {
  EventId id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  id.bytes[15] = 1;
  return id;
}

inline const std::filesystem::path kFolder = "ledger";
inline constexpr const char* kTestOrigin = "groove.test/ledger";

inline std::string verify_text(Io& io) {
  const auto verdict = verify(io, kFolder, {.progress = nullptr, .pause = [] {}});
  if (!verdict) return verdict.error().message;
  return verdict->ok() ? "ok" : verdict->wrong;
}

class StoreTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Store>> try_open(const std::string& origin = kTestOrigin) {
    return Store::open(disk_, kFolder, clock_,
                       {.origin = origin, .segment_bytes = segment_bytes_, .visit = nullptr});
  }
  void open() {
    store_.reset();
    auto store = try_open();
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
  }
  std::string open_error() {
    store_.reset();
    const auto store = try_open();
    return store ? "opened" : store.error().message;
  }
  Result<Store::Appended> append(std::uint64_t number, const std::string& payload) {
    return store_->append(numbered_id(number), Kind::kBatch, batch_body(payload), payload);
  }
  // One group for each count.
  void write(const std::vector<std::size_t>& groups) {
    for (const std::size_t count : groups) {
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t number = store_->size();
        ASSERT_TRUE(append(number, "payload of " + std::to_string(number)));
      }
      ASSERT_TRUE(store_->sync());
    }
  }
  std::filesystem::path segment(std::uint64_t first_index) {
    return segment_folder(kFolder) / segment_name(first_index);
  }

  SimDisk disk_;
  FakeClock clock_;
  std::size_t segment_bytes_ = 4096;
  std::unique_ptr<Store> store_;
};

}  // namespace groove::ledger
