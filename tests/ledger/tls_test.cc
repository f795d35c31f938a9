// Witnesses and calendars behind TLS: a real server with a certificate of an authority that the
// test makes. What is not signed by a trusted authority, or is another host's, is not spoken to.
#include <signal.h>

#include <atomic>
#include <cstdio>
#include <fstream>

#include "ledger/layout.h"
#include "ledger/ledger.h"
#include "ledger/log_key.h"
#include "tests/ledger/command.h"
#include "tests/ledger/refusals.h"
#include "tests/ledger/small_server.h"
#include "tests/ledger/small_witness.h"
#include "tests/ledger/store_fixture.h"
#include "tests/support/temp_dir.h"

namespace groove::ledger {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

// TLS in front of a plain server, while it lives.
class TlsFront {
 public:
  TlsFront(const std::string& certificate, const std::string& key, const std::string& plain_url) {
    const std::string port = plain_url.substr(plain_url.rfind(':') + 1);
    out_ = ::popen(("exec python3 " TLS_FRONT " " + certificate + " " + key + " " + port).c_str(),
                   "r");
    GROOVE_CHECK(out_ != nullptr && std::fscanf(out_, "%d %d", &port_, &pid_) == 2);
  }
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;
  ~TlsFront() {
    ::kill(pid_, SIGKILL);
    ::pclose(out_);
  }
  std::string at(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(port_);
  }

 private:
  std::FILE* out_;
  int port_ = 0;
  pid_t pid_ = 0;
};

class TlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ledger_ =
        Ledger::open(system_io(), folder(), clock_, {.origin = kTestOrigin, .build = {}}).value();
    record_refusals(*ledger_, 4);
    key_ = load_log_key(system_io(), folder(), kTestOrigin)->verifier();
    ledger_.reset();
    make_authority("ca");
  }
  void make_authority(const std::string& name) {
    sh("openssl req -x509 " + kNewKey + " -keyout " + file(name + ".key") + " -out " +
       file(name + ".pem") + " -days 2 -subj /CN=" + name);
  }
  // A certificate of `host`, signed by that authority.
  void make_certificate(const std::string& name, const std::string& host,
                        const std::string& authority) {
    std::ofstream(file(name + ".ext")) << "subjectAltName=DNS:" << host << "\n";
    sh("openssl req " + kNewKey + " -keyout " + file(name + ".key") + " -out " +
       file(name + ".csr") + " -subj /CN=groove-test");
    sh("openssl x509 -req -in " + file(name + ".csr") + " -CA " + file(authority + ".pem") +
       " -CAkey " + file(authority + ".key") + " -CAcreateserial -days 2 -extfile " +
       file(name + ".ext") + " -out " + file(name + ".pem"));
  }
  TlsFront front(const std::string& name, const SmallServer& server) const {
    return {file(name + ".pem"), file(name + ".key"), server.url()};
  }
  std::pair<int, std::string> run(const std::string& arguments, const std::string& trusted = "ca") {
    return run_shell("SSL_CERT_DIR=/nowhere SSL_CERT_FILE=" + file(trusted + ".pem") +
                     " " GROOVE_LEDGER " " + arguments);
  }
  std::string file(const std::string& name) const { return data_ / name; }
  std::filesystem::path folder() const { return data_ / "ledger"; }

  test::TempDir data_;
  SystemClock clock_;
  std::unique_ptr<Ledger> ledger_;
  VerifierKey key_;

 private:
  static void sh(const std::string& command) {
    const auto [code, text] = run_shell(command);
    ASSERT_EQ(code, 0) << command << "\n" << text;
  }
  static inline const std::string kNewKey =
      "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
};

TEST_F(TlsTest, CalendarIsSpokenToWhenItsCertificateHoldsAndOnlyThen) {
  std::atomic<int> asked = 0;
  SmallServer calendar([&](const std::string&, const std::string&) {
    ++asked;
    return HttpReply{200, "", "\x08\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x09\x08"s + "http://c"s};
  });
  make_certificate("good", "localhost", "ca");
  make_certificate("other-host", "calendar.example", "ca");
  make_authority("stranger");
  make_certificate("strangers", "localhost", "stranger");
  const std::string at = " " + folder().string();
  const auto refused = [&](const std::string& certificate, const std::string& host) {
    const TlsFront tls = front(certificate, calendar);
    const auto [code, text] = run("anchor --calendar " + tls.at(host) + at);
    EXPECT_EQ(code, 1) << certificate << " " << host << ": " << text;
    EXPECT_THAT(text, HasSubstr("certificate verify failed"));
    EXPECT_EQ(asked, 0) << "nothing was said to it";
  };
  refused("other-host", "localhost");
  refused("strangers", "localhost");
  refused("good", "127.0.0.1");
  const TlsFront tls = front("good", calendar);
  EXPECT_EQ(run("anchor --calendar " + tls.at("localhost") + at, "stranger").first, 1)
      << "its authority is not trusted";
  const auto [code, text] = run("anchor --calendar " + tls.at("localhost") + at);
  EXPECT_EQ(code, 0) << text;
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(run("anchor --show 5" + at).second, HasSubstr("promised by http://c"));
}

TEST_F(TlsTest, WitnessAndLogAreReachedOverTls) {
  SmallWitness witness("w.example/one", 'w', key_);
  SmallServer server([&](const std::string& path, const std::string& body) {
    if (path == "/add-checkpoint") return witness.add_checkpoint(body);
    const auto bytes = read_whole(system_io(), public_folder(folder()) / path.substr(1));
    return bytes ? HttpReply{200, "", *bytes} : HttpReply{404, "", ""};
  });
  make_certificate("good", "localhost", "ca");
  const TlsFront tls = front("good", server);
  const std::string policy = file("policy");
  const auto write_policy = [&](const std::string& url) {
    std::ofstream(policy) << "log " << key_.text() << "\nwitness one " << witness.key().text()
                          << " " << url << "\nquorum one\n";
  };
  const std::string ask = "witness --policy " + policy + " " + folder().string();
  write_policy(tls.at("127.0.0.1"));
  EXPECT_EQ(run(ask).first, 1) << "the certificate is of localhost";
  EXPECT_EQ(witness.asked(), 0);
  write_policy(tls.at("localhost"));
  const auto [code, text] = run(ask);
  EXPECT_EQ(code, 0) << text;
  const std::string verify = "verify " + tls.at("localhost") + " --policy " + policy;
  EXPECT_EQ(run(verify).first, 0);
}

}  // namespace
}  // namespace groove::ledger
