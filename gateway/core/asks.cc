#include "gateway/core/asks.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <set>

#include "gateway/core/json.h"
#include "workers/base/limits.h"

namespace groove::gateway {
namespace {

namespace bj = boost::json;

constexpr std::int64_t kYearMax = 9999, kWeightPercentMax = 200;

std::unexpected<Error> wrong(std::string sentence) {
  return fail(Errc::kInvalid, std::move(sentence));
}

std::string quoted(std::string_view text) {
  // What a stranger sent is said back short.
  return "\"" + std::string(text.substr(0, 80)) + "\"";
}

// The object that `value` is, with no key but those of `keys`.
Result<const bj::object*> as_object(const bj::value& value, std::string_view what,
                                    std::initializer_list<std::string_view> keys) {
  const bj::object* const object = value.if_object();
  if (object == nullptr) return wrong(std::string(what) + " must be a JSON object.");
  for (const auto& member : *object) {
    const std::string_view key(member.key().data(), member.key().size());
    if (std::ranges::find(keys, key) == keys.end())
      return wrong(std::string(what) + " has the unknown key " + quoted(key) + ".");
  }
  return object;
}

Result<std::string> text_at(const bj::object& object, std::string_view key) {
  const bj::value* const value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_string()) return wrong(quoted(key) + " must be a string.");
  return std::string(value->get_string());
}

Result<const bj::array*> array_at(const bj::object& object, std::string_view key,
                                  std::size_t size_max) {
  const bj::value* const value = object.if_contains({key.data(), key.size()});
  if (value == nullptr || !value->is_array()) return wrong(quoted(key) + " must be an array.");
  const std::size_t size = value->get_array().size();
  if (size == 0 || size > size_max)
    return wrong(quoted(key) + " must have 1 to " + std::to_string(size_max) + " items.");
  return &value->get_array();
}

Result<std::string> song_id(const bj::value& value) {
  if (!value.is_string() || value.get_string().empty() ||
      value.get_string().size() > limits::kSongIdBytesMax)
    return wrong("A song's id must be a string of 1 to 64 bytes.");
  return std::string(value.get_string());
}

Result<std::optional<EventId>> event_of(const bj::object& object) {
  if (!object.contains("event_id")) return std::nullopt;
  const auto text = text_at(object, "event_id");
  const auto event = text ? parse_event_id(*text) : std::nullopt;
  if (!event) return wrong("\"event_id\" must be a UUID, or be left out.");
  return event;
}

// The whole number at `key`, or 0 where there is none.
Result<std::uint32_t> number_at(const bj::object& object, std::string_view key, std::int64_t low,
                                std::int64_t high) {
  const bj::value* const number = object.if_contains({key.data(), key.size()});
  if (number == nullptr) return 0;
  if (!number->is_int64() || number->get_int64() < low || number->get_int64() > high)
    return wrong(quoted(key) + " must be a whole number from " + std::to_string(low) + " to " +
                 std::to_string(high) + ".");
  return static_cast<std::uint32_t>(number->get_int64());
}

Status read_era(const bj::object& wishes, RecommendationAsk& ask) {
  const auto from = number_at(wishes, "year_from", 1, kYearMax);
  if (!from) return std::unexpected(from.error());
  const auto to = number_at(wishes, "year_to", 1, kYearMax);
  if (!to) return std::unexpected(to.error());
  if (*to != 0 && *from > *to) return wrong("\"year_from\" must not be after \"year_to\".");
  ask.year_from = *from;
  ask.year_to = *to;
  return {};
}

Status read_weights(const bj::object& wishes, RecommendationAsk& ask) {
  const bj::value* const value = wishes.if_contains("feature_weights");
  if (value == nullptr) return {};
  if (!value->is_object() || value->get_object().size() > limits::kFeatureDims)
    return wrong("\"feature_weights\" must be an object of at most 16 features.");
  for (const auto& member : value->get_object()) {
    const std::string_view feature(member.key().data(), member.key().size());
    if (feature.empty() || feature.size() > limits::kSongIdBytesMax)
      return wrong("A feature's name must have 1 to 64 bytes.");
    const auto percent = number_at(value->get_object(), feature, 0, kWeightPercentMax);
    if (!percent) return std::unexpected(percent.error());
    ask.feature_weights.push_back({std::string(feature), *percent});
  }
  return {};
}

Status read_wishes(const bj::value& value, RecommendationAsk& ask) {
  const auto object =
      as_object(value, "\"wishes\"",
                {"adventurousness", "no_explicit", "year_from", "year_to", "feature_weights"});
  if (!object) return std::unexpected(object.error());
  const bj::object& wishes = **object;
  const auto adventurousness = number_at(wishes, "adventurousness", 0, 100);
  if (!adventurousness) return std::unexpected(adventurousness.error());
  ask.adventurousness = *adventurousness;
  if (const bj::value* const yes = wishes.if_contains("no_explicit")) {
    if (!yes->is_bool()) return wrong("\"no_explicit\" must be true or false.");
    ask.no_explicit = yes->get_bool();
  }
  if (auto era = read_era(wishes, ask); !era) return era;
  return read_weights(wishes, ask);
}

Status read_songs(const bj::object& basis, std::vector<std::string>& out) {
  const auto songs = array_at(basis, "songs", limits::kPickedSongsMax);
  if (!songs) return std::unexpected(songs.error());
  std::set<std::string, std::less<>> seen;
  for (const bj::value& item : **songs) {
    auto id = song_id(item);
    if (!id) return std::unexpected(id.error());
    if (!seen.insert(*id).second) return wrong("The song " + quoted(*id) + " is given twice.");
    out.push_back(std::move(*id));
  }
  return {};
}

Status read_name(const bj::object& basis, std::string_view key, std::string& out) {
  auto name = text_at(basis, key);
  if (!name) return std::unexpected(name.error());
  if (name->empty() || name->size() > limits::kPathBytesMax)
    return wrong(quoted(key) + " must have 1 to 4096 bytes.");
  out = std::move(*name);
  return {};
}

// A kind of basis, and the one key besides "kind" that it has.
struct BasisRule {
  std::string_view kind, key;
  BasisKind meaning;
};
constexpr std::array kBasisRules = {
    BasisRule{"songs", "songs", BasisKind::kSongs},
    BasisRule{"library", "", BasisKind::kLibrary},
    BasisRule{"recent", "", BasisKind::kRecent},
    BasisRule{"folder", "folder", BasisKind::kFolder},
    BasisRule{"playlist", "playlist", BasisKind::kPlaylist},
};

Status read_spotify(const bj::object& basis, BasisAsk& ask) {
  constexpr std::array<std::pair<std::string_view, SpotifyList>, 5> kLists = {
      {{"top_songs", SpotifyList::kTopSongs},
       {"top_artists", SpotifyList::kTopArtists},
       {"playlist", SpotifyList::kPlaylist},
       {"recent", SpotifyList::kRecent},
       {"saved", SpotifyList::kSaved}}};
  constexpr std::array<std::pair<std::string_view, SpotifyRange>, 3> kRanges = {
      {{"weeks", SpotifyRange::kWeeks},
       {"months", SpotifyRange::kMonths},
       {"years", SpotifyRange::kYears}}};
  ask.kind = BasisKind::kSpotify;
  const auto text = text_at(basis, "list");
  const auto list =
      std::ranges::find(kLists, text.value_or(""), &decltype(kLists)::value_type::first);
  if (list == kLists.end())
    return wrong(
        "\"list\" must be \"top_songs\", \"top_artists\", \"playlist\", \"recent\" or \"saved\".");
  ask.list = list->second;
  const bool is_top = ask.list == SpotifyList::kTopSongs || ask.list == SpotifyList::kTopArtists;
  const bool has_range = is_top && basis.contains("range");
  if (basis.size() != (has_range || ask.list == SpotifyList::kPlaylist ? 3U : 2U))
    return wrong("That list of Spotify's has another key.");
  if (ask.list == SpotifyList::kPlaylist) {
    auto id = text_at(basis, "playlist");
    if (!id || id->empty() || id->size() > limits::kSongIdBytesMax)
      return wrong("\"playlist\" must be a playlist's id of 1 to 64 bytes.");
    ask.name = std::move(*id);
  }
  if (!has_range) return {};
  const auto range = std::ranges::find(kRanges, text_at(basis, "range").value_or(""),
                                       &decltype(kRanges)::value_type::first);
  if (range == kRanges.end()) return wrong("\"range\" must be \"weeks\", \"months\" or \"years\".");
  ask.range = range->second;
  return {};
}

Status read_basis(const bj::object& object, BasisAsk& ask) {
  const bj::value* const value = object.if_contains("basis");
  if (value == nullptr) return wrong("\"basis\" is missing: say which songs you like.");
  const auto basis =
      as_object(*value, "\"basis\"", {"kind", "songs", "folder", "playlist", "list", "range"});
  if (!basis) return std::unexpected(basis.error());
  const auto kind = text_at(**basis, "kind");
  if (!kind) return std::unexpected(kind.error());
  if (*kind == "spotify") return read_spotify(**basis, ask);
  const auto rule = std::ranges::find(kBasisRules, *kind, &BasisRule::kind);
  if (rule == kBasisRules.end())
    return wrong(
        "\"kind\" must be \"songs\", \"library\", \"recent\", \"folder\", \"playlist\" or "
        "\"spotify\".");
  if ((*basis)->size() != (rule->key.empty() ? 1U : 2U))
    return wrong("A basis of the kind " + quoted(*kind) + " has another key.");
  ask.kind = rule->meaning;
  if (rule->key.empty()) return {};
  if (ask.kind == BasisKind::kSongs) return read_songs(**basis, ask.songs);
  return read_name(**basis, rule->key, ask.name);
}

Result<JudgedSong> read_verdict(const bj::value& value) {
  const auto object = as_object(value, "A verdict", {"id", "verdict"});
  if (!object) return std::unexpected(object.error());
  const bj::value* const id_value = (*object)->if_contains("id");
  auto id = song_id(id_value ? *id_value : bj::value());
  if (!id) return std::unexpected(id.error());
  const auto text = text_at(**object, "verdict");
  if (!text) return std::unexpected(text.error());
  if (*text == "approve") return JudgedSong{std::move(*id), Judgement::kApprove};
  if (*text == "disapprove") return JudgedSong{std::move(*id), Judgement::kDisapprove};
  if (*text == "clear") return JudgedSong{std::move(*id), Judgement::kClear};
  return wrong("\"verdict\" must be \"approve\", \"disapprove\" or \"clear\".");
}

}  // namespace

