// The ledger's stage: each answer – a batch or a refusal – becomes one durable record, sealed for
// its listener, and the record is the answer that the listener gets. About once a second the log's
// head is published.
//
// Exactly once. An event that is read again after a crash between the append and the commit is
// found by its id and gets the answer it got before, byte for byte. Another event under a sequence
// number that is already recorded is refused and an alarm is logged: accepting it would give one
// question two answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ledger/io.h"
#include "ledger/key_store.h"
#include "ledger/publisher.h"
#include "ledger/store.h"
#include "workers/base/clock.h"
#include "workers/base/ids.h"
#include "workers/base/result.h"
#include "workers/worker.h"

namespace groove::ledger {

inline constexpr const char* kOrigin = "groove.local/ledger";

class Ledger final : public Handler {
 public:
  struct Options {
    std::string origin = kOrigin;  // of a new ledger; one that is there has its own
    Digest build;                  // of the program that computes the batches
    bool rebuild_tiles = false;    // write what is published anew from the records
  };
  // Opens the store of `folder`. Errors: as Store::open and Publisher::open.
  static Result<std::unique_ptr<Ledger>> open(Io& io, const std::filesystem::path& folder,
                                              const Clock& clock, const Options& options);

  bool wants(v1::Event::FactCase fact) const override;
  Result<Effect> handle(const Work& work) override;
  Status flush() override { return store_->sync(); }
  void tick() override;

  // Publishes now. Errors: as Publisher::publish.
  Status publish() { return publisher_->publish(*store_); }
  // Destroys the listener's key and records that. The record's index. Errors: kNotFound (no key),
  // kUnavailable.
  Result<std::uint64_t> erase(ListenerId listener);

  // A head of this log that witnesses have signed too: it is kept, and published while it is the
  // last. Errors: kCorrupt (not a head that this log signed), kUnavailable.
  Status cosigned(const std::string& note) { return publisher_->cosigned(note); }

  std::uint64_t rebuilt() const { return rebuilt_; }  // files that were not as they should be
  std::uint64_t size() const { return store_->size(); }
  std::uint64_t published() const { return publisher_->published(); }

 private:
  // What the records say, learned while they are opened.
  struct Memory {
    std::map<ListenerId, std::uint64_t> clear_sequences;    // of records of the first form
    std::map<std::string, std::uint64_t> sealed_sequences;  // by key id
    std::string manifest_body;                              // the last one
    std::uint64_t manifest_index = 0;                       // 0: none yet
    std::map<std::string, std::uint64_t> erasures;          // their indices, by body

    Status see(const Leaf& leaf, std::string_view payload);
  };

  Ledger(Io& io, const std::filesystem::path& folder, const Clock& clock, std::string origin,
         const Digest& build);
  Result<Effect> repeat(const Work& work, std::uint64_t index);
  struct Answered {
    std::string output, disclosed;
  };
  Result<Answered> answered(const Work& work, const Entry& entry);
  Status check_sequence(const Work& work, const ListenerKey& key) const;
  Status record_destroyed();
  std::string answer_ask(const std::string& name, const std::string& body);
  Result<std::uint64_t> manifest_for(const Work& work);

  Io& io_;
  std::filesystem::path folder_;
  const Clock& clock_;
  std::string origin_;
  Digest build_;
  KeyStore keys_;
  Memory memory_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Publisher> publisher_;
  std::uint64_t rebuilt_ = 0;
  std::chrono::steady_clock::time_point publish_at_{};
};

}  // namespace groove::ledger
