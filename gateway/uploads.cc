#include "gateway/uploads.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

namespace groove::gateway {
namespace asio = boost::asio;
namespace {

std::unexpected<Error> refused(std::string_view what) {
  return fail(Errc::kUnavailable,
              fmt::format("The disk refused to {} the file: {}.", what, std::strerror(errno)));
}

class File {
 public:
  File(const std::filesystem::path& path, int flags) : fd_(::open(path.c_str(), flags, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool open() const { return fd_ >= 0; }
  bool sync() { return ::fsync(fd_) == 0; }
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::write(fd_, bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

 private:
  int fd_;
};

// Busy as long as it lives.
class Turn {
 public:
  explicit Turn(bool& busy) : busy_(busy) { busy_ = true; }
  ~Turn() { busy_ = false; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  bool& busy_;
};

asio::awaitable<Status> keep(File& file, std::filesystem::path part, std::filesystem::path target) {
  if (!file.sync()) co_return refused("keep");
  if (::rename(part.c_str(), target.c_str()) != 0) co_return refused("name");
  File folder(target.parent_path(), O_RDONLY | O_DIRECTORY);
  if (!folder.open() || !folder.sync()) co_return refused("keep");
  co_return Status();
}

asio::awaitable<Status> receive(File& file, BodySource& body) {
  while (true) {
    const auto piece = co_await body.next();
    if (!piece) co_return fail(Errc::kInvalid, piece.error().message);
    if (piece->empty()) co_return Status();
    if (!file.write(*piece)) co_return refused("take");
  }
}

}  // namespace

Uploads::Uploads(const Places& places)
    : folder_(places.tracks()), part_(places.data / "upload.part") {}

asio::awaitable<Result<std::uint64_t>> Uploads::store(std::string name, BodySource& body) {
  if (body.size() == 0) co_return fail(Errc::kInvalid, "The file is empty.");
  if (busy_) co_return fail(Errc::kBusy, "Another upload is under way; wait until it has ended.");
  const Turn turn(busy_);
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  File file(part_, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (!file.open()) co_return refused("take");
  auto stored = co_await receive(file, body);
  if (stored)
    stored = co_await asio::co_spawn(disk_, keep(file, part_, folder_ / name), asio::use_awaitable);
  if (!stored) {
    ::unlink(part_.c_str());
    co_return std::unexpected(stored.error());
  }
  co_return body.size();
}

}  // namespace groove::gateway
