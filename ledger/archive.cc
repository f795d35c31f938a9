#include "ledger/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "ledger/core/tile.h"

namespace groove::ledger {
namespace {

class Zip {
 public:
  explicit Zip(int descriptor) : zip_(archive_write_new(), archive_write_free) {
    archive_write_set_format_zip(zip_.get());
    open_ = archive_write_open_fd(zip_.get(), descriptor) == ARCHIVE_OK;
  }
  Status add(const std::string& name, std::string_view bytes) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), kDosEpoch, 0);
    const bool ok = open_ && archive_write_header(zip_.get(), entry.get()) == ARCHIVE_OK &&
                    archive_write_data(zip_.get(), bytes.data(), bytes.size()) ==
                        static_cast<la_ssize_t>(bytes.size());
    return ok ? Status{} : failed();
  }
  Status finish() { return archive_write_close(zip_.get()) == ARCHIVE_OK ? Status{} : failed(); }

 private:
  static constexpr time_t kDosEpoch = 315'532'800;  // 1980, before which zip knows no time

  std::unexpected<Error> failed() const {
    const char* const why = archive_error_string(zip_.get());
    return fail(Errc::kUnavailable,
                std::string("the archive cannot be written: ") + (why ? why : "no room"));
  }

  std::unique_ptr<archive, int (*)(archive*)> zip_;
  bool open_ = false;
};

}  // namespace

Status write_archive(const PublicLog& log, const std::string& key, int descriptor,
                     const std::function<void(std::uint64_t)>& progress) {
  Zip zip(descriptor);
  Status ok = zip.add("checkpoint", log.note());
  if (ok) ok = zip.add("vkey", key);
  std::uint64_t files = 2;
  const auto add = [&](const Tile& tile) {
    const auto bytes = log.read(tile);
    ok = bytes ? zip.add(path_of(tile), *bytes) : std::unexpected(bytes.error());
    if (progress) progress(++files);
  };
  for (const Tile& tile : new_tiles(0, log.head().size)) {
    if (ok && tile.level == 0) add({kEntriesLevel, tile.index, tile.width});
    if (ok) add(tile);
  }
  return ok ? zip.finish() : ok;
}

}  // namespace groove::ledger
