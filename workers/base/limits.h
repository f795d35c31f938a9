// Every bound of the house in one place. A queue, message, retry or wait without a bound is a bug.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace groove::limits {

using namespace std::chrono_literals;

// Messages
inline constexpr std::size_t kMessageBytesMax = 256 * 1024;            // one event, serialised
inline constexpr std::size_t kFrameBytesMax = kMessageBytesMax + 256;  // with its envelope
inline constexpr std::size_t kLikedSongsMax = 2'000;   // a listener's songs in one basis
inline constexpr std::size_t kPickedSongsMax = 500;    // picked by hand in one request
inline constexpr std::size_t kSourceSongsMax = 1'000;  // of a folder or playlist, in one event
inline constexpr std::size_t kMissingToldMax = 100;    // names of songs that were not found
inline constexpr std::size_t kVerdictsPerEventMax = 100;
inline constexpr std::size_t kVerdictsKeptMax = 2'000;  // per listener; the oldest go
inline constexpr std::size_t kShownBatchesKept = 5;     // whose songs are not recommended again
inline constexpr std::size_t kSongIdBytesMax = 64;
static_assert(kPickedSongsMax <= kSourceSongsMax && kSourceSongsMax <= kLikedSongsMax);
static_assert(4 * kSourceSongsMax * (kSongIdBytesMax + 8) < 2 * kMessageBytesMax,
              "a batch carries its songs up to four times over, and most ids are half as long");
inline constexpr std::size_t kBatchSongs = 20;
inline constexpr std::size_t kBatchSongsMax = 100;  // asked for on the command line

// Hand-off
inline constexpr std::size_t kBacklogMax = 1'024;  // unconsumed entries, a partition and stage
inline constexpr std::size_t kPendingPerListenerMax = 64;  // accepted, not yet recorded
inline constexpr std::size_t kDedupeWindow = 256;          // event ids remembered, a listener
inline constexpr std::size_t kResultsKept = 64;  // recorded batches kept in Redis, a listener
inline constexpr std::size_t kWorkBatch = 128;   // entries taken at once
inline constexpr int kBusHighWater = 1'000;      // frames a ZeroMQ pipe may hold
inline constexpr int kBusHandshakeMs = 3'000;    // who was not let in tries again then
inline constexpr std::uint32_t kAttemptsMax =
    5;  // then an entry is poison: one try in company, four alone
inline constexpr auto kRegistrationTtl = 3s;
inline constexpr auto kRegistrationBeat = 1s;
inline constexpr auto kPullOwnEvery = 250ms;
inline constexpr auto kPullAllEvery = 1250ms;
inline constexpr auto kPullOnlyEvery = 30ms;   // without the bus
inline constexpr auto kRefusedTellEvery = 1s;  // who was turned away or sent rubbish
inline constexpr auto kStandByEvery = 50ms;    // a second ledger looks whether the first has gone
inline constexpr auto kSuspiciousAge = 2s;
inline constexpr auto kRedisDeadline = 5s;
inline constexpr auto kReplicaDeadline = 200ms;  // for a replica to hold what is promised
inline constexpr auto kDrainDeadline = 2s;
// What was accepted is kept by its gateway until it is recorded and this old: Redis may lose the
// last moments when a primary dies.
inline constexpr auto kAcceptedKeptFor = 10s;
inline constexpr std::size_t kAcceptedKeptMax = 100'000;
static_assert(kRegistrationBeat * 2 < kRegistrationTtl, "one lost beat must not lose ownership");
static_assert(kReplicaDeadline < kRedisDeadline, "the wait for a replica ends by itself");
static_assert(kPullOwnEvery < kPullAllEvery, "the owner goes first");
static_assert(kPullOnlyEvery < kPullOwnEvery, "nothing else brings entries then");
static_assert(kPendingPerListenerMax < kDedupeWindow, "a pending event must still be known");
static_assert(kPendingPerListenerMax <= kResultsKept, "an answer must outlive its wait");

// HTTP
inline constexpr std::size_t kHttpHeaderBytesMax = 8 * 1024;
inline constexpr std::size_t kHttpBodyBytesMax = 64 * 1024;
inline constexpr std::size_t kHttpTargetBytesMax = 2 * 1024;
inline constexpr std::uint64_t kUploadBytesMax = 512ULL * 1024 * 1024;
inline constexpr std::size_t kSsePendingBytesMax = 1024 * 1024;  // a slow browser is cut, not fed
inline constexpr std::size_t kConnectionsMax = 1'024;
inline constexpr auto kHttpHeaderDeadline = 5s;
inline constexpr auto kHttpBodyDeadline = 10s;
inline constexpr auto kHttpIdleDeadline = 30s;
inline constexpr auto kSseHeartbeat = 15s;
inline constexpr auto kSessionIdle = std::chrono::hours(24 * 30);
inline constexpr auto kSessionLife = std::chrono::hours(24 * 180);  // however much it is used
static_assert(kSessionIdle < kSessionLife, "idle sessions end first");
static_assert(kPickedSongsMax * (kSongIdBytesMax + 3) < kHttpBodyBytesMax,
              "a full pick fits a body");

// Music files
inline constexpr std::size_t kSongsMax = 16'000'000;       // in one catalogue
inline constexpr std::size_t kCsvRowBytesMax = 64 * 1024;  // longer is an unclosed quote
inline constexpr std::uint64_t kUnpackedBytesMax = 16ULL * 1024 * 1024 * 1024;  // no archive bombs
inline constexpr std::size_t kTextChunkBytes = 256 * 1024;
inline constexpr std::size_t kTextChunksQueued = 8;  // between unpacking and parsing
inline constexpr std::size_t kBadRowsTold = 10;
inline constexpr std::size_t kPathBytesMax = 4'096;  // of a music folder or playlist, by name
static_assert(kCsvRowBytesMax <= kTextChunkBytes, "a row spans two chunks at most");

// Model
inline constexpr std::size_t kClustersMax = 1'024;
inline constexpr std::size_t kSeriesStepsMax = 100'000;  // of one series that is clustered
inline constexpr std::size_t kSeriesDimsMax = 1'024;     // of a series in a catalogue
inline constexpr double kSoftBytesMax = 4e9;             // of one thread, for soft-DTW
inline constexpr std::size_t kFeatureDims = 16;  // vectors are padded to this: 32 bytes a song
inline constexpr std::size_t kSoundVectorDimsMax = 128;  // of sound-v1: 256 bytes a song

// Ledger
inline constexpr std::size_t kLedgerSegmentBytes = 64 * 1024 * 1024;  // then a new file
inline constexpr auto kShardHeadsEvery = 10s;  // a root log takes its logs' heads on record
inline constexpr std::size_t kLedgerGrowBytes = 4 * 1024 * 1024;  // zeros written ahead of use

}  // namespace groove::limits
