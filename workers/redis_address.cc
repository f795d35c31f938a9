#include "workers/redis_address.h"

#include <fmt/format.h>

#include <charconv>

namespace groove {
namespace {

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
  return fail(Errc::kInvalid,
              fmt::format("'{}' is not a Redis address ({}); write unix:/path/to/redis.sock, "
                          "tcp:HOST:PORT, tls:HOST:PORT or cluster:HOST:PORT,HOST:PORT",
                          text, why));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "host:port"; an IPv6 host may stand in brackets.
bool parse_node(std::string_view text, RedisNode& node) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  node = {std::string(host), std::string(text.substr(colon + 1))};
  return !host.empty();
}

bool set_option(std::string_view name, std::string_view value, RedisAddress& address) {
  if (name == "ca") return address.ca = value, true;
  if (name == "cert") return address.cert = value, true;
  if (name == "key") return address.key = value, true;
  if (name == "user") return address.user = value, true;
  if (name == "password-file") return address.password_file = value, true;
  if (name != "replicas") return false;
  const auto [end, error] =
      std::from_chars(value.data(), value.data() + value.size(), address.replicas);
  return error == std::errc() && end == value.data() + value.size() && address.replicas >= 0;
}

}  // namespace

Result<RedisAddress> RedisAddress::parse(std::string_view text) {
  RedisAddress address;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return refuse(text, "it has no scheme");
  const std::string_view scheme = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 1);
  if (const std::size_t query = rest.find('?'); query != std::string_view::npos) {
    for (const std::string_view option : split(rest.substr(query + 1), '&')) {
      const std::size_t equals = option.find('=');
      if (equals == std::string_view::npos ||
          !set_option(option.substr(0, equals), option.substr(equals + 1), address))
        return refuse(text, fmt::format("'{}' is no option of it", option));
    }
    rest = rest.substr(0, query);
  }
  if (scheme == "unix") {
    if (rest.empty()) return refuse(text, "it has no path");
    address.unix_path = rest;
    return address;
  }
  address.cluster = scheme.starts_with("cluster");
  address.tls = scheme == "tls" || scheme == "cluster+tls";
  if (scheme != "tcp" && !address.tls && scheme != "cluster") return refuse(text, "unknown scheme");
  if (address.cluster && text.find("replicas=") == std::string_view::npos) address.replicas = 1;
  for (const std::string_view part : split(rest, ','))
    if (!parse_node(part, address.nodes.emplace_back()))
      return refuse(text, "a host and a port are wanted");
  if (address.nodes.size() > 1 && !address.cluster)
    return refuse(text, "only a cluster has several nodes");
  return address;
}

}  // namespace groove
