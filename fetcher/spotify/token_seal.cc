#include "fetcher/spotify/token_seal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include "workers/base/check.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string random_bytes(std::size_t size) {
  std::string out(size, '\0');
  randombytes_buf(out.data(), size);
  return out;
}

std::unexpected<Error> cannot(const fs::path& file, std::string_view what) {
  return fail(Errc::kUnavailable, file.string() + " cannot be " + std::string(what));
}

// Written beside under a name of its own and linked into place: whoever comes second finds the
// first one's, whole.
Status make_key(const fs::path& file) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  static std::atomic<unsigned> count = 0;
  const fs::path beside =
      file.string() + "." + std::to_string(::getpid()) + "." + std::to_string(++count) + ".tmp";
  const int fd = ::open(beside.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return cannot(file, "made");
  const std::string key = random_bytes(kKeyBytes);
  const bool whole =
      ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  ::close(fd);
  const bool placed = whole && (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  ::unlink(beside.c_str());
  if (!placed) return cannot(file, "made");
  return {};
}

}  // namespace

Result<TokenSeal> TokenSeal::open(const fs::path& file) {
  GROOVE_CHECK(sodium_init() >= 0);
  std::error_code error;
  if (!fs::exists(file, error))
    if (auto made = make_key(file); !made) return std::unexpected(made.error());
  struct stat found{};
  if (::stat(file.c_str(), &found) != 0) return cannot(file, "read");
  if ((found.st_mode & 077) != 0)
    return fail(Errc::kCorrupt, file.string() + " can be read by others: chmod 600 " +
                                    file.string() + ", and sign in with Spotify again");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || text.str().size() != kKeyBytes)
    return fail(Errc::kCorrupt, file.string() + " is not a key");
  return TokenSeal(text.str());
}

std::string TokenSeal::seal(std::string_view text, std::string_view whose) const {
  std::string sealed = random_bytes(kNonceBytes);
  sealed.resize(kNonceBytes + text.size() + kTagBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + kNonceBytes, nullptr, bytes(text),
                                             text.size(), bytes(whose), whose.size(), nullptr,
                                             bytes(sealed), bytes(key_));
  return sealed;
}

std::optional<std::string> TokenSeal::open_sealed(std::string_view sealed,
                                                  std::string_view whose) const {
  if (sealed.size() < kNonceBytes + kTagBytes) return std::nullopt;
  std::string text(sealed.size() - kNonceBytes - kTagBytes, '\0');
  const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes(text), nullptr, nullptr, bytes(sealed) + kNonceBytes, sealed.size() - kNonceBytes,
      bytes(whose), whose.size(), bytes(sealed), bytes(key_));
  return opened == 0 ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace groove::fetcher
