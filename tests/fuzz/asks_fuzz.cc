// What strangers send: request heads and JSON bodies. Whatever the bytes, the readers answer; and
// what they accept is within its bounds.
#include <cstddef>
#include <cstdint>

#include "gateway/core/asks.h"
#include "gateway/core/guard.h"
#include "gateway/core/oauth.h"
#include "gateway/core/session_rules.h"
#include "gateway/core/wire.h"
#include "workers/base/check.h"
#include "workers/base/limits.h"

using namespace groove;
using namespace groove::gateway;

namespace {

void read_head(std::string_view bytes) {
  const HeadScan scan = scan_head(bytes);
  GROOVE_CHECK(scan.size <= bytes.size() && scan.size <= limits::kHttpHeaderBytesMax);
  GROOVE_CHECK(scan.size == 0 || !scan.refusal);
  if (const auto request = make_request("GET", bytes, {{"Cookie", std::string(bytes)}})) {
    session_token(*request);
    refuse_framing(*request);
  }
  if (const auto name = upload_name(bytes)) {
    GROOVE_CHECK(name->find('/') == name->npos && name->front() != '.');
  }
}

void read_callback(std::string_view url) {
  if (const auto callback = oauth_callback_of_url(url))
    GROOVE_CHECK(!callback->state.empty() && callback->code.empty() != callback->error.empty());
}

void read_body(std::string_view bytes) {
  if (const auto ask = parse_recommendation_ask(bytes)) {
    const bool by_songs = ask->basis.kind == BasisKind::kSongs;
    const bool of_spotify = ask->basis.kind == BasisKind::kSpotify;
    const bool by_name = ask->basis.kind == BasisKind::kFolder ||
                         ask->basis.kind == BasisKind::kPlaylist ||
                         (of_spotify && ask->basis.list == SpotifyList::kPlaylist);
    GROOVE_CHECK(ask->basis.songs.empty() == !by_songs);
    GROOVE_CHECK(ask->basis.songs.size() <= limits::kPickedSongsMax);
    GROOVE_CHECK(ask->basis.name.empty() == !by_name);
    GROOVE_CHECK(ask->adventurousness <= 100);
  }
  if (const auto ask = parse_feedback_ask(bytes))
    GROOVE_CHECK(!ask->verdicts.empty() && ask->verdicts.size() <= limits::kVerdictsPerEventMax);
  if (const auto ask = parse_sign_in(bytes)) clean_name(ask->name);
  static_cast<void>(parse_spotify_login(bytes));
  static_cast<void>(parse_spotify_export(bytes));
  if (const auto ask = parse_spotify_callback(bytes)) read_callback(ask->url);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  read_head(bytes);
  read_body(bytes);
  read_callback(bytes);
  return 0;
}
