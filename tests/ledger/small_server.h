// An HTTP server of a test's own on a free port: one connection after the other, one request each.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

#include "ledger/http.h"
#include "workers/base/check.h"

namespace groove::ledger {

class SmallServer {
 public:
  using Answer = std::function<HttpReply(const std::string& path, const std::string& body)>;

  explicit SmallServer(Answer answer) : answer_(std::move(answer)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    GROOVE_CHECK(::bind(listening_, any, size) == 0 && ::listen(listening_, 16) == 0);
    GROOVE_CHECK(::getsockname(listening_, any, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { serve(); });
  }
  ~SmallServer() {
    ::shutdown(listening_, SHUT_RDWR);  // ends accept()
    thread_.join();
    ::close(listening_);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() {
    for (int client; (client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      exchange_with(client);
      ::close(client);
    }
  }

  void exchange_with(int client) {
    std::string text;
    std::size_t head = text.npos, body_bytes = 0;
    for (char block[4096]; head == text.npos || text.size() < head + 4 + body_bytes;) {
      const ssize_t n = ::recv(client, block, sizeof block, 0);
      if (n <= 0) return;
      text.append(block, static_cast<std::size_t>(n));
      if (head != text.npos || (head = text.find("\r\n\r\n")) == text.npos) continue;
      const std::size_t length = text.find("Content-Length: ");
      if (length < head) body_bytes = std::strtoull(text.c_str() + length + 16, nullptr, 10);
    }
    const std::size_t path = text.find(' ') + 1;
    const HttpReply reply =
        answer_(text.substr(path, text.find(' ', path) - path), text.substr(head + 4));
    const std::string out =
        "HTTP/1.1 " + std::to_string(reply.status) +
        " X\r\nConnection: close\r\nContent-Length: " + std::to_string(reply.body.size()) +
        "\r\n\r\n" + reply.body;
    static_cast<void>(::send(client, out.data(), out.size(), MSG_NOSIGNAL));
  }

  Answer answer_;
  int listening_ = -1;
  int port_ = 0;
  std::jthread thread_;
};

}  // namespace groove::ledger
