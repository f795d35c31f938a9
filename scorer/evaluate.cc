#include "scorer/evaluate.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "scorer/convert.h"
#include "scorer/core/baselines.h"
#include "scorer/core/diversity.h"
#include "scorer/core/score.h"
#include "scorer/evaluation_print.h"
#include "scorer/playlists.h"
#include "scorer/simulate.h"
#include "scorer/song_keys.h"
#include "workers/base/ids.h"
#include "workers/durable_file.h"
#include "workers/model.h"
#include "workers/progress.h"

namespace groove::scorer {
namespace {

constexpr std::size_t kSongsMin = 4;  // fewer cannot be halved sensibly
constexpr std::size_t kSampleStep = 8, kPleasesOneIn = 20;
constexpr std::size_t kLookAt = 2000;  // a list of 20 is found among the first of these

// Features whose numbers have an order that the usual recipe can scale.
constexpr std::array<std::string_view, 9> kUsual = {"acousticness",     "danceability", "energy",
                                                    "instrumentalness", "liveness",     "loudness",
                                                    "speechiness",      "tempo",        "valence"};

StandardTable to_standard_table(const Catalog& catalog) {
  std::vector<std::size_t> taken;
  for (const std::string_view name : kUsual)
    if (const auto d = catalog.space().find(name)) taken.push_back(*d);
  if (taken.empty()) {  // another feature space: all it has
    taken.resize(catalog.space().features.size());
    std::iota(taken.begin(), taken.end(), 0);
  }
  std::vector<float> values;
  values.reserve(catalog.size() * taken.size());
  for (SongIndex s = 0; s < catalog.size(); ++s)
    for (const std::size_t d : taken) values.push_back(catalog.feature(s, d));
  return {std::move(values), taken.size()};
}

bool in_part(const std::string& name, Part part) {
  if (part == Part::kAll) return true;
  const bool chosen = (name_hash(name) & 1) == 0;
  return chosen == (part == Part::kChosen);
}

// A playlist's songs in an order by chance; the first half is liked.
Listener halve(const Playlist& playlist, std::uint64_t seed) {
  const std::uint64_t own = mix64(seed) ^ name_hash(playlist.name);
  std::vector<Song> songs = playlist.songs;
  std::ranges::sort(songs, {}, [&](Song s) { return std::pair(mix64(own + s), s); });
  const auto half = songs.begin() + static_cast<std::ptrdiff_t>(songs.size() / 2);
  Listener out{
      .group = playlist.group, .liked = {songs.begin(), half}, .hidden = {half, songs.end()}};
  std::ranges::sort(out.liked);
  std::ranges::sort(out.hidden);
  return out;
}

// One bit a song.
class Marks {
 public:
  Marks(std::size_t songs, std::span<const Song> marked) : marks_(songs) {
    for (const Song s : marked) marks_[s] = true;
  }
  bool operator[](Song song) const { return marks_[song]; }

 private:
  std::vector<bool> marks_;
};

// The place of each of `hidden` among all songs but the liked: 0 the first.
std::vector<std::size_t> places_of(const Scores& scores, const Listener& listener,
                                   const Marks& liked) {
  std::vector<Song> hidden = listener.hidden;
  const auto before = [&](Song a, Song b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  };
  std::ranges::sort(hidden, before);
  std::vector<std::size_t> out(hidden.size() + 1);
  for (Song s = 0; s < scores.size(); ++s) {
    if (liked[s]) continue;
    const auto after = std::upper_bound(hidden.begin(), hidden.end(), s, before);
    ++out[static_cast<std::size_t>(after - hidden.begin())];
  }
  std::partial_sum(out.begin(), out.end(), out.begin());
  out.pop_back();
  return out;
}

std::vector<double> pick(const Scores& scores, std::span<const Song> songs) {
  std::vector<double> out;
  for (const Song s : songs) out.push_back(scores[s]);
  return out;
}

struct Audience {
  std::vector<Listener> listeners;
  std::vector<Song> pool;  // every song of a playlist
};

class Evaluator {
 public:
  Evaluator(const Catalog& catalog, const Model& model, std::uint64_t seed)
      : catalog_(catalog),
        seed_(seed),
        sounds_(to_sound_table(model)),
        standard_(to_standard_table(catalog)),
        original_(standard_),
        keys_(catalog) {
    for (Song s = 0; s < catalog.size(); ++s) popularity_.push_back(catalog.popularity(s));
  }