Result<SignInAsk> parse_sign_in(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"name"});
  if (!object) return std::unexpected(object.error());
  auto name = text_at(**object, "name");
  if (!name) return std::unexpected(name.error());
  return SignInAsk{std::move(*name)};
}

Result<RecommendationAsk> parse_recommendation_ask(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"event_id", "basis", "wishes"});
  if (!object) return std::unexpected(object.error());
  RecommendationAsk ask;
  const auto event = event_of(**object);
  if (!event) return std::unexpected(event.error());
  ask.event = *event;
  if (auto basis = read_basis(**object, ask.basis); !basis) return std::unexpected(basis.error());
  if (const bj::value* const wishes = (*object)->if_contains("wishes"))
    if (auto read = read_wishes(*wishes, ask); !read) return std::unexpected(read.error());
  return ask;
}

Result<FeedbackAsk> parse_feedback_ask(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"event_id", "verdicts"});
  if (!object) return std::unexpected(object.error());
  FeedbackAsk ask;
  const auto event = event_of(**object);
  if (!event) return std::unexpected(event.error());
  ask.event = *event;
  const auto verdicts = array_at(**object, "verdicts", limits::kVerdictsPerEventMax);
  if (!verdicts) return std::unexpected(verdicts.error());
  for (const bj::value& item : **verdicts) {
    auto verdict = read_verdict(item);
    if (!verdict) return std::unexpected(verdict.error());
    ask.verdicts.push_back(std::move(*verdict));
  }
  return ask;
}

Result<SpotifyLoginAsk> parse_spotify_login(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"write"});
  if (!object) return std::unexpected(object.error());
  const bj::value* const write = (*object)->if_contains("write");
  if (write && !write->is_bool()) return wrong("\"write\" must be true or false.");
  return SpotifyLoginAsk{write && write->get_bool()};
}

Result<SpotifyCallbackAsk> parse_spotify_callback(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"url"});
  if (!object) return std::unexpected(object.error());
  auto url = text_at(**object, "url");
  if (!url) return std::unexpected(url.error());
  return SpotifyCallbackAsk{std::move(*url)};
}

Result<SpotifyExportAsk> parse_spotify_export(std::string_view body) {
  const auto value = parse_json(body);
  if (!value) return std::unexpected(value.error());
  const auto object = as_object(*value, "The body", {"batch"});
  if (!object) return std::unexpected(object.error());
  const auto text = text_at(**object, "batch");
  const auto batch = text ? parse_event_id(*text) : std::nullopt;
  if (!batch) return wrong("\"batch\" must be the id of a batch, a UUID.");
  return SpotifyExportAsk{*batch};
}

}  // namespace groove::gateway
