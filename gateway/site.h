// The page's files, read into memory once at the start and packed with gzip there.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/core/reply.h"
#include "gateway/core/request.h"
#include "workers/base/result.h"

namespace groove::gateway {

class Site {
 public:
  // A folder that is not there is an empty site: the API works without the page.
  // Errors: kUnavailable (a file cannot be read), kInvalid (too much to keep in memory).
  static Result<Site> load(const std::filesystem::path& folder);

  bool empty() const { return files_.empty(); }
  // "/" is index.html. 404, and 405 for what is not GET or HEAD.
  Reply answer(const Request& request) const;

 private:
  struct File {
    std::string type;
    std::string cache;
    std::string tag;
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> packed;  // nullptr where packing does not pay
  };
  std::map<std::string, File, std::less<>> files_;  // by path in the address
};

}  // namespace groove::gateway
