#include "gateway/core/oauth.h"

#include <gtest/gtest.h>

namespace groove::gateway {
namespace {

std::optional<OauthCallback> of(const std::string& query) {
  const auto request = make_request("GET", "/auth/spotify/callback?" + query, {});
  return request ? oauth_callback(*request) : std::nullopt;
}

TEST(OauthTest, TheChallengeIsTheOneOfTheSpecification) {
  // RFC 7636, appendix B.
  EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(OauthTest, WhatIsInAnAuthorizeAddressIsEscaped) {
  EXPECT_EQ(authorize_url({"https://accounts.spotify.com", "id", "http://127.0.0.1:8080/a", "x y",
                           "s&t", "c"}),
            "https://accounts.spotify.com/authorize?response_type=code&code_challenge_method=S256"
            "&client_id=id&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fa&scope=x%20y&state=s%26t"
            "&code_challenge=c");
}

TEST(OauthTest, ACallbackHasAStateAndEitherACodeOrAnError) {
  EXPECT_EQ(of("code=c&state=s")->code, "c");
  EXPECT_EQ(of("error=access_denied&state=s")->error, "access_denied");
  for (const char* const wrong :
       {"", "code=c", "state=s", "code=&state=s", "code=c&state=", "code=c&error=e&state=s",
        "code=c&code=d&state=s", "code=c&state=s&state=s"})
    EXPECT_FALSE(of(wrong)) << wrong;
  EXPECT_FALSE(of("state=s&code=" + std::string(1'601, 'c')));
  EXPECT_FALSE(of("code=c&state=" + std::string(129, 's')));
}

TEST(OauthTest, APastedAddressIsReadWhateverItsHost) {
  const auto read = oauth_callback_of_url(
      "  http://127.0.0.1:8080/auth/spotify/callback?code=c%2F&state=s#_=_\n");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->code, "c/");
  EXPECT_TRUE(oauth_callback_of_url("https://groove.example/auth/spotify/callback?code=c&state=s"));
  for (const char* const wrong :
       {"", "x", "http://", "http://h", "http://h/", "http://h/auth/spotify/callback",
        "http://h/other?code=c&state=s", "/auth/spotify/callback?code=c&state=s",
        "http://h/auth/spotify/callback?code=%zz&state=s",
        "http://h/auth/spotify/callback?code=c&state=s HTTP/1.1"})
    EXPECT_FALSE(oauth_callback_of_url(wrong)) << wrong;
}

TEST(OauthTest, APendingSignInIsReadAsItWasWritten) {
  const auto read = decode_pending(encode_pending({nonce_hash("n"), "v"}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->nonce_hash, nonce_hash("n"));
  EXPECT_EQ(read->verifier, "v");
  for (const char* const wrong : {"", " ", "x", "x ", " v"}) EXPECT_FALSE(decode_pending(wrong));
  EXPECT_EQ(pending_key("state").find("state"), std::string::npos)
      << "who reads keys begins nothing";
}

}  // namespace
}  // namespace groove::gateway
