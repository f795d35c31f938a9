// Runs openapi_test.py, which holds any running gateway to its description, against one of our own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

#include "tests/gateway/gateway_fixture.h"

namespace groove::gateway {
namespace {

using OpenApiTest = GatewayTest;

TEST_F(OpenApiTest, EveryResponseIsDescribed) {
  bring_library();
  start();
  const std::string command = "tests/gateway/openapi_test.py --answers http://" + host_;
  auto verdict = std::async(std::launch::async, [&] { return std::system(command.c_str()); });
  while (verdict.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready)
    run_pipeline();
  EXPECT_EQ(verdict.get(), 0);
}

TEST_F(OpenApiTest, EveryResponseIsDescribedWithoutALibraryToo) {
  start();
  const std::string command = "tests/gateway/openapi_test.py http://" + host_;
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace groove::gateway
