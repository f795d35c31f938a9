#include "fetcher/analyze_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <optional>

#include "fetcher/import.h"
#include "fetcher/music_analysis.h"
#include "workers/base/clock.h"
#include "workers/base/utf8.h"
#include "workers/durable_file.h"
#include "workers/progress.h"
#include "workers/shutdown.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;

constexpr int kYes = 0, kNo = 1, kUnreadable = 2;
constexpr std::size_t kToldMax = 10;
constexpr auto kGrace = std::chrono::seconds(20);  // a song under way is heard to its end

int refused(const Error& error) {
  fmt::print(stderr, "groove-fetcher: {}\n", error.message);
  return stop_requested() ? kNo : kUnreadable;
}

fs::path data_of(const AnalyzeCommand& command) {
  return fs::absolute(command.catalog).parent_path();
}

AnalyzeOptions options_of(const AnalyzeCommand& command) {
  return {.folders = {command.folders.begin(), command.folders.end()},
          .data = data_of(command),
          .program = fs::read_symlink("/proc/self/exe"),
          .jobs = command.jobs,
          .per_file = std::chrono::seconds(command.seconds_per_file),
          .grace = kGrace,
          .now_us = SystemClock().unix_us()};
}

Result<ImportReport> make_catalogue(const AnalyzeCommand& command) {
  const FileTime began = file_clock_now();
  Import import([](std::uint64_t, std::uint64_t) { return !stop_requested(); });
  for (const std::string& file : command.tracks)
    if (auto read = import.add(file); !read) return std::unexpected(read.error());
  if (auto added = import.add_analysed(data_of(command)); !added)
    return std::unexpected(added.error());
  return import.write(command.catalog, began);
}

std::string reasons_text(const AnalyzeReport& report) {
  std::string text;
  const std::size_t told = std::min(report.left_out.size(), kToldMax);
  for (std::size_t i = 0; i < told; ++i)
    text += fmt::format("  {}: {}\n", report.left_out[i].path, report.left_out[i].reason);
  if (report.left_out.size() > told)
    text += fmt::format("  and {} more\n", report.left_out.size() - told);
  return text;
}

std::string to_text(const AnalyzeReport& report, const AnalyzeCommand& command,
                    const std::optional<ImportReport>& made) {
  std::string text = fmt::format(
      "{} music files, {} songs: {} analysed now, {} files known before, {} left out, in {:.1f} "
      "s\n",
      report.files, report.songs, report.analysed, report.known, report.left_out.size(),
      report.seconds);
  text += reasons_text(report);
  if (!report.left_out.empty() || !report.passed.empty())
    text += fmt::format("all that was left out: {}\n",
                        (data_of(command) / "analyses/report.txt").string());
  if (made) text += fmt::format("{}: {} songs\n", command.catalog, made->songs);
  return text;
}

boost::json::array to_json(const std::vector<Unread>& list) {
  boost::json::array out;
  for (const Unread& unread : list)
    out.push_back({{"path", mended_utf8(unread.path)}, {"reason", mended_utf8(unread.reason)}});
  return out;
}

std::string to_json(const AnalyzeReport& report, const AnalyzeCommand& command,
                    const std::optional<ImportReport>& made) {
  boost::json::object out{{"catalog", command.catalog},
                          {"files", report.files},
                          {"songs", report.songs},
                          {"analysed", report.analysed},
                          {"known", report.known},
                          {"playlists", report.playlists},
                          {"left_out", to_json(report.left_out)},
                          {"passed", to_json(report.passed)},
                          {"whole", report.whole},
                          {"seconds", report.seconds}};
  if (made) {
    out["digest"] = to_string(made->digest);
    out["catalog_songs"] = made->songs;
  }
  return boost::json::serialize(out) + "\n";
}

Result<AnalyzeReport> analyze(const AnalyzeCommand& command) {
  std::optional<Progress> progress;
  const auto report = analyze_music(
      options_of(command),
      [&](std::uint64_t done, std::uint64_t total) {
        if (!progress) progress.emplace("Analysing", total, "files");
        progress->at(done);
      },
      [] { return stop_requested(); });
  return report;
}

}  // namespace

int analyze_folders(const AnalyzeCommand& command) {
  const auto report = analyze(command);
  if (!report) return refused(report.error());
  std::optional<ImportReport> made;
  Status failed;
  if (report->whole) {
    auto catalogue = make_catalogue(command);
    if (catalogue)
      made = std::move(*catalogue);
    else
      failed = std::unexpected(catalogue.error());
  }
  fmt::print("{}",
             command.json ? to_json(*report, command, made) : to_text(*report, command, made));
  if (!report->whole)
    fmt::print(stderr, "groove-fetcher: stopped; the same command goes on from here\n");
  if (!failed) fmt::print(stderr, "groove-fetcher: {}\n", failed.error().message);
  return made ? kYes : kNo;
}

}  // namespace groove::fetcher
