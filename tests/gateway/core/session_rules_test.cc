#include "gateway/core/session_rules.h"

#include <gtest/gtest.h>

#include "workers/base/limits.h"

namespace groove::gateway {
namespace {

std::array<std::uint8_t, kTokenBytes> counting() {
  std::array<std::uint8_t, kTokenBytes> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 8);
  return bytes;
}

TEST(SessionRulesTest, TokenIsTheBase64UrlOfItsBytes) {
  // python3: base64.urlsafe_b64encode(bytes(range(0, 256, 8)))
  EXPECT_EQ(make_token(counting()), "AAgQGCAoMDhASFBYYGhweICIkJigqLC4wMjQ2ODo8Pg");
}

std::optional<std::string> token_of(const std::string& cookie) {
  return session_token(*make_request("GET", "/", {{"Cookie", cookie}}));
}

TEST(SessionRulesTest, OnlyAWellFormedTokenIsLookedUp) {
  const std::string token = make_token(counting());
  EXPECT_EQ(token_of("groove=" + token), token);
  EXPECT_EQ(token_of("groove=" + token + "A"), std::nullopt);
  EXPECT_EQ(token_of("groove=" + token.substr(1)), std::nullopt);
  EXPECT_EQ(token_of("groove=" + token.substr(1) + "*"), std::nullopt);
}

TEST(SessionRulesTest, TheStoreNeverSeesTheToken) {
  const std::string token = make_token(counting());
  const std::string key = session_key(token);
  EXPECT_TRUE(key.starts_with("{sess}:"));
  EXPECT_EQ(key.size(), 7U + 64U);
  EXPECT_EQ(key.find(token), key.npos);
}

TEST(SessionRulesTest, RecordsComeBackAsTheyWere) {
  const Session session{ListenerId{0x0123456789abcdefULL}, "Ada  B é", 1000, 2000};
  const auto back = decode_session(encode_session(session));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->listener, session.listener);
  EXPECT_EQ(back->name, session.name);
  EXPECT_EQ(back->created_s, 1000);
  EXPECT_EQ(back->renewed_s, 2000);
}

TEST(SessionRulesTest, BrokenRecordsAreNoSession) {
  const std::string whole = encode_session({ListenerId{1}, "Ada", 1000, 2000});
  for (std::size_t cut = 0; cut < whole.size() - 3; ++cut)
    EXPECT_EQ(decode_session(whole.substr(0, cut)), std::nullopt) << cut;
  EXPECT_EQ(decode_session("x" + whole), std::nullopt);
}

TEST(SessionRulesTest, ASessionIsRenewedOnceADayAndEndsInTheEnd) {
  const std::int64_t day = 24 * 3600, life = std::chrono::seconds(limits::kSessionLife).count();
  Session session{ListenerId{1}, "Ada", 0, 0};
  EXPECT_EQ(age_of(session, day), SessionAge::kFresh);
  EXPECT_EQ(age_of(session, day + 1), SessionAge::kRenew);
  session.renewed_s = life;
  EXPECT_EQ(age_of(session, life), SessionAge::kFresh);
  EXPECT_EQ(age_of(session, life + 1), SessionAge::kEnded);
}

TEST(SessionRulesTest, NamesAreTrimmedAndBounded) {
  EXPECT_EQ(clean_name("  Ada \t"), "Ada");
  EXPECT_EQ(clean_name("Zoë 😀"), "Zoë 😀");
  std::string most;
  for (int i = 0; i < 64; ++i) most += "é";
  EXPECT_EQ(clean_name(most), most);
  EXPECT_EQ(clean_name(most + "é"), std::nullopt);
  for (const char* name : {"", "   ", "a\nb", "a\x7f", "a\xc2\x85", "\xff", "a\xc3"})
    EXPECT_EQ(clean_name(name), std::nullopt) << name;
}

}  // namespace
}  // namespace groove::gateway
