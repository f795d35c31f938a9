#include "scorer/evaluation_print.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

namespace groove::scorer {
namespace {

namespace json = boost::json;

struct Column {
  std::string_view name;
  std::vector<double> Measures::* values;
};
constexpr std::array<Column, 7> kColumns = {{{"auc_catalog", &Measures::auc_catalog},
                                             {"auc_playlists", &Measures::auc_playlists},
                                             {"recall_20", &Measures::recall_20},
                                             {"recall_100", &Measures::recall_100},
                                             {"recall_500", &Measures::recall_500},
                                             {"ndcg_500", &Measures::ndcg_500},
                                             {"diversity", &Measures::diversity}}};

json::object reliability_json(const ReliabilityBin& bin) {
  return {{"confidence", bin.confidence}, {"approved", bin.approved}, {"songs", bin.songs}};
}

json::array curve_json(const std::vector<ReliabilityBin>& bins) {
  json::array out;
  for (const ReliabilityBin& bin : bins)
    if (bin.songs > 0) out.push_back(reliability_json(bin));
  return out;
}

json::object interval_json(const Estimate& e) {
  return {{"mean", e.mean}, {"low", e.low}, {"high", e.high}};
}

std::string curve_text(const std::vector<ReliabilityBin>& bins) {
  std::string out;
  for (const ReliabilityBin& bin : bins)
    if (bin.songs > 0)
      out += fmt::format("  told {:4.0f} %   approved {:4.0f} %   {} songs\n", 100 * bin.confidence,
                         100 * bin.approved, bin.songs);
  return out;
}

std::string feedback_text(std::string_view what, const FeedbackRounds& feedback) {
  if (feedback.precision.empty()) return "";
  std::string out = fmt::format(
      "\nListeners who like {}, from 3 liked songs: how many of 20 pleased, by round\n", what);
  for (std::size_t i = 0; i < feedback.precision.size(); ++i) {
    const Estimate& e = feedback.precision[i];
    out += fmt::format("  round {}   {:.3f} [{:.3f}, {:.3f}]\n", i + 1, e.mean, e.low, e.high);
  }
  out += fmt::format("  confidence after verdicts: calibration error {:.3f}\n",
                     calibration_error(feedback.reliability));
  return out + curve_text(feedback.reliability);
}

json::object feedback_json(const FeedbackRounds& feedback) {
  json::array rounds;
  for (const Estimate& e : feedback.precision) rounds.push_back(interval_json(e));
  return {{"precision_20", std::move(rounds)},
          {"ece", calibration_error(feedback.reliability)},
          {"reliability", curve_json(feedback.reliability)}};
}

}  // namespace

std::string to_text(const Evaluation& evaluation) {
  std::string out = fmt::format(
      "{} songs, {} playlists (half of each hidden, seed {}); {} ids unknown, {} too short\n\n",
      evaluation.songs, evaluation.playlists, evaluation.seed, evaluation.unknown,
      evaluation.too_short);
  out += fmt::format("{:<11}", "");
  for (const Column& column : kColumns) out += fmt::format("{:>21}", column.name);
  out += fmt::format("{:>9}{:>7}\n", "artists", "ece");
  for (const auto& [name, measures] : evaluation.methods) {
    out += fmt::format("{:<11}", name);
    for (const Column& column : kColumns) {
      const Estimate e = bootstrap(measures.*column.values, evaluation.seed);
      out += fmt::format("  {:.3f} [{:.3f}, {:.3f}]", e.mean, e.low, e.high);
    }
    const bool ours = &measures == &evaluation.methods[0].second;
    out +=
        fmt::format("{:>9.3f}{:>7}\n", measures.artist_coverage,
                    ours ? fmt::format("{:.3f}", calibration_error(evaluation.reliability)) : "");
  }
  out += "\nConfidence before any verdict, of the first 20 of the playlists' songs:\n";
  out += curve_text(evaluation.reliability);
  return out + feedback_text("a group of playlists", evaluation.by_group) +
         feedback_text("a region of sound", evaluation.by_sound);
}

std::string to_json(const Evaluation& evaluation) {
  json::object methods;
  for (const auto& [name, measures] : evaluation.methods) {
    json::object method, intervals;
    for (const Column& column : kColumns) {
      const Estimate e = bootstrap(measures.*column.values, evaluation.seed);
      method[column.name] = e.mean;
      intervals[column.name] = json::array{e.low, e.high};
    }
    // Only ours says how sure it is.
    method["ece"] = &measures == &evaluation.methods[0].second
                        ? json::value(calibration_error(evaluation.reliability))
                        : json::value(nullptr);
    method["artist_coverage"] = measures.artist_coverage;
    method["intervals"] = std::move(intervals);
    methods[name] = std::move(method);
  }
  json::object out{{"songs", evaluation.songs},
                   {"playlists", evaluation.playlists},
                   {"unknown", evaluation.unknown},
                   {"too_short", evaluation.too_short},
                   {"seed", evaluation.seed},
                   {"methods", std::move(methods)},
                   {"reliability", curve_json(evaluation.reliability)}};
  if (!evaluation.by_group.precision.empty())
    out["feedback"] = json::object{{"group", feedback_json(evaluation.by_group)},
                                   {"sound", feedback_json(evaluation.by_sound)}};
  return json::serialize(out) + "\n";
}

namespace {

constexpr double kLeft = 110, kTop = 50, kRow = 34, kWide = 320, kSide = 240, kRight = 560;

std::string text_at(double x, double y, std::string_view text, std::string_view anchor = "start") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     text);
}

