#include "workers/places.h"

#include <fmt/format.h>
#include <sys/un.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "workers/base/sha256.h"

namespace groove {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSocketNameMax = 32;  // "/cluster-12.pub", with room

bool fits_socket(const fs::path& run) {
  return run.string().size() + kSocketNameMax < sizeof(sockaddr_un::sun_path);
}

// One folder a user and data folder, so two of them never meet.
fs::path short_run(const fs::path& data) {
  const std::string tag = to_string(sha256(data.string())).substr(0, 12);
  return fs::path("/tmp") / fmt::format("groove-{}-{}", ::getuid(), tag);
}

Result<fs::path> whole_path(const fs::path& path) {
  std::error_code error;
  fs::path full = fs::absolute(path, error).lexically_normal();
  if (error) return fail(Errc::kInvalid, fmt::format("{}: {}", path.string(), error.message()));
  return full.has_filename() ? full : full.parent_path();  // "data/" is "data"
}

}  // namespace

Result<Places> find_places(fs::path data, fs::path run, std::string redis) {
  if (data.empty()) return fail(Errc::kInvalid, "no data folder is given: say --data DIR");
  Places places;
  const auto full_data = whole_path(data);
  if (!full_data) return std::unexpected(full_data.error());
  places.data = *full_data;
  const auto full_run = whole_path(run.empty() ? places.data / "run" : run);
  if (!full_run) return std::unexpected(full_run.error());
  places.run = *full_run;
  if (!fits_socket(places.run)) {
    if (!run.empty())
      return fail(Errc::kInvalid,
                  fmt::format("{} is too long for the path of a socket: give a shorter --run",
                              places.run.string()));
    places.run = short_run(places.data);
  }
  places.redis = redis.empty() ? "unix:" + (places.run / "redis.sock").string() : std::move(redis);
  return places;
}

}  // namespace groove
