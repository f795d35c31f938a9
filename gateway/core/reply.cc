#include "gateway/core/reply.h"

#include <algorithm>

#include "gateway/core/json.h"

namespace groove::gateway {
namespace {

// The page loads its own files, and the songs, and nothing else, runs no inline script, and cannot
// be framed.
constexpr std::string_view kSecurityHeaders =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

bool has_header(const Reply& reply, std::string_view name) {
  return std::ranges::any_of(
      reply.headers, [&](const Field& field) { return same_ignoring_case(field.name, name); });
}

bool has_no_body(int status) { return status == 204 || status == 304; }

}  // namespace

Reply json_reply(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body), nullptr};
}

Reply problem(int status, std::string_view detail, std::string_view more) {
  JsonWriter json;
  json.object([&] {
    json.field("type", "about:blank");
    json.field("title", reason(status));
    json.field("status", status);
    json.field("detail", detail);
  });
  std::string body = json.take();
  body.insert(body.size() - 1, more);
  return {status, {{"Content-Type", "application/problem+json"}}, std::move(body), nullptr};
}

Reply come_back(int status, std::string_view detail, std::chrono::seconds after) {
  Reply reply = problem(status, detail);
  reply.headers.push_back({"Retry-After", std::to_string(after.count())});
  return reply;
}

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

std::string head(const Reply& reply, Framing framing) {
  std::string out;
  out.reserve(768);
  out.append("HTTP/1.1 ").append(std::to_string(reply.status)).append(" ");
  out.append(reason(reply.status)).append("\r\n");
  for (const Field& field : reply.headers)
    out.append(field.name).append(": ").append(field.value).append("\r\n");
  out.append(kSecurityHeaders);
  if (!has_header(reply, "Cache-Control")) out.append("Cache-Control: no-store\r\n");
  if (!framing.endless && !has_no_body(reply.status))
    out.append("Content-Length: ")
        .append(std::to_string(framing.length.value_or(reply.bytes().size())))
        .append("\r\n");
  out.append(framing.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  return out;
}

}  // namespace groove::gateway
