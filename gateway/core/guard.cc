#include "gateway/core/guard.h"

#include <algorithm>
#include <array>

namespace groove::gateway {
namespace {

constexpr std::size_t kUploadNameMax = 100;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

bool has_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return colon != host.npos && host.find(']', colon) == host.npos;
}

bool is_own_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme) && same_ignoring_case(origin.substr(scheme.size()), host))
      return true;
  return false;
}

char safe(char c) {
  const bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                    c == '.' || c == '-' || c == '_';
  return keep ? c : '-';
}

}  // namespace

HostList::HostList(std::uint16_t port, std::span<const std::string> names) {
  const std::string suffix = ":" + std::to_string(port);
  for (const std::string_view loopback : {"127.0.0.1", "localhost", "[::1]"}) {
    hosts_.push_back(std::string(loopback) + suffix);
    if (port == 80) hosts_.emplace_back(loopback);
  }
  for (const std::string& name : names) {
    hosts_.push_back(lower(name));
    if (!has_port(name)) hosts_.push_back(lower(name) + suffix);
  }
}

bool HostList::allows(std::string_view host) const {
  return std::ranges::find(hosts_, lower(host)) != hosts_.end();
}

bool is_change(std::string_view method) { return method != "GET" && method != "HEAD"; }

std::optional<Reply> refuse_origin(const Request& request) {
  const auto foreign = [] {
    return problem(403, "This request comes from another site; use Groove's own page.");
  };
  if (request.header_count("Origin") > 1 || request.header_count("Sec-Fetch-Site") > 1)
    return foreign();
  const std::string_view origin = request.header("Origin");
  if (request.header_count("Origin") == 1 && !is_own_origin(origin, request.header("Host")))
    return foreign();
  if (request.header_count("Sec-Fetch-Site") == 0) return std::nullopt;
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (site == "same-origin" || (site == "none" && !is_change(request.method))) return std::nullopt;
  return foreign();
}

std::optional<Reply> refuse_type(const Request& request, std::span<const std::string_view> types) {
  const std::string_view given = request.header("Content-Type");
  const std::string_view media = trimmed(given.substr(0, std::min(given.find(';'), given.size())));
  const auto is_media = [&](std::string_view type) { return same_ignoring_case(type, media); };
  const bool packed = request.header_count("Content-Encoding") > 0;
  if (!packed && request.header_count("Content-Type") == 1 && std::ranges::any_of(types, is_media))
    return std::nullopt;
  std::string wanted;
  for (const std::string_view type : types)
    wanted.append(wanted.empty() ? "" : " or ").append(type);
  return problem(415, "Send the body as Content-Type: " + wanted + ", without Content-Encoding.");
}

std::optional<std::string> upload_name(std::string_view name) {
  name.remove_prefix(name.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string out(name);
  std::ranges::transform(out, out.begin(), safe);
  out.erase(0, std::min(out.find_first_not_of(".-"), out.size()));
  constexpr std::array<std::string_view, 5> kEnds = {".csv", ".csv.xz", ".csv.gz", ".csv.zst",
                                                     ".zip"};
  const std::string folded = lower(out);
  const auto ends = [&](std::string_view end) {
    return folded.size() > end.size() && folded.ends_with(end);
  };
  if (out.size() > kUploadNameMax || std::ranges::none_of(kEnds, ends)) return std::nullopt;
  return out;
}

}  // namespace groove::gateway
