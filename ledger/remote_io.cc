#include "ledger/remote_io.h"

#include <algorithm>
#include <utility>

#include "workers/base/check.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> reads_only() {
  return fail(Errc::kUnavailable, "a ledger at an address can only be read");
}

class RemoteFile final : public File {
 public:
  explicit RemoteFile(std::string bytes) : bytes_(std::move(bytes)) {}
  Status write(std::uint64_t, std::string_view) override { return reads_only(); }
  Result<std::string> read(std::uint64_t offset, std::size_t size) const override {
    return bytes_.substr(std::min<std::uint64_t>(offset, bytes_.size()), size);
  }
  Result<std::uint64_t> size() const override { return bytes_.size(); }
  Status sync() override { return reads_only(); }

 private:
  std::string bytes_;
};

class RemoteIo final : public Io {
 public:
  explicit RemoteIo(Exchange exchange) : exchange_(std::move(exchange)) {}

  Result<std::unique_ptr<File>> open(const fs::path& file, Mode mode) override {
    if (mode != Mode::kRead) return reads_only();
    auto reply = exchange_(file.string(), nullptr);
    if (!reply) return std::unexpected(reply.error());
    if (reply->status == 404) return fail(Errc::kNotFound, file.string() + " is not there");
    if (reply->status != 200)
      return fail(Errc::kUnavailable,
                  file.string() + " is answered with status " + std::to_string(reply->status));
    return std::make_unique<RemoteFile>(std::move(reply->body));
  }
  Result<std::vector<std::string>> list(const fs::path&) override {
    return fail(Errc::kNotFound, "folders cannot be listed over HTTP");
  }
  Status make_folder(const fs::path&) override { return reads_only(); }
  Status rename(const fs::path&, const fs::path&) override { return reads_only(); }
  Status remove(const fs::path&) override { return reads_only(); }
  Status sync_folder(const fs::path&) override { return reads_only(); }
  Result<std::unique_ptr<Lock>> lock(const fs::path&) override { return reads_only(); }
  std::string random(std::size_t) override {
    GROOVE_CHECK(false);  // nothing that only reads needs it
    return "";
  }

 private:
  Exchange exchange_;
};

}  // namespace

std::unique_ptr<Io> remote_io(Exchange exchange) {
  return std::make_unique<RemoteIo>(std::move(exchange));
}

}  // namespace groove::ledger
