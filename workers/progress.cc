#include "workers/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace groove {
namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr auto kRedrawEvery = 100ms;  // on a terminal
constexpr auto kLineEvery = 3s;       // in a log

// "12.4 MB" for bytes, "12400 songs" for the rest.
std::string amount(double count, std::string_view unit, bool is_slow = false) {
  if (unit == "bytes") return fmt::format("{:.1f} MB", count / 1e6);
  return fmt::format("{:.{}f} {}", count, is_slow ? 1 : 0, unit);
}

std::string bar(std::uint64_t percent) {
  constexpr std::uint64_t kWidth = 24;
  const auto filled = static_cast<std::size_t>(percent * kWidth / 100);
  return fmt::format("[{}{}]", std::string(filled, '='), std::string(kWidth - filled, ' '));
}

}  // namespace

Progress::Progress(std::string what, std::uint64_t total, std::string unit)
    : what_(std::move(what)),
      unit_(std::move(unit)),
      total_(total),
      terminal_(::isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()),
      drawn_(started_) {}

Progress::~Progress() { finish(); }

void Progress::at(std::uint64_t done) {
  done_ = done;
  const auto now = std::chrono::steady_clock::now();
  if (finished_ || now - drawn_ < (terminal_ ? kRedrawEvery : kLineEvery)) return;
  drawn_ = now;
  draw(false);
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  if (done_ > 0) draw(true);
}

void Progress::draw(bool last) {
  const double seconds = Seconds(std::chrono::steady_clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(done_) / seconds : 0;
  std::string line = what_ + ' ';
  if (total_ > 0) {
    const auto percent = static_cast<std::uint64_t>(
        std::min(100.0, 100.0 * static_cast<double>(done_) / static_cast<double>(total_)));
    line += fmt::format("{}{:3} %  ", terminal_ ? bar(percent) + ' ' : "", percent);
  }
  line += fmt::format("{}, {}/s", amount(static_cast<double>(done_), unit_),
                      amount(rate, unit_, rate < 10));
  if (last)
    line += fmt::format(", {:.1f} s", seconds);
  else if (total_ > done_ && rate > 0)
    line += fmt::format(", {:.0f} s left", static_cast<double>(total_ - done_) / rate);
  // The escape clears what a longer line left behind.
  if (terminal_) line = "\r" + line + "\x1b[K";
  if (!terminal_ || last) line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace groove
