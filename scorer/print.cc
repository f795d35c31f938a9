#include "scorer/print.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "workers/base/ids.h"

namespace groove::scorer {
namespace {

namespace json = boost::json;

// Thousandths as a decimal number; the library would write 7.31E-1.
std::string decimal(std::int64_t thousandths) {
  return fmt::format("{}{}.{:03}", thousandths < 0 ? "-" : "", std::abs(thousandths) / 1000,
                     std::abs(thousandths) % 1000);
}

std::string quoted(const std::string& text) { return json::serialize(json::string(text)); }

template <class Items, class Write>
std::string list(const Items& items, const Write& write) {
  std::string out = "[";
  for (const auto& item : items) (out += out.size() > 1 ? "," : "") += write(item);
  return out + "]";
}

std::string near_json(const v1::NearLikedSong& r) {
  return fmt::format(R"("kind":"song","id":{},"title":{},"artists":{},"similarity":{})",
                     quoted(r.song_id()), quoted(r.title()), list(r.artists(), quoted),
                     decimal(r.similarity_permille()));
}

std::string reason_json(const v1::Reason& reason) {
  if (reason.has_near_liked_song())
    return fmt::format("{{{}}}", near_json(reason.near_liked_song()));
  if (reason.has_feature_agrees()) {
    const auto& r = reason.feature_agrees();
    return fmt::format(R"({{"kind":"feature","feature":{},"phrase":{},"evidence":{}}})",
                       quoted(r.feature()), quoted(r.phrase()), decimal(r.evidence_milli()));
  }
  const auto& r = reason.in_cluster();
  return fmt::format(R"({{"kind":"cluster","cluster":{},"name":{},"liked_songs":{}}})", r.cluster(),
                     quoted(r.name()), r.liked_songs());
}

std::string change_json(const v1::Recommendation& r) {
  if (!r.has_would_change()) return "";
  const v1::WouldChange& change = r.would_change();
  const std::string what =
      change.has_disapproved()
          ? near_json(change.disapproved())
          : fmt::format(R"("kind":"feature","feature":{})", quoted(change.feature_ignored()));
  return fmt::format(R"(,"would_change":{{{},"behind":{{"id":{},"title":{}}}}})", what,
                     quoted(change.behind_song_id()), quoted(change.behind_title()));
}

std::string recommendation_json(const v1::Recommendation& r) {
  return fmt::format(
      R"({{"id":{},"title":{},"artists":{},"confidence":{},"cluster":{},"because":{}{}}})",
      quoted(r.song_id()), quoted(r.title()), list(r.artists(), quoted),
      decimal(r.confidence_permille()), r.cluster(), list(r.because(), reason_json),
      change_json(r));
}

std::string join(const auto& names, std::string_view between) {
  std::string out;
  for (const std::string& name : names) (out += out.empty() ? "" : between) += name;
  return out;
}

std::string bar(std::uint32_t permille) {
  std::string out;
  for (std::uint32_t step = 0; step < 10; ++step) out += permille >= step * 100 + 50 ? "█" : "░";
  return out;
}

std::string reasons_text(const v1::Recommendation& r) {
  std::string near, features, cluster;
  for (const v1::Reason& reason : r.because()) {
    if (reason.has_near_liked_song()) {
      const auto& song = reason.near_liked_song();
      near = fmt::format("near to {} by {} ({} %); ", song.title(), join(song.artists(), ", "),
                         song.similarity_permille() / 10);
    } else if (reason.has_feature_agrees()) {
      (features += features.empty() ? "" : ", ") += reason.feature_agrees().phrase();
    } else {
      const auto& in = reason.in_cluster();
      cluster = fmt::format("among the {} ({} of yours); ", in.name(), in.liked_songs());
    }
  }
  std::string out = near + cluster + features;
  while (out.ends_with(' ') || out.ends_with(';')) out.pop_back();
  return out;
}

std::string change_text(const v1::WouldChange& change) {
  const std::string what = change.has_disapproved()
                               ? fmt::format("had you disapproved {}", change.disapproved().title())
                               : fmt::format("were {} ignored", change.feature_ignored());
  return fmt::format("{}, it would come after {}", what, change.behind_title());
}

}  // namespace

std::string to_json(const v1::BatchScored& batch) {
  return fmt::format(R"({{"catalog":"{}","model":"{}","recommendations":{}}})",
                     to_hex(batch.catalog_digest()), to_hex(batch.model_digest()),
                     list(batch.recommendations(), recommendation_json)) +
         "\n";
}

std::string to_text(const v1::BatchScored& batch) {
  std::string out;
  int place = 0;
  for (const v1::Recommendation& r : batch.recommendations()) {
    const std::string year = r.year() == 0 ? "" : fmt::format(" ({})", r.year());
    out += fmt::format("{:3}  {} {:2} %  {} – {}{}\n", ++place, bar(r.confidence_permille()),
                       r.confidence_permille() / 10, join(r.artists(), ", "), r.title(), year);
    out += fmt::format("                       {}\n", r.song_id());
    if (const std::string why = reasons_text(r); !why.empty())
      out += fmt::format("                       {}\n", why);
    if (r.has_would_change())
      out += fmt::format("                       {}\n", change_text(r.would_change()));
  }
  return out +
         "\nWe do not know which songs you have heard; we do recommend giving these a shot.\n";
}

}  // namespace groove::scorer
