// Runs work over blocks of songs on several threads. Blocks have a fixed size and each is worked on
// whole by one thread, so what a block computes does not depend on how many threads there are.
#pragma once

#include <algorithm>
#include <atomic>
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

// Calls work(thread, task) for each task of 0 .. count - 1, the next one by whoever is free: for
// tasks of uneven size. Returns when all are done.
// Requires: threads > 0; work does not throw, and what a task computes depends on the task alone.
template <class Work>
void for_each_task(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take = [&](unsigned thread) {
    for (std::size_t task; (task = next.fetch_add(1, std::memory_order_relaxed)) < count;)
      work(thread, task);
  };
  const auto used = static_cast<unsigned>(std::clamp<std::size_t>(count, 1, threads));
  std::vector<std::jthread> others;
  for (unsigned thread = 1; thread < used; ++thread) others.emplace_back(take, thread);
  take(0);
}

}  // namespace groove