  const SoundTable& sounds() const { return sounds_; }

  // Listeners whose taste is known, and not by our formula: of an even sample of the catalogue they
  // approve one song in kPleasesOneIn, those nearest to all songs of their playlist.
  Audience by_sound(const std::vector<Listener>& listeners) const {
    Audience out;
    for (Song s = 0; s < sounds_.size(); s += kSampleStep) out.pool.push_back(s);
    const std::size_t pleases = std::max<std::size_t>(1, out.pool.size() / kPleasesOneIn);
    Progress progress("Imagining", listeners.size(), "listeners");
    for (const Listener& listener : listeners) {
      std::vector<Song> all = listener.liked;
      all.insert(all.end(), listener.hidden.begin(), listener.hidden.end());
      const Scores near = by_nearest(standard_, all);
      std::vector<Song> order = out.pool;
      std::ranges::sort(
          order, [&](Song a, Song b) { return near[a] != near[b] ? near[a] > near[b] : a < b; });
      order.resize(pleases);
      std::ranges::sort(order);
      out.listeners.push_back(listener);
      out.listeners.back().approves = std::move(order);
      progress.at(out.listeners.size());
    }
    return out;
  }

  template <class Visit>
  void each_method(const Listener& listener, std::uint64_t number, const Visit& visit) const {
    const auto& liked = listener.liked;
    const auto ours = Ranking(sounds_, preference_of(liked, sounds_)).all(1);
    const std::uint64_t chance = mix64(seed_) + number;
    visit("groove", Scores(ours.begin(), ours.end()));
    visit("random", by_chance(sounds_.size(), chance));
    visit("popularity", popularity_);
    visit("centroid", by_centroid(standard_, liked));
    visit("cosine", by_cosine(standard_, liked));
    visit("nearest3", by_nearest(standard_, liked));
    visit("original", original_.scores(liked, chance));
  }

  void measure(const Listener& listener, const Scores& scores, std::span<const Song> pool,
               Measures& out, std::set<std::uint64_t>& artists, std::size_t& filled) const {
    const Marks liked(scores.size(), listener.liked), hidden(scores.size(), listener.hidden);
    const std::vector<double> wanted = pick(scores, listener.hidden);
    std::vector<double> others;
    for (Song s = 0; s < scores.size(); ++s)
      if (!liked[s] && !hidden[s]) others.push_back(scores[s]);
    out.auc_catalog.push_back(auc(wanted, others));
    others.clear();
    for (const Song s : pool)
      if (!liked[s] && !hidden[s]) others.push_back(scores[s]);
    if (!others.empty()) out.auc_playlists.push_back(auc(wanted, others));
    const auto places = places_of(scores, listener, liked);
    out.recall_20.push_back(recall(places, 20));
    out.recall_100.push_back(recall(places, 100));
    out.recall_500.push_back(recall(places, 500));
    out.ndcg_500.push_back(ndcg(places, 500));

    std::vector<Vector> sounds;
    for (const Ranked& r : list_of(scores, listener.liked)) {
      sounds.push_back(sounds_.vector(r.song));
      ++filled;
      if (const auto by = keys_.of(r.song).artists; !by.empty()) artists.insert(by[0]);
    }
    out.diversity.push_back(spread(sounds, sounds_.dimensions()));
  }

 private:
  // The list a listener would get from such a ranking, by the rules that ours has.
  std::vector<Ranked> list_of(const Scores& scores, std::span<const Song> liked) const {
    std::vector<Song> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    const auto looked =
        order.begin() + static_cast<std::ptrdiff_t>(std::min(kLookAt, order.size()));
    std::partial_sort(order.begin(), looked, order.end(), [&](Song a, Song b) {
      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
    });
    ListWalk list(ListRules{});
    for (const Song s : liked) list.avoid(s, keys_.of(s));
    for (auto at = order.begin(); at != looked && !list.full(); ++at)
      list.offer({.song = *at}, keys_.of(*at));
    return list.taken();
  }

