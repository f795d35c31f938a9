#include "workers/scripts.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "workers/base/check.h"
#include "workers/base/ids.h"
#include "workers/scripts_lua.h"

namespace groove {

std::string sha1_hex(std::string_view bytes) {
  std::array<char, 20> digest;
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  unsigned size = 0;
  GROOVE_CHECK(EVP_Digest(bytes.data(), bytes.size(),
                          reinterpret_cast<unsigned char*>(digest.data()), &size, md,
                          nullptr) == 1);
  return to_hex({digest.data(), size});
}

std::span<const Script> scripts() {
  static const std::array all = [] {
    std::array list = {Script{"accept", lua::kAccept, {}}, Script{"commit", lua::kCommit, {}},
                       Script{"dead", lua::kDead, {}}, Script{"attempt", lua::kAttempt, {}},
                       Script{"register", lua::kRegister, {}}};
    for (Script& s : list) s.sha1 = sha1_hex(s.text);
    return list;
  }();
  return all;
}

const Script& script(std::string_view name) {
  const auto all = scripts();
  const auto found = std::ranges::find(all, name, &Script::name);
  GROOVE_CHECK(found != all.end());
  return *found;
}

}  // namespace groove
