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
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/history.h"
#include "ledger/io.h"
#include "ledger/key_store.h"
#include "ledger/layout.h"
#include "ledger/log_key.h"
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
  // Opens a line for writing. Errors: as Store::open and Publisher::open.
  // A line's first log is made when there is none; of several the last is opened, and the sealed
  // ones before it are read for what they remember. A change of logs or keys that was cut short is
  // finished.
  static Result<std::unique_ptr<Ledger>> open(Io& io, const LogPlace& line, const Clock& clock,
                                              const Options& options);

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

  // Seals the log and begins its successor, whose genesis carries the sealed one's last head; its
  // name is this one's with a number unless another is given. Errors: kInvalid (no name for a log),
  // kUnavailable, kCorrupt.
  Status rotate(std::string next_origin);
  // A new key signs from here on; the old one signs along until it is dropped. Errors: as
  // publish().
  Status change_key();
  // Destroys the old one. Errors: kUnavailable.
  Status drop_old_key();
  // Takes the head of another log on record, unless it is the last one known of that log. Errors:
  // kCorrupt (smaller than that), kUnavailable.
  Status record_head(const VerifierKey& key, const std::string& note);

  const LogPlace& place() const { return place_; }
  const std::string& origin() const { return log_keys_.key.name; }
  const History& history() const { return store_->history(); }
  std::uint64_t rebuilt() const { return rebuilt_; }  // files that were not as they should be
  std::uint64_t size() const { return store_->size(); }
  std::uint64_t published() const { return publisher_->published(); }

 private:
  // What the records say, learned while they are opened.
  struct Memory {
    std::map<ListenerId, std::uint64_t> clear_sequences;    // of records of the first form
    std::map<std::string, std::uint64_t> sealed_sequences;  // by key id
    std::string manifest_body;                              // the last one
    std::uint64_t manifest_index = 0;                       // 0: none yet in this log
    std::map<std::string, std::uint64_t> erasures;          // their indices, by body

    Status see(const Leaf& leaf, std::string_view payload);
  };

  // A log that is sealed, and where its entries are.
  struct Past {
    LogPlace place;
    std::string origin;
    EntryIndex entries;
  };
  // A record, and which log it is in.
  struct Found {
    Entry entry;
    LogPlace place;
    std::string origin;
  };

  Ledger(Io& io, const LogPlace& line, const Clock& clock, const Digest& build);
  Status remember(const LogPlace& past);
  Status open_log(const LogPlace& place, const Options& options, const std::string& previous);
  Status go_on();
  Result<Store::Appended> append_own(Kind kind, std::string body);
  Result<std::optional<Found>> find(const EventId& event) const;
  Result<Effect> repeat(const Work& work, const Found& found);
  struct Answered {
    std::string output, disclosed;
  };
  Result<Answered> answered(const Work& work, const Found& found);
  Status check_sequence(const Work& work, const ListenerKey& key) const;
  Status record_destroyed();
  std::string answer_ask(const std::string& name, const std::string& body);
  Result<std::uint64_t> manifest_for(const Work& work);

  Io& io_;
  LogPlace place_;
  const Clock& clock_;
  Digest build_;
  KeyStore keys_;
  Memory memory_;
  std::vector<Past> past_;
  LogKeys log_keys_;
  std::unique_ptr<Lock> lock_;  // of the line
  std::unique_ptr<Store> store_;
  std::unique_ptr<Publisher> publisher_;
  std::uint64_t rebuilt_ = 0;
  std::chrono::steady_clock::time_point publish_at_{};
};

}  // namespace groove::ledger
