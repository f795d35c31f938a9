// What is counted, in Prometheus' text format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace groove::gateway {

class Metrics {
 public:
  void count_request(std::string_view route, int status) {
    ++requests_[{std::string(route), status}];
  }
  void count_accepted() { ++accepted_; }
  void count_repeated() { ++repeated_; }
  void count_refused() { ++refused_; }

  struct Gauges {
    std::size_t streams = 0;
    std::size_t songs = 0;
  };
  std::string text(const Gauges& gauges) const;

 private:
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;
  std::uint64_t accepted_ = 0, repeated_ = 0, refused_ = 0;
};

}  // namespace groove::gateway
