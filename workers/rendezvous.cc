#include "workers/rendezvous.h"

#include "workers/base/check.h"
#include "workers/base/ids.h"

namespace groove {

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix64(hash);
}

std::size_t owner_of(std::uint32_t partition, std::span<const std::string> names) {
  GROOVE_CHECK(!names.empty());
  std::size_t best = 0;
  std::uint64_t best_weight = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::uint64_t weight = mix64(hash_text(names[i]) + partition * 0x9e3779b97f4a7c15ULL);
    if (i == 0 || weight > best_weight || (weight == best_weight && names[i] < names[best])) {
      best = i;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace groove
