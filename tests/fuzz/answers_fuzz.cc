// Any message at the ends of the way: what the ledger makes of an event and reads back from its
// records, and what the gateway shows of an answer, a notice and a listener's standing.
#include <google/protobuf/stubs/logging.h>

#include <boost/json/parse.hpp>
#include <cstdint>
#include <string>

#include "gateway/convert.h"
#include "groove/v1/event.pb.h"
#include "groove/v1/state.pb.h"
#include "ledger/convert.h"
#include "ledger/log_bodies.h"
#include "workers/base/check.h"

using namespace groove;

namespace {

constexpr ListenerId kAda{42};

void check_json(const std::string& text) {
  boost::system::error_code error;
  static_cast<void>(boost::json::parse(text, error));
  GROOVE_CHECK(!error);
}

void record(std::string_view bytes) {
  v1::Event fact;
  if (!fact.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  if (!fact.has_batch_scored() && !fact.has_event_refused()) return;
  const Work work{kAda, 3, EventId{}, fact, {}};
  static_cast<void>(ledger::to_input(work));
  static_cast<void>(ledger::manifest_of(fact, Digest{}));
  const std::string payload = ledger::to_payload(work);
  const auto answer = ledger::to_answer(payload, 9, Digest{}, 1);
  GROOVE_CHECK(answer.has_value() && v1::BatchRecorded().ParseFromString(*answer));
  const auto asked = ledger::asked_by(payload);
  GROOVE_CHECK(asked.has_value() && asked->listener == kAda && asked->sequence == 3);
  const std::string body = ledger::batch_body(payload);
  GROOVE_CHECK(ledger::check_batch(body, payload).has_value());
}

void read_record(std::string_view bytes) {
  const std::string text(bytes);
  static_cast<void>(ledger::sealed_for(text));
  static_cast<void>(ledger::asked_by(text));
  static_cast<void>(ledger::recorded_batch(text));
  static_cast<void>(ledger::to_answer(text, 1, Digest{}, 1));
  static_cast<void>(ledger::check_batch(text, text));
  static_cast<void>(ledger::genesis_of(text));
  static_cast<void>(ledger::open_payload({}, "origin", EventId{}, text));
  GROOVE_CHECK(ledger::first_difference(text, text).empty());
}

void show(std::string_view bytes) {
  const int size = static_cast<int>(bytes.size());
  if (v1::BatchRecorded recorded; recorded.ParseFromArray(bytes.data(), size))
    check_json(gateway::answer_json(recorded, nullptr));
  if (v1::StageProgressed progressed; progressed.ParseFromArray(bytes.data(), size))
    check_json(gateway::progress_json(progressed));
  if (v1::ScorerState scorer; scorer.ParseFromArray(bytes.data(), size))
    check_json(gateway::me_json({{kAda, "Ada", 1, 1}, scorer, 0}, nullptr));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  google::protobuf::SetLogHandler(nullptr);
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 3) {
    case 0:
      record(bytes);
      break;
    case 1:
      read_record(bytes);
      break;
    default:
      show(bytes);
  }
  return 0;
}
