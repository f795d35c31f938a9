// What was heard in the music folders, kept so that no file is analysed twice: one file of records,
// DATA/analyses/records, that is only ever appended to.
//
// A record: "GRVR", u32 length, the first 8 bytes of the SHA-256 of what follows, a serialised
// groove.v1.MusicRecord. Of several records of one path or sound the last counts. Whatever is
// damaged is passed over up to the next sound record; what is lost so is analysed again. A process
// that is killed loses the record it was writing.
//
// One process at a time writes (a lock on DATA/analyses/lock); reading needs no lock. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "groove/v1/music.pb.h"
#include "workers/base/result.h"

namespace groove::fetcher {

class AnalysisStore {
 public:
  enum class Use { kRead, kWrite };
  // Writing makes the folder, and packs the file when most of it is out of date.
  // Errors: kBusy (another process writes), kUnavailable (the disk).
  static Result<AnalysisStore> open(const std::filesystem::path& folder, Use use);

  AnalysisStore(AnalysisStore&& other) noexcept;
  AnalysisStore& operator=(AnalysisStore&&) = delete;
  ~AnalysisStore();

  // By absolute path, in order; none of those that are gone.
  const std::map<std::string, v1::FileSeen>& files() const { return files_; }
  const v1::FileSeen* file(const std::string& path) const;

  struct Song {
    std::string id;
    std::uint32_t version = 0;
  };
  const Song* song(const std::string& audio) const;
  // What was heard of a sound; nothing when it was not, or the record is damaged.
  std::optional<v1::Heard> heard(const std::string& audio) const;

  // Errors: kUnavailable. Requires: opened to write.
  Status add(v1::FileSeen seen);
  Status add(v1::SongHeard heard);
  Status forget(const std::string& path);  // the file is gone
  Status sync();

  std::uint64_t damaged_bytes() const { return damaged_; }  // passed over when it was opened

 private:
  struct Place {
    Song song;
    std::uint64_t at = 0, bytes = 0;  // of the message in the file
  };
  AnalysisStore() = default;

  Status lock(const std::filesystem::path& folder);
  Status load();
  void take(std::string_view message, std::uint64_t at);
  void note(const v1::FileSeen& seen, std::size_t bytes);
  Status append(const v1::MusicRecord& record);
  bool is_wasteful() const;
  Status pack();

  std::filesystem::path file_;
  int lock_ = -1, fd_ = -1;
  std::uint64_t size_ = 0, damaged_ = 0, live_ = 0;
  std::map<std::string, v1::FileSeen> files_;
  std::unordered_map<std::string, Place> songs_;  // by digest of their sound
};

}  // namespace groove::fetcher
