#include "gateway/dead_letters.h"

#include <fmt/format.h>

#include <ostream>

#include "workers/handoff.h"
#include "workers/membership.h"

namespace groove::gateway {
namespace {

using handoff::DeadLetter;

std::string name_of(const DeadLetter& letter) {
  return fmt::format("{}/{}", letter.partition, letter.id);
}

Result<std::vector<DeadLetter>> read_all(Store& store) {
  std::vector<RedisCommand> commands;
  for (const std::uint32_t partition : all_partitions())
    commands.push_back(handoff::read_dead_letters(partition));
  const auto replies = store.roundtrip(std::move(commands));
  std::vector<DeadLetter> all;
  for (std::uint32_t partition = 0; partition < replies.size(); ++partition) {
    auto letters = handoff::dead_letters(replies[partition], partition);
    if (!letters) return std::unexpected(letters.error());
    all.insert(all.end(), letters->begin(), letters->end());
  }
  return all;
}

Status send_one(Store& store, const DeadLetter& letter) {
  const handoff::Entry event = handoff::revived(letter);
  const auto accepted = handoff::accepted(
      store.roundtrip(handoff::accept(event.listener, event.stage, event.message)), event.listener,
      event.message);
  if (!accepted) return std::unexpected(accepted.error());
  if (const auto gone = store.roundtrip(handoff::forget_dead_letter(letter)); !gone)
    return std::unexpected(gone.error());
  return {};
}

}  // namespace

Result<std::size_t> list_dead_letters(Store& store, std::ostream& out) {
  const auto letters = read_all(store);
  if (!letters) return std::unexpected(letters.error());
  for (const DeadLetter& letter : *letters)
    out << fmt::format("{}  died at {}: {}; event {} of listener {}, its number {}\n",
                       name_of(letter), name(letter.stage), letter.reason,
                       to_string(handoff::Entry{.message = letter.message}.event()),
                       to_string(letter.listener), letter.sequence);
  return letters->size();
}

Result<std::size_t> send_again(Store& store, const std::string& name) {
  const auto letters = read_all(store);
  if (!letters) return std::unexpected(letters.error());
  std::size_t sent = 0;
  for (const DeadLetter& letter : *letters) {
    if (name != "all" && name != name_of(letter)) continue;
    if (const Status done = send_one(store, letter); !done) return std::unexpected(done.error());
    ++sent;
  }
  if (sent == 0 && name != "all")
    return fail(Errc::kNotFound, fmt::format("There is no dead letter '{}'.", name));
  return sent;
}

}  // namespace groove::gateway
