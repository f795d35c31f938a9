#include "ledger/key_store.h"

#include "ledger/layout.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

constexpr std::string_view kSuffix = ".key", kDestroyed = ".destroyed";

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
  const auto key = find(listener);
  if (!key) return std::unexpected(key.error());
  known_.erase(listener);
  // Under another name first: a crash leaves a key that nobody finds, never one that is zeros. By
  // its id: a listener who comes back may be erased again.
  const auto note = folder_ / (to_hex(key->id) + std::string(kDestroyed));
  Status ok = io_.rename(file_of(listener), note);
  if (ok) ok = io_.sync_folder(folder_);
  return ok ? wipe(note) : ok;
}

Status KeyStore::wipe(const std::filesystem::path& file) const {
  auto opened = io_.open(file, Io::Mode::kWrite);
  if (!opened) return std::unexpected(opened.error());
  const Status ok = (*opened)->write(0, std::string(kSealKeyBytes, '\0'));
  return ok ? (*opened)->sync() : ok;
}

Result<std::vector<std::string>> KeyStore::destroyed() {
  std::vector<std::string> ids;
  const auto names = io_.list(folder_);
  if (!names && names.error().code == Errc::kNotFound) return ids;
  if (!names) return std::unexpected(names.error());
  for (const std::string& name : *names) {
    if (!name.ends_with(kDestroyed)) continue;
    const auto key = read(folder_ / name);
    if (!key) return std::unexpected(key.error());
    if (auto ok = wipe(folder_ / name); !ok) return std::unexpected(ok.error());  // or not durably
    ids.push_back(key->id);
  }
  return ids;
}

Status KeyStore::forget() {
  const auto names = io_.list(folder_);
  if (!names)
    return names.error().code == Errc::kNotFound ? Status{} : std::unexpected(names.error());
  Status ok;
  bool any = false;
  for (const std::string& name : *names)
    if (ok && name.ends_with(kDestroyed)) {
      ok = io_.remove(folder_ / name);
      any = true;
    }
  return ok && any ? io_.sync_folder(folder_) : ok;
}

}  // namespace groove::ledger
