// Where Redis is and how to reach it, as one line that fits an option:
//
//   unix:/run/groove/redis.sock
//   tcp:10.0.0.5:6379            tls:redis.lan:6379?ca=ca.pem&cert=me.pem&key=me.key
//   cluster:10.0.0.5:7000,10.0.0.6:7000      cluster+tls:...  (some nodes; the rest is learnt from
//   them)
//
// Options after `?`, joined by `&`:
//   ca, cert, key    files in PEM; without `ca` the system's authorities are trusted
//   user, password-file    who we are; the file's first line is the password
//   replicas=N       how many replicas must hold an accepted event before it is promised (cluster:
//   1,
//                    otherwise 0)
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/result.h"

namespace groove {

struct RedisNode {
  std::string host;
  std::string port;
  auto operator<=>(const RedisNode&) const = default;
};

struct RedisAddress {
  std::string unix_path;         // not empty: this one
  std::vector<RedisNode> nodes;  // otherwise; several only of a cluster
  bool cluster = false;
  bool tls = false;
  std::filesystem::path ca, cert, key;
  std::string user = "default";
  std::filesystem::path password_file;
  int replicas = 0;

  // Errors: kInvalid, with how to write it.
  static Result<RedisAddress> parse(std::string_view text);
};

}  // namespace groove
