// Turns requests into events and recorded batches into answers: the order of work behind each route
// of openapi.yaml. Guards first (host, origin, session, type, size), then the work.
//
// Belongs to the server's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/answers.h"
#include "gateway/core/guard.h"
#include "gateway/core/router.h"
#include "gateway/intake.h"
#include "gateway/ledger_files.h"
#include "gateway/library_watch.h"
#include "gateway/metrics.h"
#include "gateway/receipts.h"
#include "gateway/roster.h"
#include "gateway/service.h"
#include "gateway/sessions.h"
#include "gateway/site.h"
#include "gateway/song_audio.h"
#include "gateway/spotify_routes.h"
#include "gateway/streams.h"
#include "gateway/uploads.h"

namespace groove::gateway {

class Gateway : public Service {
 public:
  struct Parts {
    const Site& site;
    const LedgerFiles& ledger_files;
    const Receipts& receipts;
    const Clock& clock;
    Sessions& sessions;
    Intake& intake;
    Answers& answers;
    Streams& streams;
    Uploads& uploads;
    SongAudio& audio;
    SpotifyRoutes& spotify;
    const Roster& roster;
  };
  explicit Gateway(Parts parts) : parts_(parts) {}

  boost::asio::awaitable<Answer> serve(Request request, BodySource& body) override;

  // Until this is called no host is served.
  void serve_hosts(HostList hosts) { hosts_ = std::move(hosts); }
  void library_changed(LibraryNews news);
  const Shelf* shelf() const { return library_.shelf.get(); }
  const MusicFiles* music_files() const { return library_.files.get(); }
  // From now on readiness says no and event streams end.
  void stop();

 private:
  using Work = boost::asio::awaitable<Reply>;
  struct Call {  // a request on its way: what it means and who asks
    Request request;
    Match match;
    Session session;    // where the route needs one
    std::string token;  // of the session cookie; may be of none
  };

  boost::asio::awaitable<Answer> pass(Request request, Match match, BodySource& body);
  boost::asio::awaitable<std::optional<Reply>> find_session(Call& call);
  boost::asio::awaitable<std::optional<Reply>> read_body(Call& call, BodySource& body);
  Work work(Call& call, BodySource& body);
  static SpotifyRoutes::Call about(const Call& call);

  Work sign_in(Call& call);
  Work sign_out(Call& call);
  Work me(Call& call);
  Work sources(Call& call);
  Work bring_songs(Call& call, BodySource& body);
  Work recommend(Call& call);
  Work judge(Call& call);
  Work latest_batch(Call& call);
  Work batch(Call& call);
  Reply recorded_reply(const Match& match, const v1::BatchRecorded& recorded) const;
  Work accept(Call& call, Stage first, EventId event, v1::Event fact);
  Work busy(ListenerId listener, std::string detail);
  Answer events(const Call& call);

  Reply no_library() const;
  Reply readiness() const;
  Reply metrics() const;

  Parts parts_;
  HostList hosts_;
  LibraryNews library_ = opening_library();
  bool library_opened_ = false;  // looked at: there is one, or there is none
  Metrics metrics_;
  bool stopping_ = false;
};

}  // namespace groove::gateway
