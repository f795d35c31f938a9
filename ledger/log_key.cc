#include "ledger/log_key.h"

#include "ledger/core/lines.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

fs::path beside(const LogPlace& log, const char* suffix) {
  fs::path file = log_key_file(log);
  file += suffix;
  return file;
}
fs::path old_file(const LogPlace& log) { return beside(log, ".old"); }
fs::path next_file(const LogPlace& log) { return beside(log, ".next"); }

Result<SignerKey> make_key(Io& io, const LogPlace& log, const std::string& origin) {
  if (!is_key_name(origin))
    return fail(Errc::kInvalid, "\"" + origin +
                                    "\" cannot be a log's name: it looks like a URL without its "
                                    "scheme, example.org/groove, with no space and no plus");
  if (auto guard = read_whole(io, guard_file(log)); guard)
    return fail(Errc::kCorrupt, "heads were signed, but the key " + log_key_file(log).string() +
                                    " is gone: restore it, or begin a new ledger");
  const SignerKey key{origin, io.random(32)};
  const fs::path file = log_key_file(log);
  if (auto ok = io.make_folder(file.parent_path()); !ok) return std::unexpected(ok.error());
  if (auto ok = replace_whole(io, file, key.text() + "\n"); !ok) return std::unexpected(ok.error());
  return key;
}

Result<SignerKey> read_key(Io& io, const fs::path& file) {
  const auto bytes = read_whole(io, file);
  if (!bytes) return std::unexpected(bytes.error());
  std::string_view rest = *bytes;
  auto key = parse_skey(take_line(rest).value_or(""));
  if (!key) return fail(Errc::kCorrupt, file.string() + ": " + key.error().message);
  return key;
}

// Nothing when there is none.
Status read_if_there(Io& io, const fs::path& file, std::optional<SignerKey>& key) {
  auto read = read_key(io, file);
  if (!read && read.error().code != Errc::kNotFound) return std::unexpected(read.error());
  key = read ? std::optional(std::move(*read)) : std::nullopt;
  return {};
}

}  // namespace

std::vector<VerifierKey> LogKeys::verifiers() const {
  std::vector<VerifierKey> all = {key.verifier()};
  if (old) all.push_back(old->verifier());
  if (next) all.push_back(next->verifier());
  return all;
}

Result<SignerKey> load_log_key(Io& io, const LogPlace& log, const std::string& origin) {
  auto key = read_key(io, log_key_file(log));
  return !key && key.error().code == Errc::kNotFound ? make_key(io, log, origin) : key;
}

Result<LogKeys> load_log_keys(Io& io, const LogPlace& log, const std::string& origin) {
  auto key = load_log_key(io, log, origin);
  if (!key) return std::unexpected(key.error());
  LogKeys keys{std::move(*key), {}, {}};
  Status ok = read_if_there(io, old_file(log), keys.old);
  if (ok) ok = read_if_there(io, next_file(log), keys.next);
  if (!ok) return std::unexpected(ok.error());
  return keys;
}

Status make_next_key(Io& io, const LogPlace& log, LogKeys& keys) {
  if (keys.next) return {};  // of a change that was cut short before it was announced
  const SignerKey next{keys.key.name, io.random(32)};
  if (auto ok = replace_whole(io, next_file(log), next.text() + "\n"); !ok) return ok;
  keys.next = next;
  return {};
}

Status settle_keys(Io& io, const LogPlace& log, LogKeys& keys, const VerifierKey& in_force) {
  if (keys.key.verifier() == in_force) return {};
  if (!keys.next || keys.next->verifier() != in_force)
    return fail(Errc::kCorrupt, "the log's key is " + in_force.text() + ", and " +
                                    log_key_file(log).string() + " holds another");
  Status ok = replace_whole(io, old_file(log), keys.key.text() + "\n");
  if (ok) ok = io.rename(next_file(log), log_key_file(log));
  if (ok) ok = io.sync_folder(log_key_file(log).parent_path());
  if (!ok) return ok;
  keys.old = std::exchange(keys.key, std::move(*keys.next));
  keys.next.reset();
  return {};
}

Status destroy_old_key(Io& io, const LogPlace& log, LogKeys& keys) {
  if (!keys.old) return {};
  auto file = io.open(old_file(log), Io::Mode::kWrite);
  if (!file) return std::unexpected(file.error());
  Status ok = (*file)->write(0, std::string(keys.old->text().size(), '\0'));
  if (ok) ok = (*file)->sync();
  if (ok) ok = io.remove(old_file(log));
  if (ok) ok = io.sync_folder(old_file(log).parent_path());
  if (ok) keys.old.reset();
  return ok;
}

}  // namespace groove::ledger