std::string bar_at(double y, double share, std::string_view colour) {
  return fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"9\" fill=\"{}\"/>\n",
                     kLeft, y, kWide * share, colour);
}

// Names come from here alone, so nothing has to be escaped.
std::string methods_svg(const Evaluation& evaluation) {
  std::string out = text_at(kLeft, 28, "AUC against the catalogue; against other playlists");
  double y = kTop;
  for (const auto& [name, measures] : evaluation.methods) {
    const double catalog = bootstrap(measures.auc_catalog, 1).mean;
    const double playlists = bootstrap(measures.auc_playlists, 1).mean;
    out += text_at(kLeft - 8, y + 14, name, "end");
    out += bar_at(y, catalog, "#1b7f5c") + bar_at(y + 11, playlists, "#8fcbb4");
    out += text_at(kLeft + kWide * catalog + 6, y + 14,
                   fmt::format("{:.3f} / {:.3f}", catalog, playlists));
    y += kRow;
  }
  return out;
}

std::string reliability_svg(const Evaluation& evaluation) {
  std::string out = text_at(kRight, 28, "Told (across) and approved (up)");
  out += fmt::format(
      "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{2}\" fill=\"none\" stroke=\"#999\"/>\n"
      "<line x1=\"{0}\" y1=\"{3}\" x2=\"{4}\" y2=\"{1}\" stroke=\"#999\" "
      "stroke-dasharray=\"4\"/>\n",
      kRight, kTop, kSide, kTop + kSide, kRight + kSide);
  for (const ReliabilityBin& bin : evaluation.reliability)
    if (bin.songs > 0)
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"#1b7f5c\"/>\n",
                         kRight + kSide * bin.confidence, kTop + kSide * (1 - bin.approved));
  return out + text_at(kRight, kTop + kSide + 22,
                       fmt::format("calibration error {:.3f}",
                                   calibration_error(evaluation.reliability)));
}

}  // namespace

std::string to_svg(const Evaluation& evaluation) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"840\" height=\"340\" "
         "font-family=\"sans-serif\" font-size=\"13\">\n"
         "<rect width=\"840\" height=\"340\" fill=\"#fff\"/>\n" +
         methods_svg(evaluation) + reliability_svg(evaluation) + "</svg>\n";
}

}  // namespace groove::scorer
