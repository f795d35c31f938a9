#include "ledger/log_key.h"

#include "ledger/core/lines.h"
#include "ledger/layout.h"

namespace groove::ledger {
namespace {

namespace fs = std::filesystem;

Result<SignerKey> make_key(Io& io, const fs::path& folder, const std::string& origin) {
  if (!is_key_name(origin))
    return fail(Errc::kInvalid, "\"" + origin +
                                    "\" cannot be a log's name: it looks like a URL without its "
                                    "scheme, example.org/groove, with no space and no plus");
  if (auto guard = read_whole(io, guard_file(folder)); guard)
    return fail(Errc::kCorrupt, "heads were signed, but the key " + log_key_file(folder).string() +
                                    " is gone: restore it, or begin a new ledger");
  const SignerKey key{origin, io.random(32)};
  if (auto ok = io.make_folder(folder / "private"); !ok) return std::unexpected(ok.error());
  if (auto ok = replace_whole(io, log_key_file(folder), key.text() + "\n"); !ok)
    return std::unexpected(ok.error());
  return key;
}

}  // namespace

Result<SignerKey> load_log_key(Io& io, const fs::path& folder, const std::string& origin) {
  const auto bytes = read_whole(io, log_key_file(folder));
  if (!bytes && bytes.error().code == Errc::kNotFound) return make_key(io, folder, origin);
  if (!bytes) return std::unexpected(bytes.error());
  std::string_view rest = *bytes;
  auto key = parse_skey(take_line(rest).value_or(""));
  if (!key) return fail(Errc::kCorrupt, log_key_file(folder).string() + ": " + key.error().message);
  return key;
}

}  // namespace groove::ledger
