// The text of a file that may be packed (.xz, .gz, .zst, or a .zip of several), by libarchive,
// which looks at the bytes and not at the name. A thread of its own unpacks ahead while the caller
// parses; a bounded queue lies between them.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "workers/base/bounded_queue.h"
#include "workers/base/result.h"

struct archive;

namespace groove::fetcher {

class TextStream {
 public:
  struct Chunk {
    std::string bytes;
    std::string name;     // of the text: the file's, or "data.zip/songs.csv"
    bool begins = false;  // the first chunk of its text
  };

  // Errors: kNotFound, kUnavailable (it cannot be read).
  static Result<std::unique_ptr<TextStream>> open(const std::filesystem::path& file);

  // Stops unpacking.
  ~TextStream();
  TextStream(const TextStream&) = delete;
  TextStream& operator=(const TextStream&) = delete;

  // The next piece of text; nothing at the end. An empty text is one chunk without bytes.
  // Errors: kCorrupt (cut short or damaged), kInvalid (it unpacks to more than
  // limits::kUnpackedBytesMax). After an error there is no more.
  Result<std::optional<Chunk>> next();

  // Bytes of the file, as it is on disk, that were read so far.
  std::uint64_t packed_bytes_read() const { return packed_read_; }

 private:
  struct Closer {
    void operator()(archive* reader) const;
  };
  using Reader = std::unique_ptr<archive, Closer>;

  TextStream(std::string name, Reader reader);

  void unpack();
  bool unpack_entry(const std::string& name);
  void refuse(Errc code, const std::string& what);

  const std::string name_;
  Reader reader_;
  std::uint64_t unpacked_ = 0;
  std::atomic<std::uint64_t> packed_read_ = 0;
  BoundedQueue<Result<Chunk>> queue_;
  std::jthread thread_;
};

}  // namespace groove::fetcher
