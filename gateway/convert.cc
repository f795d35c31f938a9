#include "gateway/convert.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <ctime>

namespace groove::gateway {
namespace {

constexpr std::string_view kDisclaimer =
    "We do not know which songs you have heard; we do recommend giving these a shot.";
constexpr std::size_t kMapPointsMax = 6'000;

v1::Verdict to_verdict(Judgement judgement) {
  switch (judgement) {
    case Judgement::kApprove:
      return v1::VERDICT_APPROVED;
    case Judgement::kDisapprove:
      return v1::VERDICT_DISAPPROVED;
    case Judgement::kClear:
      return v1::VERDICT_CLEARED;
  }
  return v1::VERDICT_UNSPECIFIED;
}

std::string event_text(const std::string& bytes) {
  return to_string(event_id_from_bytes(bytes).value_or(EventId{}));
}

std::string time_text(std::int64_t unix_us) {
  const std::time_t seconds = unix_us / 1'000'000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", fmt::gmtime(seconds), unix_us % 1'000'000);
}

void write_texts(JsonWriter& json, std::string_view name, const auto& texts) {
  json.array_field(name, [&] {
    for (const auto& text : texts) json.value(text);
  });
}

std::optional<SongIndex> find_song(const Shelf* shelf, std::string_view id) {
  return shelf == nullptr ? std::nullopt : shelf->catalog().find(id);
}

void write_place(JsonWriter& json, const Shelf* shelf, std::optional<SongIndex> song) {
  json.key("map");
  if (!song) return json.null();
  json.array([&] {
    for (const std::uint16_t coordinate : shelf->model().map(*song)) json.value(coordinate);
  });
}

// Id, title and artists; a song that the catalogue in use lacks is called by its id.
void write_name(JsonWriter& json, const Shelf* shelf, const std::string& id,
                std::optional<SongIndex> song) {
  json.field("id", id);
  json.field("title", song ? shelf->catalog().title(*song) : std::string_view(id));
  write_texts(json, "artists",
              song ? shelf->catalog().artists(*song) : std::vector<std::string_view>());
}

void write_near(JsonWriter& json, const v1::NearLikedSong& near) {
  json.field("kind", "song");
  json.field("id", near.song_id());
  json.field("title", near.title());
  write_texts(json, "artists", near.artists());
  json.key("similarity");
  json.thousandths(near.similarity_permille());
}

void write_would_change(JsonWriter& json, const v1::WouldChange& change) {
  json.object_field("would_change", [&] {
    if (change.has_disapproved()) {
      write_near(json, change.disapproved());
    } else {
      json.field("kind", "feature");
      json.field("feature", change.feature_ignored());
    }
    json.object_field("behind", [&] {
      json.field("id", change.behind_song_id());
      json.field("title", change.behind_title());
    });
  });
}

void write_reason(JsonWriter& json, const v1::Reason& reason) {
  if (reason.has_near_liked_song()) {
    json.object([&] { write_near(json, reason.near_liked_song()); });
  } else if (reason.has_feature_agrees()) {
    const v1::FeatureAgrees& agrees = reason.feature_agrees();
    json.object([&] {
      json.field("kind", "feature");
      json.field("feature", agrees.feature());
      json.field("phrase", agrees.phrase());
      json.key("evidence");
      json.thousandths(agrees.evidence_milli());
    });
  } else if (reason.has_in_cluster()) {
    const v1::InCluster& in = reason.in_cluster();
    json.object([&] {
      json.field("kind", "cluster");
      json.field("cluster", in.cluster());
      json.field("name", in.name());
      json.field("liked_songs", in.liked_songs());
    });
  }
}

void write_recommendation(JsonWriter& json, const v1::Recommendation& song, const Shelf* shelf) {
  json.object([&] {
    json.field("id", song.song_id());
    json.field("title", song.title());
    write_texts(json, "artists", song.artists());
    json.field("album", song.album());
    json.field("year", song.year());
    json.field("duration_ms", song.duration_ms());
    json.field("explicit", song.explicit_lyrics());
    json.key("score");
    json.thousandths(song.score_milli());
    json.key("confidence");
    json.thousandths(song.confidence_permille());
    json.field("cluster", song.cluster());
    json.field("is_new", song.is_new());
    json.field("playable", shelf != nullptr && shelf->playable(song.song_id()));
    write_place(json, shelf, find_song(shelf, song.song_id()));
    json.array_field("because", [&] {
      for (const v1::Reason& reason : song.because()) write_reason(json, reason);
    });
    if (song.has_would_change()) write_would_change(json, song.would_change());
  });
}

void write_liked(JsonWriter& json, const v1::LikedSong& liked, const Shelf* shelf) {
  const auto song = find_song(shelf, liked.song_id());
  json.object([&] {
    write_name(json, shelf, liked.song_id(), song);
    json.key("cluster");
    if (song) {
      json.value(shelf->model().cluster(*song));
    } else {
      json.null();
    }
    write_place(json, shelf, song);
  });
}

void write_wishes(JsonWriter& json, const v1::Wishes& wishes) {
  json.object_field("wishes", [&] {
    json.field("adventurousness", wishes.adventurousness());
    json.field("no_explicit", wishes.no_explicit());
    if (wishes.year_from() != 0) json.field("year_from", wishes.year_from());
    if (wishes.year_to() != 0) json.field("year_to", wishes.year_to());
    if (wishes.feature_weights().empty()) return;
    json.object_field("feature_weights", [&] {
      for (const v1::FeatureWeight& w : wishes.feature_weights())
        json.field(w.feature(), w.percent());
    });
  });
}

void write_batch(JsonWriter& json, const v1::BatchScored& batch, const Shelf* shelf) {
  json.field("catalog", to_hex(batch.catalog_digest()));
  json.field("model", to_hex(batch.model_digest()));
  json.array_field("recommendations", [&] {
    for (const v1::Recommendation& song : batch.recommendations())
      write_recommendation(json, song, shelf);
  });
  const bool by_verdicts = batch.confidence_basis() == v1::CONFIDENCE_BASIS_VERDICTS;
  json.field("confidence_basis", by_verdicts ? "verdicts" : "prior");
  json.field("verdict_count", batch.verdict_count());
  write_texts(json, "learned", batch.learned());
  json.array_field("liked", [&] {
    for (const v1::LikedSong& liked : batch.liked()) write_liked(json, liked, shelf);
  });
  write_texts(json, "missing", batch.missing());
  write_wishes(json, batch.wishes());
  json.field("disclaimer", kDisclaimer);
}

void set_spotify(const BasisAsk& ask, v1::SpotifyListening& out) {
  using Spotify = v1::SpotifyListening;
  constexpr std::array kLists = {Spotify::WHAT_TOP_SONGS, Spotify::WHAT_TOP_ARTISTS,
                                 Spotify::WHAT_PLAYLIST, Spotify::WHAT_RECENTLY_PLAYED,
                                 Spotify::WHAT_SAVED_SONGS};
  constexpr std::array kRanges = {Spotify::RANGE_WEEKS, Spotify::RANGE_MONTHS,
                                  Spotify::RANGE_YEARS};
  out.set_what(kLists[static_cast<std::size_t>(ask.list)]);
  out.set_range(kRanges[static_cast<std::size_t>(ask.range)]);
  out.set_playlist_id(ask.name);
}

void set_basis(const BasisAsk& ask, v1::Basis& out) {
  switch (ask.kind) {
    case BasisKind::kSongs:
      for (const std::string& id : ask.songs) out.mutable_picked_songs()->add_song_ids(id);
      return;
    case BasisKind::kLibrary:
      out.mutable_music_library();
      return;
    case BasisKind::kFolder:
      out.mutable_music_folder()->set_name(ask.name);
      return;
    case BasisKind::kPlaylist:
      out.mutable_playlist()->set_name(ask.name);
      return;
    case BasisKind::kRecent:
      out.mutable_recently_added();
      return;
    case BasisKind::kSpotify:
      set_spotify(ask, *out.mutable_spotify());
      return;
  }
}

void set_wishes(const RecommendationAsk& ask, v1::Wishes& out) {
  out.set_adventurousness(ask.adventurousness);
  out.set_no_explicit(ask.no_explicit);
  out.set_year_from(ask.year_from);
  out.set_year_to(ask.year_to);
  for (const FeatureWeightAsk& asked : ask.feature_weights) {
    v1::FeatureWeight& weight = *out.add_feature_weights();
    weight.set_feature(asked.feature);
    weight.set_percent(asked.percent);
  }
}

void write_listener(JsonWriter& json, const Session& session) {
  json.object_field("listener", [&] {
    json.field("id", to_string(session.listener));
    json.field("name", session.name);
  });
}

std::string_view state_text(v1::StageProgressed::State state) {
  if (state == v1::StageProgressed::STATE_DONE) return "done";
  return state == v1::StageProgressed::STATE_FAILED ? "failed" : "started";
}

}  // namespace

v1::Event to_login(ListenerId listener, const RecommendationAsk& ask, std::int64_t now_us) {
  v1::Event event;
  v1::LoginAccepted& login = *event.mutable_login_accepted();
  login.set_listener(listener.value);
  login.set_accepted_at_us(now_us);
  set_basis(ask.basis, *login.mutable_basis());
  set_wishes(ask, *login.mutable_basis()->mutable_wishes());
  return event;
}

v1::Event to_feedback(ListenerId listener, const FeedbackAsk& ask, std::int64_t now_us) {
  v1::Event event;
  v1::FeedbackGiven& feedback = *event.mutable_feedback_given();
  feedback.set_listener(listener.value);
  feedback.set_accepted_at_us(now_us);
  for (const JudgedSong& judged : ask.verdicts) {
    v1::SongVerdict& verdict = *feedback.add_verdicts();
    verdict.set_song_id(judged.id);
    verdict.set_verdict(to_verdict(judged.judgement));
  }
  return event;
}

std::string answer_json(const v1::BatchRecorded& recorded, const Shelf* shelf) {
  JsonWriter json;
  json.object([&] {
    json.field("id", event_text(recorded.event_id()));
    json.field("sequence", recorded.sequence());
    if (recorded.has_batch()) {
      write_batch(json, recorded.batch(), shelf);
    } else {
      json.object_field("refused", [&] {
        json.field("stage", recorded.refused().stage());
        json.field("reason", recorded.refused().reason());
      });
    }
    json.object_field("ledger", [&] {
      json.field("index", recorded.ledger_index());
      json.field("leaf_hash", to_hex(recorded.leaf_hash()));
      json.field("receipt", "/api/recommendations/" + event_text(recorded.event_id()) + "/receipt");
    });
    json.field("recorded_at", time_text(recorded.recorded_at_us()));
  });
  return json.take();
}

Playlist to_playlist(const v1::BatchRecorded& recorded, const Shelf* shelf) {
  Playlist playlist{"Groove, list " + std::to_string(recorded.sequence()),
                    time_text(recorded.recorded_at_us()),
                    {}};
  for (const v1::Recommendation& each : recorded.batch().recommendations()) {
    PlaylistSong song{each.song_id(),
                      each.title(),
                      {},
                      each.album(),
                      each.year(),
                      each.duration_ms(),
                      each.explicit_lyrics(),
                      each.confidence_permille(),
                      {}};
    song.artists.assign(each.artists().begin(), each.artists().end());
    if (shelf && shelf->playable(song.id)) song.path = shelf->files->find(song.id)->path();
    playlist.songs.push_back(std::move(song));
  }
  return playlist;
}

std::string progress_json(const v1::StageProgressed& progressed) {
  JsonWriter json;
  json.object([&] {
    json.field("id", event_text(progressed.event_id()));
    json.field("sequence", progressed.sequence());
    json.field("stage", progressed.stage());
    json.field("state", state_text(progressed.state()));
    json.field("detail", progressed.detail());
    json.field("done", progressed.done());
    json.field("total", progressed.total());
  });
  return json.take();
}

std::string me_json(const Standing& standing, const Shelf* shelf) {
  std::uint64_t approved = 0, disapproved = 0;
  for (const v1::JudgedSong& judged : standing.scorer.judged()) {
    approved += judged.verdict() == v1::VERDICT_APPROVED;
    disapproved += judged.verdict() == v1::VERDICT_DISAPPROVED;
  }
  JsonWriter json;
  json.object([&] {
    write_listener(json, standing.session);
    json.array_field("liked", [&] {
      for (const v1::TasteMode& mode : standing.scorer.modes())
        for (const v1::LikedSong& liked : mode.songs())
          json.object(
              [&] { write_name(json, shelf, liked.song_id(), find_song(shelf, liked.song_id())); });
    });
    json.object_field("verdicts", [&] {
      json.field("approved", approved);
      json.field("disapproved", disapproved);
    });
    json.field("pending", standing.pending);
  });
  return json.take();
}

std::string session_json(const Session& session) {
  JsonWriter json;
  json.object([&] { write_listener(json, session); });
  return json.take();
}

void write_track(JsonWriter& json, const Shelf& shelf, SongIndex song) {
  const Catalog& catalog = shelf.catalog();
  json.field("id", catalog.id(song));
  json.field("title", catalog.title(song));
  write_texts(json, "artists", catalog.artists(song));
  json.field("album", catalog.album(song));
  json.field("year", catalog.year(song));
  json.field("duration_ms", catalog.duration_ms(song));
  json.field("explicit", catalog.explicit_lyrics(song));
  json.field("cluster", shelf.model().cluster(song));
  json.field("playable", shelf.playable(catalog.id(song)));
}

std::string track_json(const Shelf& shelf, SongIndex song) {
  JsonWriter json;
  json.object([&] {
    write_track(json, shelf, song);
    json.field("licence", shelf.licensed(shelf.catalog().id(song)));
    json.object_field("features", [&] {
      const std::vector<Feature>& features = shelf.catalog().space().features;
      for (std::size_t i = 0; i < features.size(); ++i) {
        json.key(features[i].name);
        json.raw(fmt::format("{:.6g}", shelf.catalog().feature(song, i)));
      }
    });
  });
  return json.take();
}

std::string map_json(const Music& music) {
  JsonWriter json;
  json.object([&] {
    json.array_field("clusters", [&] {
      for (int id = 0; id < music.model.message().clusters_size(); ++id) {
        const v1::Cluster& cluster = music.model.message().clusters(id);
        json.object([&] {
          json.field("id", id);
          json.field("name", cluster.name());
          json.field("size", cluster.size());
          json.field("x", cluster.map_x());
          json.field("y", cluster.map_y());
        });
      }
    });
    // Songs are in the order of their ids, which says nothing about their sound: every n-th is an
    // even sample.
    const std::size_t songs = music.catalog.size();
    const std::size_t step = (songs + kMapPointsMax - 1) / kMapPointsMax;
    json.array_field("points", [&] {
      for (std::size_t song = 0; song < songs; song += step) {
        const auto [x, y] = music.model.map(static_cast<SongIndex>(song));
        json.array([&, x = x, y = y] {
          json.value(x);
          json.value(y);
          json.value(music.model.cluster(static_cast<SongIndex>(song)));
        });
      }
    });
  });
  return json.take();
}

}  // namespace groove::gateway
