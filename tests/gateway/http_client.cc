#include "tests/gateway/http_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>

#include "gateway/core/request.h"
#include "workers/base/check.h"

namespace groove::gateway {

HttpClient::HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience = {10, 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  GROOVE_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

HttpClient::~HttpClient() { ::close(socket_); }

void HttpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;  // the server closed: the test looks at what it answered
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

bool HttpClient::read_more() {
  std::array<char, 16 * 1024> buffer;
  const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  received_.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::string HttpClient::read_until(std::string_view mark) {
  std::size_t at = received_.find(mark);
  while (at == received_.npos && read_more()) at = received_.find(mark);
  const std::size_t end = at == received_.npos ? received_.size() : at + mark.size();
  std::string text = received_.substr(0, end);
  received_.erase(0, end);
  return text;
}

std::optional<Response> HttpClient::receive(bool head_only) {
  const std::string head = read_until("\r\n\r\n");
  if (!head.ends_with("\r\n\r\n")) return std::nullopt;
  Response response;
  response.status = std::stoi(head.substr(9, 3));
  std::size_t at = head.find("\r\n") + 2;
  while (at + 2 < head.size()) {
    const std::size_t end = head.find("\r\n", at), colon = head.find(':', at);
    std::string name = head.substr(at, colon - at);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    response.headers[name] = trimmed(std::string_view(head).substr(colon + 1, end - colon - 1));
    at = end + 2;
  }
  const auto length = response.headers.find("content-length");
  if (head_only || length == response.headers.end()) return response;
  const std::size_t size = std::stoul(length->second);
  while (received_.size() < size && read_more()) {
  }
  response.body = received_.substr(0, size);
  received_.erase(0, size);
  return response;
}

bool HttpClient::readable(std::chrono::milliseconds wait) const {
  pollfd wanted = {socket_, POLLIN, 0};
  return !received_.empty() || ::poll(&wanted, 1, static_cast<int>(wait.count())) > 0;
}

bool HttpClient::closed() {
  std::array<char, 1> byte;
  return received_.empty() && ::recv(socket_, byte.data(), 1, 0) == 0;
}

Response HttpClient::exchange(std::string_view bytes) {
  send(bytes);
  return receive().value_or(Response{});
}

}  // namespace groove::gateway
