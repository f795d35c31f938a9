#include "ledger/key_store.h"

#include "ledger/layout.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kSuffix = ".key";

}  // namespace

std::filesystem::path KeyStore::file_of(ListenerId listener) const {
  return folder_ / (to_string(listener) + std::string(kSuffix));
}

Result<ListenerKey> KeyStore::read(const std::filesystem::path& file) const {
  const auto bytes = read_whole(io_, file);
  if (!bytes) return std::unexpected(bytes.error());
  if (bytes->size() != kSealKeyBytes + kKeyIdBytes)
    return fail(Errc::kCorrupt, file.string() + " is not a key");
  return ListenerKey{bytes->substr(0, kSealKeyBytes), bytes->substr(kSealKeyBytes)};
}

Result<ListenerKey> KeyStore::find(ListenerId listener) {
  const auto known = known_.find(listener);
  if (known != known_.end()) return known->second;
  auto key = read(file_of(listener));
  if (key) known_[listener] = *key;
  return key;
}

Result<ListenerKey> KeyStore::find_or_make(ListenerId listener) {
  auto key = find(listener);
  if (key || key.error().code != Errc::kNotFound) return key;
  const ListenerKey fresh{io_.random(kSealKeyBytes), io_.random(kKeyIdBytes)};
  Status ok = io_.make_folder(folder_);
  if (ok) ok = replace_whole(io_, file_of(listener), fresh.secret + fresh.id);
  if (!ok) return std::unexpected(ok.error());
  known_[listener] = fresh;
  return fresh;
}

Result<ListenerKey> KeyStore::find_by_id(std::string_view id) {
  const auto names = io_.list(folder_);
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (!name.ends_with(kSuffix)) continue;
    auto key = read(folder_ / name);
    if (!key || key->id == id) return key;
  }
  return fail(Errc::kNotFound, "the key of this record is not in " + folder_.string() +
                                   ": erased, or kept elsewhere");
}

Status KeyStore::destroy(ListenerId listener) {
  known_.erase(listener);
  auto file = io_.open(file_of(listener), Io::Mode::kWrite);
  if (!file) return std::unexpected(file.error());
  Status ok = (*file)->write(0, std::string(kSealKeyBytes + kKeyIdBytes, '\0'));
  if (ok) ok = (*file)->sync();
  if (ok) ok = io_.remove(file_of(listener));
  if (ok) ok = io_.sync_folder(folder_);
  return ok;
}

}  // namespace groove::ledger
