#include "gateway/site.h"

#include <zlib.h>

#include <algorithm>
#include <array>

#include "gateway/core/router.h"
#include "workers/base/check.h"
#include "workers/base/sha256.h"
#include "workers/durable_file.h"

namespace groove::gateway {
namespace {

constexpr std::size_t kSiteBytesMax = 64 * 1024 * 1024;

std::string_view type_of(std::string_view extension) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes = {{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  const auto* const found =
      std::ranges::find(kTypes, extension, [](const auto& t) { return t.first; });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

std::string gzip(const std::string& bytes) {
  z_stream stream = {};
  constexpr int kGzipFormat = 16;
  GROOVE_CHECK(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipFormat, 9,
                            Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  GROOVE_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// "gzip" in a list, unless its weight is 0 (RFC 9110 12.5.3).
bool takes_gzip(const Request& request) {
  std::string_view rest = request.header("Accept-Encoding");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view item = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (!same_ignoring_case(trimmed(item.substr(0, semicolon)), "gzip")) continue;
    const std::string_view weight = trimmed(item.substr(std::min(semicolon + 1, item.size())));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
  }
  return false;
}

}  // namespace

Result<Site> Site::load(const std::filesystem::path& folder) {
  Site site;
  std::error_code error;
  std::size_t total = 0;
  for (auto it = std::filesystem::recursive_directory_iterator(folder, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    if (!it->is_regular_file()) continue;
    auto bytes = read_file(it->path());
    if (!bytes) return std::unexpected(bytes.error());
    total += bytes->size();
    if (total > kSiteBytesMax)
      return fail(Errc::kInvalid, folder.string() + " is more than a page: over 64 MB of files.");
    File file;
    file.type = type_of(it->path().extension().string());
    file.tag = '"' + to_string(sha256(*bytes)).substr(0, 32) + '"';
    auto packed = std::make_shared<const std::string>(gzip(*bytes));
    if (packed->size() < bytes->size()) file.packed = std::move(packed);
    file.plain = std::make_shared<const std::string>(std::move(*bytes));
    const std::string name = "/" + it->path().lexically_relative(folder).generic_string();
    // The builder puts a hash of its content into the name of whatever lies in assets/.
    const bool hashed = name.starts_with("/assets/");
    file.cache = hashed ? "public, max-age=31536000, immutable" : "no-cache";
    site.files_.emplace(name == "/index.html" ? "/" : name, std::move(file));
  }
  return site;
}

Reply Site::answer(const Request& request) const {
  const auto it = files_.find(request.path);
  if (it == files_.end()) {
    return problem(404, empty() && request.path == "/"
                            ? "The page is not built; the API is here: see openapi.yaml."
                            : "There is nothing at this address; the page is at /.");
  }
  if (request.method != "GET" && request.method != "HEAD") return method_not_allowed("GET, HEAD");
  const File& file = it->second;
  Reply reply;
  reply.headers = {{"Content-Type", file.type},
                   {"Cache-Control", file.cache},
                   {"ETag", file.tag},
                   {"Vary", "Accept-Encoding"}};
  if (request.header("If-None-Match") == file.tag) {
    reply.status = 304;
  } else if (file.packed && takes_gzip(request)) {
    reply.headers.push_back({"Content-Encoding", "gzip"});
    reply.shared_body = file.packed;
  } else {
    reply.shared_body = file.plain;
  }
  return reply;
}

}  // namespace groove::gateway
