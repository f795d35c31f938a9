// What the gateway and the fetcher must agree on about a Spotify account: names of keys, and who a
// listener is that signs in with one. The values are in proto/groove/v1/spotify.proto.
#pragma once

#include <string>
#include <string_view>

#include "workers/base/bytes.h"
#include "workers/base/ids.h"
#include "workers/base/sha256.h"

namespace groove {

inline constexpr std::string_view kSpotifyErrands = "{spotify}:errands";
inline constexpr int kSpotifyErrandSeconds = 60;  // that one waits, and its answer

inline std::string spotify_done_key(std::string_view errand) {
  return "{spotify}:done:" + std::string(errand);
}

// `account`: Spotify's account_id, which never changes.
inline ListenerId spotify_listener(std::string_view account) {
  const Digest digest = sha256("spotify:" + std::string(account));
  return ListenerId{read_be<std::uint64_t>(as_bytes(digest), 0)};
}

inline std::string spotify_account_key(ListenerId listener) {
  std::string partition = std::to_string(partition_of(listener));
  partition.insert(0, 3 - partition.size(), '0');
  return "{p" + partition + "}:spotify:" + to_string(listener);
}

}  // namespace groove
