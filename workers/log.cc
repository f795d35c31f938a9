#include "workers/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace groove {

void start_log(const std::string& process) {
  auto logger = spdlog::stderr_logger_mt(process);
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %n: %v", spdlog::pattern_time_type::utc);
  spdlog::set_default_logger(std::move(logger));
  if (const char* level = std::getenv("GROOVE_LOG"))
    spdlog::set_level(spdlog::level::from_str(level));
}

}  // namespace groove
