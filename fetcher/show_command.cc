#include "fetcher/show_command.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "fetcher/analysis_text.h"
#include "fetcher/core/sound/analyzer.h"
#include "fetcher/decode.h"
#include "workers/shutdown.h"

namespace groove::fetcher {
namespace {

constexpr int kYes = 0, kNo = 1, kUnreadable = 2;

}  // namespace

int show_file(const ShowCommand& command) {
  using Clock = std::chrono::steady_clock;
  const auto started = Clock::now();
  sound::Analyzer analyzer;
  const auto decoded = decode(command.file, [&](auto left, auto right) {
    analyzer.feed(left, right);
    return !stop_requested();
  });
  if (!decoded) {
    fmt::print(stderr, "groove-fetcher: {}: {}\n", command.file, decoded.error().message);
    return stop_requested() ? kNo : kUnreadable;
  }
  const sound::Analysis analysis = analyzer.finish();
  const AnalysisOrigin origin{
      .input = decoded->codec,
      .made_at = std::chrono::duration_cast<std::chrono::seconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count(),
      .seconds_taken = std::chrono::duration<double>(Clock::now() - started).count()};
  const auto print = [](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
  };
  if (command.json)
    print_json(analysis, origin, print);
  else
    print(to_text(analysis, origin));
  if (decoded->bad_packets > 0)
    fmt::print(stderr, "groove-fetcher: {}: {} of {} packets were damaged and left out\n",
               command.file, decoded->bad_packets, decoded->packets);
  return kYes;
}

}  // namespace groove::fetcher
