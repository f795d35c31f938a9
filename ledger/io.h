// What the ledger asks of the machine: files, folders, a lock, randomness. Small, so that a test
// can stand in a disk that loses every write that was not synced.
//
// Errors: kNotFound (no such file or folder), kConflict (the lock is held), else kUnavailable, each
// with the path and the system's reason. A write or sync that failed must not be tried again: the
// kernel may have dropped the pages and would report success (PostgreSQL's fsync lesson of 2018).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workers/base/result.h"

namespace groove::ledger {

class File {
 public:
  virtual ~File() = default;
  virtual Status write(std::uint64_t offset, std::string_view bytes) = 0;
  // Fewer bytes than asked for when the file ends before.
  virtual Result<std::string> read(std::uint64_t offset, std::size_t size) const = 0;
  virtual Result<std::uint64_t> size() const = 0;
  virtual Status sync() = 0;  // data, and the size if it grew
};

// Held until destroyed.
class Lock {
 public:
  virtual ~Lock() = default;
};

class Io {
 public:
  enum class Mode { kRead, kWrite, kCreate };  // kCreate: empty, readable by the owner alone

  virtual ~Io() = default;
  virtual Result<std::unique_ptr<File>> open(const std::filesystem::path& file, Mode mode) = 0;
  // The names in it, sorted.
  virtual Result<std::vector<std::string>> list(const std::filesystem::path& folder) = 0;
  // With those above it; new ones are the owner's alone (0700).
  virtual Status make_folder(const std::filesystem::path& folder) = 0;
  virtual Status rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  // A file, or an empty folder.
  virtual Status remove(const std::filesystem::path& file) = 0;
  virtual Status sync_folder(const std::filesystem::path& folder) = 0;
  virtual Result<std::unique_ptr<Lock>> lock(const std::filesystem::path& file) = 0;
  virtual std::string random(std::size_t size) = 0;
};

// The real one. Stateless; lives as long as the program.
Io& system_io();

}  // namespace groove::ledger
