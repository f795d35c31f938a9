// A whole file mapped read-only into memory. Owns the mapping; movable, not copyable.
#pragma once

#include <filesystem>
#include <string_view>

#include "workers/base/result.h"

namespace groove {

class MappedFile {
 public:
  // Errors: kNotFound (no such file), kUnavailable (it cannot be read).
  static Result<MappedFile> open(const std::filesystem::path& file);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::string_view bytes() const { return {data_, size_}; }

 private:
  MappedFile(const char* data, std::size_t size) : data_(data), size_(size) {}
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace groove
