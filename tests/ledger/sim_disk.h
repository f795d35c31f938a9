// A disk in memory that keeps its promises and no more: what was not synced may be lost, sector by
// sector, when the power goes; names may be lost until their folder is synced.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ledger/io.h"

namespace groove::ledger {

class SimDisk final : public Io {
 public:
  explicit SimDisk(std::uint64_t seed = 1) : random_(seed) {}

  // --- what tests do to it
  // The power goes at the n-th change from now (0: the next one); all calls fail from then on.
  void die_after(int changes) { changes_left_ = changes; }
  // The n-th sync of a file from now fails, once, and what it should have synced is not.
  void fail_sync_after(int syncs) { syncs_until_failure_ = syncs; }
  // After this, the disk is as found at the next start.
  void lose_power();
  bool dead() const { return dead_; }
  int syncs() const { return syncs_; }
  std::string& bytes(const std::filesystem::path& file);

  Result<std::unique_ptr<File>> open(const std::filesystem::path& file, Mode mode) override;
  Result<std::vector<std::string>> list(const std::filesystem::path& folder) override;
  Status make_folder(const std::filesystem::path& folder) override;
  Status rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Status remove(const std::filesystem::path& file) override;
  Status sync_folder(const std::filesystem::path& folder) override;
  Result<std::unique_ptr<Lock>> lock(const std::filesystem::path& file) override;
  std::string random(std::size_t size) override;

 private:
  struct Inode {
    std::string now, synced;
    // Each state that a sector was in since the last sync.
    std::map<std::uint64_t, std::vector<std::string>> unsynced;
  };
  using Names = std::map<std::filesystem::path, std::shared_ptr<Inode>>;
  class SimFile;
  class SimLock;

  Status change();
  Status write(Inode& inode, std::uint64_t offset, std::string_view bytes);
  Status sync(Inode& inode);
  void renamed();
  void lose_sectors(Inode& inode, unsigned keep_percent);
  std::uint64_t pick(std::uint64_t bound) { return random_() % bound; }

  std::mt19937_64 random_;
  Names names_;
  std::vector<Names> names_since_sync_{{}};  // the durable state first
  std::set<std::filesystem::path> folders_;
  std::map<std::filesystem::path, std::shared_ptr<bool>> locked_;
  std::optional<int> changes_left_, syncs_until_failure_;
  bool dead_ = false;
  int syncs_ = 0;
};

}  // namespace groove::ledger