  const Catalog& catalog_;
  std::uint64_t seed_;
  SoundTable sounds_;
  StandardTable standard_;
  OriginalWay original_;
  SongKeyTable keys_;
  Scores popularity_;
};

Audience gather(const Playlists& playlists, const EvaluateCommand& command, Evaluation& out) {
  Audience audience;
  std::set<Song> pool;
  std::map<std::string, std::set<Song>> groups;
  for (const Playlist& p : playlists.lists) {
    pool.insert(p.songs.begin(), p.songs.end());
    groups[p.group].insert(p.songs.begin(), p.songs.end());
  }
  for (const Playlist& p : playlists.lists) {
    if (!in_part(p.name, command.part)) continue;
    if (p.songs.size() < kSongsMin) {
      ++out.too_short;
      continue;
    }
    audience.listeners.push_back(halve(p, command.seed));
    const std::set<Song>& kindred = groups[p.group];
    audience.listeners.back().approves = {kindred.begin(), kindred.end()};
  }
  audience.pool = {pool.begin(), pool.end()};
  return audience;
}

void measure_all(const Evaluator& evaluator, const Audience& audience, Evaluation& out) {
  Progress progress("Ranking for", audience.listeners.size(), "listeners");
  std::map<std::string, std::set<std::uint64_t>> artists;
  std::map<std::string, std::size_t> filled;
  for (std::size_t i = 0; i < audience.listeners.size(); ++i) {
    const Listener& listener = audience.listeners[i];
    evaluator.each_method(listener, i, [&](const std::string& name, const Scores& scores) {
      auto at = std::ranges::find(out.methods, name, &std::pair<std::string, Measures>::first);
      if (at == out.methods.end()) at = out.methods.insert(at, {name, {}});
      evaluator.measure(listener, scores, audience.pool, at->second, artists[name], filled[name]);
    });
    progress.at(i + 1);
  }
  for (auto& [name, measures] : out.methods)
    if (filled[name] > 0)
      measures.artist_coverage =
          static_cast<double>(artists[name].size()) / static_cast<double>(filled[name]);
}

}  // namespace

Result<Evaluation> measure(const EvaluateCommand& command) {
  const auto catalog = Catalog::open(command.catalog);
  if (!catalog) return std::unexpected(catalog.error());
  const auto model = Model::open(command.model, *catalog);
  if (!model) return std::unexpected(model.error());
  const auto playlists = read_playlists(command.playlists, *catalog);
  if (!playlists) return std::unexpected(playlists.error());
  Evaluation out{.songs = catalog->size(), .unknown = playlists->unknown, .seed = command.seed};
  const Audience audience = gather(*playlists, command, out);
  if (audience.listeners.empty())
    return fail(Errc::kInvalid, "No playlist has four songs or more that the catalogue knows.");
  out.playlists = audience.listeners.size();
  const Evaluator evaluator(*catalog, *model, command.seed);
  measure_all(evaluator, audience, out);
  out.reliability = prior_reliability(audience.listeners, audience.pool, evaluator.sounds());
  if (!command.feedback) return out;
  out.by_group = simulate(audience.listeners, audience.pool, evaluator.sounds(), command.seed);
  const Audience imagined = evaluator.by_sound(audience.listeners);
  out.by_sound = simulate(imagined.listeners, imagined.pool, evaluator.sounds(), command.seed);
  return out;
}

Result<std::string> evaluate(const EvaluateCommand& command) {
  const auto evaluation = measure(command);
  if (!evaluation) return std::unexpected(evaluation.error());
  if (!command.svg.empty())
    if (auto written = replace_file(command.svg, to_svg(*evaluation)); !written)
      return std::unexpected(written.error());
  return command.json ? to_json(*evaluation) : to_text(*evaluation);
}

}  // namespace groove::scorer
