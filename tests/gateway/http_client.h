// A client that sends exactly the bytes it is told to, and reads what comes back.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace groove::gateway {

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; the last one of a name
  std::string body;
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void send(std::string_view bytes);
  // The next response; nothing when the server closed instead. `head_only`: to a HEAD.
  std::optional<Response> receive(bool head_only = false);
  // Whether the server ends the connection without another byte (waits for it, at most 10 s).
  bool closed();
  // Something has come that was not read yet, if only the end; waits for it that long.
  bool readable(std::chrono::milliseconds wait = {}) const;
  // Reads until `mark` has come; what came up to its end, or what came before the end of it all.
  std::string read_until(std::string_view mark);

  Response exchange(std::string_view bytes);

 private:
  bool read_more();

  int socket_ = -1;
  std::string received_;
};

// A request as text, with Host and, for a body, Content-Length.
class Ask {
 public:
  Ask(std::string method, std::string target)
      : line_(std::move(method) + " " + std::move(target)) {}

  Ask& header(const std::string& name, const std::string& value) {
    headers_ += name + ": " + value + "\r\n";
    return *this;
  }
  Ask& json(std::string body) {
    return header("Content-Type", "application/json").body(std::move(body));
  }
  Ask& body(std::string body) {
    body_ = std::move(body);
    return header("Content-Length", std::to_string(body_.size()));
  }
  std::string text(const std::string& host) const {
    return line_ + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers_ + "\r\n" + body_;
  }

 private:
  std::string line_, headers_, body_;
};

}  // namespace groove::gateway
