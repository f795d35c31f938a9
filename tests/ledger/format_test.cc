// Renders the worked example of ledger/FORMAT.md from a ledger made by the code and expects the
// document to show exactly that.
#include <fstream>
#include <sstream>

#include "ledger/core/hash.h"
#include "ledger/core/segment.h"
#include "tests/ledger/store_fixture.h"
#include "workers/base/sha256.h"

namespace groove::ledger {
namespace {

// Prints a file field by field: offset, bytes in hex, meaning.
class Dump {
 public:
  explicit Dump(std::string bytes, std::size_t at = 0) : bytes_(std::move(bytes)), at_(at) {}

  void field(std::size_t size, const std::string& meaning) {
    for (std::size_t done = 0; done < size; done += 16) {
      char offset[16];
      std::snprintf(offset, sizeof offset, "%04zx  ", at_ + done);
      std::string hex = to_hex(bytes_.substr(at_ + done, std::min<std::size_t>(16, size - done)));
      if (done == 0) hex += std::string(34 - hex.size(), ' ') + meaning;
      text_ += offset + hex + '\n';
    }
    at_ += size;
  }
  std::size_t at() const { return at_; }
  const std::string& text() const { return text_; }

 private:
  std::string bytes_, text_;
  std::size_t at_;
};

void dump_segment_header(Dump& dump) {
  dump.field(8, "\"GRVSEG01\"");
  dump.field(8, "first index 0");
  dump.field(8, "first seq 0");
  dump.field(32, "prev: zeros in the first segment");
  dump.field(4, "salt");
  dump.field(4, "crc32c of the 60 bytes above");
}

void dump_group_header(Dump& dump, const std::string& what) {
  dump.field(4, "\"GRP1\" " + what);
  dump.field(4, "crc32c over salt, the 24 bytes below, body");
  dump.field(8, "first index");
  dump.field(8, "seq");
  dump.field(4, "body bytes");
  dump.field(4, "count");
}

void dump_record(Dump& dump, const Leaf& leaf, std::size_t payload) {
  dump.field(4, "leaf bytes");
  dump.field(4, "payload bytes");
  dump.field(4, "\"GRVL\"");
  dump.field(4, "version 1, kind " + std::string(name(leaf.kind)) + ", zeros");
  dump.field(8, "index " + std::to_string(leaf.index));
  dump.field(8, "time, " + std::to_string(leaf.time_us) + " us");
  dump.field(32, leaf.index == 0 ? "prev: SHA-256(\"groove-ledger/v1\\n\" origin \"\\n\")"
                                 : "prev: leaf hash of record " + std::to_string(leaf.index - 1));
  dump.field(16, "entry id");
  dump.field(leaf.body.size(), "body");
  if (payload > 0) dump.field(payload, "payload");
}

std::string refused_payload() {
  v1::Event fact;
  fact.mutable_event_refused()->set_reason("No song fits.");
  return to_payload({{0x1122334455667788}, 1, numbered_id(1), fact, ""});
}

class FormatTest : public StoreTest {
 protected:
  std::string worked_example() {
    open();
    const std::string payload = refused_payload();
    EXPECT_TRUE(append(1, payload));
    EXPECT_TRUE(store_->sync());
    const std::string& bytes = disk_.bytes(segment(0));
    Dump dump(bytes);
    dump_segment_header(dump);
    for (std::uint64_t i = 0; i < 2; ++i) {
      const Entry entry = store_->get(i).value();
      dump_group_header(dump, "record " + std::to_string(i));
      dump_record(dump, entry.leaf, entry.payload.size());
      if (dump.at() % 8 != 0) dump.field(8 - dump.at() % 8, "padding");
    }
    dump_group_header(dump, "closing group");
    EXPECT_EQ(bytes.find_first_not_of('\0', dump.at()), std::string::npos);
    return dump.text() + "\nleaf hash 0     " + to_string(store_->get(0)->leaf_hash) +
           "\nleaf hash 1     " + to_string(store_->head()) + "\nroot of both    " +
           to_string(store_->root()) + "\npart            " + to_string(sha256(payload)) +
           "\nparts_root      " + to_string(leaf_hash(as_bytes(sha256(payload)))) + "\n";
  }
};

TEST_F(FormatTest, WorkedExampleOfTheDocumentIsWhatTheCodeWrites) {
  std::ifstream in("ledger/FORMAT.md");
  std::stringstream document;
  document << in.rdbuf();
  const std::string example = worked_example();
  EXPECT_NE(document.str().find(example), std::string::npos) << "ledger/FORMAT.md must contain:\n"
                                                             << example;
}

}  // namespace
}  // namespace groove::ledger
