#include "tests/ledger/sim_disk.h"

#include <algorithm>

#include "workers/base/check.h"

namespace groove::ledger {
namespace {

constexpr std::uint64_t kSector = 512;

std::unexpected<Error> no_power() { return fail(Errc::kUnavailable, "the power is gone"); }

}  // namespace

class SimDisk::SimFile final : public File {
 public:
  SimFile(SimDisk& disk, std::shared_ptr<Inode> inode) : disk_(disk), inode_(std::move(inode)) {}

  Status write(std::uint64_t offset, std::string_view bytes) override {
    return disk_.write(*inode_, offset, bytes);
  }
  Result<std::string> read(std::uint64_t offset, std::size_t size) const override {
    if (offset >= inode_->now.size()) return std::string();
    return inode_->now.substr(offset, size);
  }
  Result<std::uint64_t> size() const override { return inode_->now.size(); }
  Status sync() override { return disk_.sync(*inode_); }

 private:
  SimDisk& disk_;
  std::shared_ptr<Inode> inode_;
};

class SimDisk::SimLock final : public Lock {
 public:
  explicit SimLock(std::shared_ptr<bool> locked) : locked_(std::move(locked)) { *locked_ = true; }
  ~SimLock() override { *locked_ = false; }

 private:
  std::shared_ptr<bool> locked_;
};

// Counts a change of what is on the disk. The one at which the power goes still reaches the
// kernel's memory, so parts of it may survive.
Status SimDisk::change() {
  if (dead_) return no_power();
  if (changes_left_ && (*changes_left_)-- == 0) dead_ = true;
  return {};
}

Status SimDisk::write(Inode& inode, std::uint64_t offset, std::string_view bytes) {
  if (auto ok = change(); !ok) return ok;
  inode.now.resize(std::max<std::uint64_t>(inode.now.size(), offset + bytes.size()));
  inode.now.replace(offset, bytes.size(), bytes);
  for (std::uint64_t sector = offset / kSector; sector * kSector < offset + bytes.size(); ++sector)
    inode.unsynced[sector].push_back(inode.now.substr(sector * kSector, kSector));
  return dead_ ? no_power() : Status{};
}

Status SimDisk::sync(Inode& inode) {
  if (auto ok = change(); !ok) return ok;
  if (dead_) return no_power();
  ++syncs_;
  if (syncs_until_failure_ && (*syncs_until_failure_)-- == 0)
    return fail(Errc::kUnavailable, "cannot sync: Input/output error");
  inode.synced = inode.now;
  inode.unsynced.clear();
  return {};
}

void SimDisk::lose_sectors(Inode& inode, unsigned keep_percent) {
  std::string after = inode.synced;
  for (const auto& [sector, states] : inode.unsynced) {
    if (pick(100) >= keep_percent) continue;
    const std::string& state = states[pick(states.size())];
    const std::uint64_t at = sector * kSector;
    if (after.size() < at + state.size()) after.resize(at + state.size());
    after.replace(at, state.size(), state);
  }
  inode.now = inode.synced = after;
  inode.unsynced.clear();
}

void SimDisk::lose_power() {
  names_ = names_since_sync_[pick(names_since_sync_.size())];
  names_since_sync_ = {names_};
  constexpr unsigned kKeep[] = {0, 20, 50, 80, 100};
  for (auto& [path, inode] : names_) lose_sectors(*inode, kKeep[pick(std::size(kKeep))]);
  dead_ = false;
  changes_left_.reset();
  syncs_until_failure_.reset();
}

std::string& SimDisk::bytes(const std::filesystem::path& file) { return names_.at(file)->now; }

Result<std::unique_ptr<File>> SimDisk::open(const std::filesystem::path& file, Mode mode) {
  if (dead_) return no_power();
  if (mode == Mode::kCreate) {
    if (auto ok = change(); !ok) return std::unexpected(ok.error());
    names_[file] = std::make_shared<Inode>();
    renamed();
  }
  const auto found = names_.find(file);
  if (found == names_.end()) return fail(Errc::kNotFound, "no file " + file.string());
  return std::make_unique<SimFile>(*this, found->second);
}

void SimDisk::renamed() { names_since_sync_.push_back(names_); }

Result<std::vector<std::string>> SimDisk::list(const std::filesystem::path& folder) {
  if (!folders_.contains(folder)) return fail(Errc::kNotFound, "no folder " + folder.string());
  std::vector<std::string> names;
  for (const auto& [path, inode] : names_)
    if (path.parent_path() == folder) names.push_back(path.filename().string());
  for (const auto& below : folders_)
    if (below.parent_path() == folder) names.push_back(below.filename().string());
  std::ranges::sort(names);
  return names;
}

Status SimDisk::make_folder(const std::filesystem::path& folder) {
  for (auto all = folder; !all.empty() && folders_.insert(all).second;) all = all.parent_path();
  return dead_ ? no_power() : Status{};
}

Status SimDisk::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (auto ok = change(); !ok) return ok;
  names_[to] = names_.at(from);
  names_.erase(from);
  renamed();
  return dead_ ? no_power() : Status{};
}

Status SimDisk::remove(const std::filesystem::path& file) {
  if (auto ok = change(); !ok) return ok;
  names_.erase(file);
  renamed();
  return dead_ ? no_power() : Status{};
}

Status SimDisk::sync_folder(const std::filesystem::path&) {
  if (auto ok = change(); !ok) return ok;
  if (dead_) return no_power();
  names_since_sync_ = {names_};
  return {};
}

Result<std::unique_ptr<Lock>> SimDisk::lock(const std::filesystem::path& file) {
  if (dead_) return no_power();
  auto& locked = locked_[file];
  if (!locked) locked = std::make_shared<bool>(false);
  if (*locked) return fail(Errc::kConflict, file.string() + " is held");
  if (!names_.contains(file)) names_[file] = std::make_shared<Inode>();
  return std::make_unique<SimLock>(locked);
}

std::string SimDisk::random(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random_());
  return bytes;
}

}  // namespace groove::ledger
