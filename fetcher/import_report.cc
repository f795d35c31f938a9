#include "fetcher/import_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace groove::fetcher {

std::string to_text(const ImportReport& report, const std::string& catalog) {
  std::string out;
  const auto line = std::back_inserter(out);
  for (const TextReport& text : report.texts)
    fmt::format_to(line, "{} ({}): {} rows, {} new songs, {} merged, {} bad\n", text.name,
                   text.layout, text.rows, text.songs_new, text.merged, text.bad);
  fmt::format_to(line, "{} songs from {} rows, {} merged, {} bad\n", report.songs, report.rows,
                 report.merged, report.bad);
  if (report.heard > 0)
    fmt::format_to(line, "{} of them are songs of the music folders, and stand once\n",
                   report.heard);
  for (const BadRow& row : report.first_bad)
    fmt::format_to(line, "  {} line {}: {}\n", row.name, row.line, row.reason);
  if (report.bad > report.first_bad.size())
    fmt::format_to(line, "  and {} more\n", report.bad - report.first_bad.size());
  fmt::format_to(line, "{} in {:.2f} s, digest {}\n", catalog, report.seconds,
                 to_string(report.digest));
  return out;
}

std::string to_json(const ImportReport& report, const std::string& catalog) {
  boost::json::array texts, reasons;
  for (const TextReport& text : report.texts)
    texts.push_back({{"name", text.name},
                     {"layout", text.layout},
                     {"rows", text.rows},
                     {"new", text.songs_new},
                     {"merged", text.merged},
                     {"bad", text.bad}});
  for (const BadRow& row : report.first_bad)
    reasons.push_back({{"name", row.name}, {"line", row.line}, {"reason", row.reason}});
  return boost::json::serialize(boost::json::object{{"catalog", catalog},
                                                    {"digest", to_string(report.digest)},
                                                    {"songs", report.songs},
                                                    {"rows", report.rows},
                                                    {"merged", report.merged},
                                                    {"in_music_folders", report.heard},
                                                    {"bad_rows", report.bad},
                                                    {"reasons", std::move(reasons)},
                                                    {"files", std::move(texts)},
                                                    {"seconds", report.seconds}}) +
         "\n";
}

}  // namespace groove::fetcher
