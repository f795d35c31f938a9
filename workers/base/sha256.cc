#include "workers/base/sha256.h"

#include <openssl/evp.h>

#include "workers/base/check.h"

namespace groove {
namespace {

EVP_MD_CTX* as_context(void* context) { return static_cast<EVP_MD_CTX*>(context); }

const EVP_MD* algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  GROOVE_CHECK(md != nullptr);
  return md;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  GROOVE_CHECK(context_ != nullptr);
  GROOVE_CHECK(EVP_DigestInit_ex2(as_context(context_), algorithm(), nullptr) == 1);
}

Sha256::~Sha256() { EVP_MD_CTX_free(as_context(context_)); }

Sha256& Sha256::update(std::string_view bytes) {
  GROOVE_CHECK(EVP_DigestUpdate(as_context(context_), bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256::finish() {
  Digest digest;
  GROOVE_CHECK(EVP_DigestFinal_ex(as_context(context_), digest.bytes.data(), nullptr) == 1);
  GROOVE_CHECK(EVP_DigestInit_ex2(as_context(context_), nullptr, nullptr) == 1);
  return digest;
}

Digest sha256(std::string_view bytes) {
  thread_local Sha256 hasher;
  return hasher.update(bytes).finish();
}

}  // namespace groove
