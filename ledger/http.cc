#include "ledger/http.h"

#include "workers/http_client.h"

namespace groove::ledger {

Result<HttpReply> exchange(const std::string& url, const std::string* body) {
  HttpRequest request{.url = url, .headers = {{"User-Agent", "groove-ledger"}}};
  if (body) {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/octet-stream");
    request.body = *body;
  }
  auto reply = http_exchange(request);
  if (!reply) return std::unexpected(reply.error());
  return HttpReply{reply->status, std::string(reply->header("Content-Type")),
                   std::move(reply->body)};
}

}  // namespace groove::ledger
