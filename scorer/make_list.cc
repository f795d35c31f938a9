#include "scorer/make_list.h"

#include <algorithm>

#include "scorer/core/mode_places.h"

namespace groove::scorer {
namespace {

// How far to look at first: four songs for each place; a list that caps and versions of what is
// known still leave open looks farther.
constexpr std::size_t kLookForPlace = 4;
constexpr std::size_t kLookGrowth = 8;

class ListMaker {
 public:
  ListMaker(const ListSource& from, std::span<const Song> avoided, const ListRules& rules)
      : from_(from),
        list_(rules),
        places_(from.preference.liked, rules.songs),
        look_(std::min(kLookForPlace * rules.songs, from.sounds.size())),
        avoided_(from.sounds.size()) {
    for (const Song song : avoided) {
      list_.avoid(song, from.keys.of(song));
      avoided_[song] = true;
    }
  }

  SongList make() {
    const std::vector<Ranked> first = from_.ranking.top(look_, 1, avoided_);
    for (const Ranked& r : first) offer(r);
    for (std::size_t mode = 0; mode < places_.modes(); ++mode) fill(mode);
    // What no mode is owed any more goes to the best there are.
    for (const Ranked& r : first) offer(r);
    go_on(first.size());
    SongList out{.songs = list_.taken(), .next = next_of(first)};
    std::ranges::sort(out.songs, [](const Ranked& a, const Ranked& b) {
      return a.score != b.score ? a.score > b.score : a.song < b.song;
    });
    return out;
  }

 private:
  std::optional<Ranked> next_of(std::span<const Ranked> ranking) const {
    const auto at = std::ranges::find_if(
        ranking, [&](const Ranked& r) { return list_.allows(r.song, from_.keys.of(r.song)); });
    return at == ranking.end() ? std::nullopt : std::optional(*at);
  }

  void offer(const Ranked& ranked) {
    if (list_.full()) return;
    const std::size_t mode = likeliest_mode(
        from_.preference.liked, from_.sounds.vector(ranked.song), from_.sounds.dimensions());
    if (!places_.may_take(mode, list_.open_places())) return;
    if (list_.offer(ranked, from_.keys.of(ranked.song))) places_.took(mode);
  }

  // Gives a mode what it is still owed from the ranking by that mode alone.
  void fill(std::size_t mode) {
    if (places_.owed(mode) == 0) return;
    const Taste& taste = from_.preference.liked;
    std::vector<Song> songs;
    for (const Ranked& r :
         Ranking(from_.sounds, only_mode(from_.preference, mode)).top(look_, 1, avoided_))
      if (likeliest_mode(taste, from_.sounds.vector(r.song), from_.sounds.dimensions()) == mode)
        songs.push_back(r.song);
    const std::vector<Score> scores = from_.ranking.of(songs);
    for (std::size_t i = 0; i < songs.size() && places_.owed(mode) > 0; ++i)
      offer({songs[i], scores[i]});
    places_.give_up(mode);
  }

  void go_on(std::size_t walked) {
    for (std::size_t look = look_; !list_.full() && look < from_.sounds.size();) {
      look *= kLookGrowth;
      const std::vector<Ranked> top =
          from_.ranking.top(std::min(look, from_.sounds.size()), 1, avoided_);
      for (; walked < top.size() && !list_.full(); ++walked) offer(top[walked]);
    }
  }

  const ListSource& from_;
  ListWalk list_;
  ModePlaces places_;
  std::size_t look_;
  std::vector<bool> avoided_;  // by song
};

}  // namespace

SongList make_list(const ListSource& from, std::span<const Song> avoided, const ListRules& rules) {
  return ListMaker(from, avoided, rules).make();
}

}  // namespace groove::scorer
