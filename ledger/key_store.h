// The listeners' keys: what opens the records of each. One file a listener, readable by its owner
// alone, in a folder apart from the log, so that the log may be copied to anywhere and a key that
// is destroyed here is gone.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/core/seal.h"
#include "ledger/io.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"

namespace groove::ledger {

class KeyStore {
 public:
  KeyStore(Io& io, std::filesystem::path folder) : io_(io), folder_(std::move(folder)) {}

  // Errors: kNotFound (never had one, or it is erased), kCorrupt, kUnavailable.
  Result<ListenerKey> find(ListenerId listener);
  // Makes one when there is none; durable on return. Errors: kCorrupt, kUnavailable.
  Result<ListenerKey> find_or_make(ListenerId listener);
  // The key of that id, whoever has it. Reads all. Errors: kNotFound, kCorrupt, kUnavailable.
  Result<ListenerKey> find_by_id(std::string_view id);
  // Overwrites the secret, durably; nothing opens the records any more. The key's id stays in a
  // note until forget(), so that a crash in between cannot hide that this happened. Errors:
  // kNotFound, kUnavailable.
  Status destroy(ListenerId listener);
  // The ids of keys that are destroyed and not forgotten; finishes what a crash cut short. Errors:
  // kCorrupt, kUnavailable.
  Result<std::vector<std::string>> destroyed();
  // Removes the notes of all of them, durably. Errors: kUnavailable.
  Status forget();

 private:
  std::filesystem::path file_of(ListenerId listener) const;
  Status wipe(const std::filesystem::path& file) const;
  Result<ListenerKey> read(const std::filesystem::path& file) const;

  Io& io_;
  std::filesystem::path folder_;
  std::map<ListenerId, ListenerKey> known_;
};

}  // namespace groove::ledger
