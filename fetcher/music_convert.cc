#include "fetcher/music_convert.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "workers/base/bytes.h"
#include "workers/base/limits.h"

namespace groove::fetcher {
namespace {

template <class Bits, class T>
std::string to_bytes(const std::vector<T>& values) {
  std::string out;
  for (const T value : values) append_le(out, std::bit_cast<Bits>(value));
  return out;
}

template <class Bits, class T>
std::vector<T> from_bytes(const std::string& bytes) {
  std::vector<T> out;
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T))
    out.push_back(std::bit_cast<T>(read_le<Bits>(bytes, at)));
  return out;
}

// A catalogue refuses a series that is not of whole steps of finite numbers.
std::vector<float> series_of(const v1::Heard& heard) {
  auto series = from_bytes<std::uint32_t, float>(heard.series());
  const bool sound = series.size() % sound::kSeriesDims == 0 &&
                     series.size() / sound::kSeriesDims <= sound::kSeriesStepsMax &&
                     std::ranges::all_of(series, [](float x) { return std::isfinite(x); });
  return sound ? series : std::vector<float>();
}

}  // namespace

v1::SongTags to_message(const SongTags& tags) {
  v1::SongTags out;
  out.set_title(tags.title);
  for (const std::string& artist : tags.artists) out.add_artists(artist);
  out.set_album(tags.album);
  out.set_year(static_cast<std::uint32_t>(tags.year));
  for (const std::string& genre : tags.genres) out.add_genres(genre);
  out.set_isrc(tags.isrc);
  out.set_recording_id(tags.recording_id);
  out.set_track_id(tags.track_id);
  return out;
}

SongTags from_message(const v1::SongTags& message) {
  return {.title = message.title(),
          .artists = {message.artists().begin(), message.artists().end()},
          .album = message.album(),
          .year = static_cast<int>(message.year()),
          .genres = {message.genres().begin(), message.genres().end()},
          .isrc = message.isrc(),
          .recording_id = message.recording_id(),
          .track_id = message.track_id()};
}

v1::Heard to_heard(const sound::Analysis& analysis) {
  const sound::Summary& summary = analysis.summary;
  v1::Heard out;
  out.set_duration(analysis.duration);
  out.set_loudness(analysis.loudness);
  out.set_tempo(analysis.tempo);
  out.set_key(analysis.key);
  out.set_mode(static_cast<std::uint32_t>(analysis.mode));
  out.set_acousticness(static_cast<float>(summary.acousticness));
  out.set_danceability(static_cast<float>(summary.danceability));
  out.set_energy(static_cast<float>(summary.energy));
  out.set_instrumentalness(static_cast<float>(summary.instrumentalness));
  out.set_liveness(static_cast<float>(summary.liveness));
  out.set_speechiness(static_cast<float>(summary.speechiness));
  out.set_valence(static_cast<float>(summary.valence));
  out.set_series(to_bytes<std::uint32_t>(analysis.series));
  out.set_vector(to_bytes<std::uint16_t>(analysis.vector));
  return out;
}

SongRecord to_record(const std::string& id, const SongTags& tags, const v1::Heard& heard) {
  const double duration_ms = std::clamp(heard.duration() * 1000, 0.0, 4e9);
  SongRecord record{
      .id = id,
      .title = tags.title,
      .artists = tags.artists,
      .album = tags.album,
      .isrc = tags.isrc,
      .year = tags.year,
      .duration_ms = static_cast<std::uint32_t>(duration_ms),
      .features = {heard.acousticness(), heard.danceability(), heard.energy(),
                   heard.instrumentalness(), static_cast<float>(heard.key()), heard.liveness(),
                   static_cast<float>(heard.loudness()), static_cast<float>(heard.mode()),
                   heard.speechiness(), static_cast<float>(heard.tempo()), heard.valence(),
                   static_cast<float>(duration_ms)},
      .series = series_of(heard),
      .sound_vector = from_bytes<std::uint16_t, std::int16_t>(heard.vector())};
  if (record.sound_vector.size() > limits::kSoundVectorDimsMax) record.sound_vector.clear();
  return record;
}

}  // namespace groove::fetcher
