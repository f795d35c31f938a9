#include "gateway/metrics.h"

#include <fmt/format.h>

namespace groove::gateway {
namespace {

void write(std::string& out, std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t value) {
  out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
}

}  // namespace

std::string Metrics::text(const Gauges& gauges) const {
  std::string out;
  write(out, "groove_events_accepted_total", "counter", "Events accepted durably.", accepted_);
  write(out, "groove_events_repeated_total", "counter", "Events that were accepted before.",
        repeated_);
  write(out, "groove_events_refused_total", "counter",
        "Events not accepted: busy, or the store away.", refused_);
  write(out, "groove_event_streams", "gauge", "Browsers listening.", gauges.streams);
  write(out, "groove_songs", "gauge", "Songs in the catalogue.", gauges.songs);
  out +=
      "# HELP groove_http_requests_total Requests answered.\n"
      "# TYPE groove_http_requests_total counter\n";
  for (const auto& [key, count] : requests_)
    out += fmt::format("groove_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n", key.first,
                       key.second, count);
  return out;
}

}  // namespace groove::gateway
