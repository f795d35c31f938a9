#include "fetcher/text_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "workers/base/check.h"
#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;

std::string reason(archive* reader) {
  const char* text = archive_error_string(reader);
  return text == nullptr ? "it cannot be unpacked" : text;
}

}  // namespace

void TextStream::Closer::operator()(archive* reader) const { archive_read_free(reader); }

Result<std::unique_ptr<TextStream>> TextStream::open(const std::filesystem::path& file) {
  std::error_code ignored;
  const int error = std::filesystem::is_directory(file, ignored) ? EISDIR
                    : ::access(file.c_str(), R_OK) == 0          ? 0
                                                                 : errno;
  if (error != 0)
    return fail(error == ENOENT ? Errc::kNotFound : Errc::kUnavailable,
                fmt::format("{} cannot be read: {}", file.string(), std::strerror(error)));
  Reader reader(archive_read_new());
  GROOVE_CHECK(reader != nullptr);
  archive_read_support_filter_xz(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_zstd(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_format_raw(reader.get());
  archive_read_support_format_empty(reader.get());
  if (archive_read_open_filename(reader.get(), file.c_str(), kBlockBytes) != ARCHIVE_OK)
    return fail(Errc::kUnavailable, fmt::format("{}: {}", file.string(), reason(reader.get())));
  return std::unique_ptr<TextStream>(new TextStream(file.filename().string(), std::move(reader)));
}

TextStream::TextStream(std::string name, Reader reader)
    : name_(std::move(name)),
      reader_(std::move(reader)),
      queue_(limits::kTextChunksQueued),
      thread_([this] { unpack(); }) {}

TextStream::~TextStream() { queue_.close(); }

Result<std::optional<TextStream::Chunk>> TextStream::next() {
  auto chunk = queue_.pop();
  if (!chunk) return std::nullopt;
  if (!*chunk) return std::unexpected(chunk->error());
  return std::move(**chunk);
}

void TextStream::unpack() {
  for (;;) {
    archive_entry* entry = nullptr;
    const int got = archive_read_next_header(reader_.get(), &entry);
    if (got == ARCHIVE_EOF) break;
    if (got < ARCHIVE_WARN) {
      refuse(Errc::kCorrupt, reason(reader_.get()));
      break;
    }
    const bool zip = archive_format(reader_.get()) != ARCHIVE_FORMAT_RAW;
    if (zip && archive_entry_filetype(entry) == AE_IFDIR) continue;
    const char* inner = archive_entry_pathname_utf8(entry);
    if (!unpack_entry(zip && inner != nullptr ? name_ + '/' + inner : name_)) break;
  }
  queue_.close();
}

// One text, to its end. False: stop.
bool TextStream::unpack_entry(const std::string& name) {
  for (bool begins = true;; begins = false) {
    Chunk chunk{
        .bytes = std::string(limits::kTextChunkBytes, '\0'), .name = name, .begins = begins};
    const la_ssize_t size =
        archive_read_data(reader_.get(), chunk.bytes.data(), chunk.bytes.size());
    if (size < 0) {
      refuse(Errc::kCorrupt, reason(reader_.get()));
      return false;
    }
    chunk.bytes.resize(static_cast<std::size_t>(size));
    unpacked_ += chunk.bytes.size();
    packed_read_ = static_cast<std::uint64_t>(archive_filter_bytes(reader_.get(), -1));
    if (unpacked_ > limits::kUnpackedBytesMax) {
      refuse(Errc::kInvalid, fmt::format("it unpacks to more than {} GB",
                                         limits::kUnpackedBytesMax / 1'000'000'000));
      return false;
    }
    const bool ends = chunk.bytes.empty();
    if ((begins || !ends) && !queue_.push(std::move(chunk))) return false;
    if (ends) return true;
  }
}

void TextStream::refuse(Errc code, const std::string& what) {
  queue_.push(fail(code, fmt::format("{}: {}", name_, what)));
}

}  // namespace groove::fetcher
