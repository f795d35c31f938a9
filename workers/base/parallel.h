// Runs work over blocks of songs on several threads. Blocks have a fixed size and each is worked on
// whole by one thread, so what a block computes does not depend on how many threads there are.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace groove {

inline constexpr std::size_t kBlockSongs = 4096;

// `threads`, or as many as the machine has when it is 0.
inline unsigned thread_count(unsigned threads) {
  return threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

// Calls work(thread, begin, end) for each block of 0 .. count - 1; `thread` is below `threads` and
// no two calls with the same one run at once. Returns when all are done.
// Requires: threads > 0; work does not throw.
template <class Work>
void for_each_block(std::size_t count, unsigned threads, const Work& work) {
  const std::size_t blocks = (count + kBlockSongs - 1) / kBlockSongs;
  const auto used = static_cast<unsigned>(std::clamp<std::size_t>(blocks, 1, threads));
  const auto take = [&](unsigned thread) {
    for (std::size_t block = thread; block < blocks; block += used)
      work(thread, block * kBlockSongs, std::min(count, (block + 1) * kBlockSongs));
  };
  std::vector<std::jthread> others;
  for (unsigned thread = 1; thread < used; ++thread) others.emplace_back(take, thread);
  take(0);
}

}  // namespace groove
