// Progress of long work, on stderr: one line redrawn in place on a terminal (percent, rate, time
// left), a line every few seconds elsewhere. Nothing on stdout, which belongs to results.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace groove {

class Progress {
 public:
  // `total` 0: unknown. `unit` is what is counted: "songs"; "bytes" are shown as MB.
  Progress(std::string what, std::uint64_t total, std::string unit);
  ~Progress();  // finishes the line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t done);  // cheap: draws at most ten times a second
  void finish();

 private:
  void draw(bool last);

  std::string what_, unit_;
  std::uint64_t total_ = 0, done_ = 0;
  bool terminal_ = false, finished_ = false;
  std::chrono::steady_clock::time_point started_, drawn_;
};

}  // namespace groove
