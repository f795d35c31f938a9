#include "fetcher/analysis_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>
#include <string_view>

namespace groove::fetcher {
namespace {

using Text = fmt::memory_buffer;

constexpr std::array<const char*, 12> kKeys{"C",  "C#", "D",  "D#", "E",  "F",
                                            "F#", "G",  "G#", "A",  "A#", "B"};

template <class... Values>
void add(Text& out, fmt::format_string<Values...> format, Values&&... values) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Values>(values)...);
}

// `"name": value` with at most `decimals` places, without the zeros at the end.
std::string number(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == text.npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text += '0';
  return text == "-0.0" ? "0.0" : text;
}

void add_seconds(Text& out, const char* name, double value) {
  add(out, "\"{}\": {}, ", name, number(value, 5));
}
void add_number(Text& out, const char* name, double value) {
  add(out, "\"{}\": {}, ", name, number(value, 3));
}
void add_count(Text& out, const char* name, std::int64_t value) {
  add(out, "\"{}\": {}, ", name, value);
}
void add_string(Text& out, const char* name, std::string_view value) {
  add(out, "\"{}\": \"{}\", ", name, value);  // ours: nothing to escape
}
// In place of the comma after an object's or array's last member.
void close(Text& out, std::string_view end) {
  out.resize(out.size() - 2);
  out.append(end);
}

// Hands on what is written but for its last two characters, which close() may take back.
void hand_on(Text& out, const Print& print) {
  constexpr std::size_t kPiece = 64 * 1024;
  if (out.size() < kPiece) return;
  const std::string end(out.data() + out.size() - 2, 2);
  print({out.data(), out.size() - 2});
  out.clear();
  out.append(end);
}

template <class Item, class Add>
void add_list(Text& out, const char* name, const std::vector<Item>& items, const Print& print,
              Add add_members) {
  add(out, "\"{}\": [", name);
  if (items.empty()) out.append(std::string_view("  "));
  for (const Item& item : items) {
    out.append(std::string_view("\n  {"));
    add_members(out, item);
    close(out, "}, ");
    hand_on(out, print);
  }
  close(out, "],\n");
}

void add_span(Text& out, const auto& span) {
  add_seconds(out, "start", span.start);
  add_seconds(out, "duration", span.duration);
  add_number(out, "confidence", span.confidence);
}

// What a whole song and a section have alike.
void add_music(Text& out, const auto& part) {
  add_number(out, "loudness", part.loudness);
  add_number(out, "tempo", part.tempo);
  add_number(out, "tempo_confidence", part.tempo_confidence);
  add_count(out, "time_signature", part.time_signature);
  add_number(out, "time_signature_confidence", part.time_signature_confidence);
  add_count(out, "key", part.key);
  add_number(out, "key_confidence", part.key_confidence);
  add_count(out, "mode", part.mode);
  add_number(out, "mode_confidence", part.mode_confidence);
}

void add_values(Text& out, const char* name, const auto& values) {
  add(out, "\"{}\": [", name);
  for (const float value : values) add(out, "{}, ", number(value, 3));
  close(out, "], ");
}

void add_segment(Text& out, const sound::Segment& segment) {
  add_span(out, segment);
  add_number(out, "loudness_start", segment.loudness_start);
  add_seconds(out, "loudness_max_time", segment.loudness_max_time);
  add_number(out, "loudness_max", segment.loudness_max);
  add_number(out, "loudness_end", segment.loudness_end);
  add_values(out, "pitches", segment.pitches);
  add_values(out, "timbre", segment.timbre);
}

void add_meta(Text& out, const AnalysisOrigin& origin) {
  out.append(std::string_view("\"meta\": {"));
  add_string(out, "analyzer_version", fmt::format("groove-{}", sound::kAnalyzerVersion));
  add_string(out, "platform", "Linux");
  add_string(out, "detailed_status", "OK");
  add_count(out, "status_code", 0);
  add_count(out, "timestamp", origin.made_at);
  add_seconds(out, "analysis_time", origin.seconds_taken);
  add_string(out, "input_process", fmt::format("{} L+R {}", origin.input, sound::kSampleRate));
  close(out, "},\n");
}

void add_track(Text& out, const sound::Analysis& analysis) {
  out.append(std::string_view("\"track\": {"));
  add_count(out, "num_samples", std::llround(analysis.duration * sound::kSampleRate));
  add_seconds(out, "duration", analysis.duration);
  add_string(out, "sample_md5", "");
  add_count(out, "offset_seconds", 0);
  add_count(out, "window_seconds", 0);
  add_count(out, "analysis_sample_rate", sound::kSampleRate);
  add_count(out, "analysis_channels", 1);
  add_seconds(out, "end_of_fade_in", analysis.end_of_fade_in);
  add_seconds(out, "start_of_fade_out", analysis.start_of_fade_out);
  add_music(out, analysis);
  for (const char* name : {"codestring", "echoprintstring", "synchstring", "rhythmstring"})
    add_string(out, name, "");
  for (const char* name : {"code_version", "echoprint_version", "synch_version", "rhythm_version"})
    add_count(out, name, 0);
  close(out, "},\n");
}

void add_features(Text& out, const sound::Analysis& analysis) {
  const sound::Summary& summary = analysis.summary;
  out.append(std::string_view("\"audio_features\": {"));
  add_number(out, "acousticness", summary.acousticness);
  add_number(out, "danceability", summary.danceability);
  add_count(out, "duration_ms", std::llround(analysis.duration * 1000));
  add_number(out, "energy", summary.energy);
  add_number(out, "instrumentalness", summary.instrumentalness);
  add_count(out, "key", analysis.key);
  add_number(out, "liveness", summary.liveness);
  add_number(out, "loudness", analysis.loudness);
  add_count(out, "mode", analysis.mode);
  add_number(out, "speechiness", summary.speechiness);
  add_number(out, "tempo", analysis.tempo);
  add_count(out, "time_signature", analysis.time_signature);
  add_string(out, "type", "audio_features");
  add_number(out, "valence", summary.valence);
  close(out, "},\n");
}

std::string clock(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::string key_name(int key, int mode) {
  return key < 0 ? "no key" : fmt::format("{} {}", kKeys[key], mode == 1 ? "major" : "minor");
}

}  // namespace

void print_json(const sound::Analysis& analysis, const AnalysisOrigin& origin, const Print& print) {
  Text out;
  out.append(std::string_view("{\n"));
  add_meta(out, origin);
  add_track(out, analysis);
  add_features(out, analysis);
  const auto span = [](Text& text, const auto& item) { add_span(text, item); };
  add_list(out, "bars", analysis.bars, print, span);
  add_list(out, "beats", analysis.beats, print, span);
  add_list(out, "tatums", analysis.tatums, print, span);
  add_list(out, "sections", analysis.sections, print,
           [](Text& text, const sound::Section& section) {
             add_span(text, section);
             add_music(text, section);
           });
  add_list(out, "segments", analysis.segments, print, add_segment);
  close(out, "\n}\n");
  print({out.data(), out.size()});
}

std::string to_text(const sound::Analysis& analysis, const AnalysisOrigin& origin) {
  const sound::Summary& summary = analysis.summary;
  Text out;
  add(out, "{} of {}, {:.1f} LUFS, {}\n", clock(analysis.duration), origin.input, analysis.loudness,
      key_name(analysis.key, analysis.mode));
  if (analysis.tempo > 0)
    add(out, "{:.1f} beats a minute, {} beats a bar\n", analysis.tempo, analysis.time_signature);
  add(out, "{} segments, {} sections, {} bars, {} beats, {} tatums\n", analysis.segments.size(),
      analysis.sections.size(), analysis.bars.size(), analysis.beats.size(),
      analysis.tatums.size());
  add(out, "faded in at {}, fades out from {}\n\nestimates, 0 to 1\n",
      clock(analysis.end_of_fade_in), clock(analysis.start_of_fade_out));
  for (const auto& [name, value] : {std::pair{"acousticness", summary.acousticness},
                                    {"danceability", summary.danceability},
                                    {"energy", summary.energy},
                                    {"instrumentalness", summary.instrumentalness},
                                    {"liveness", summary.liveness},
                                    {"speechiness", summary.speechiness},
                                    {"valence", summary.valence}})
    add(out, "  {:<17}{:.2f}\n", name, value);
  if (!analysis.sections.empty()) out.append(std::string_view("\nsections\n"));
  for (const sound::Section& section : analysis.sections)
    add(out, "  {:>6}  {:>3.0f} s  {:>6.1f} LUFS  {:>5.1f} bpm  {}\n", clock(section.start),
        section.duration, section.loudness, section.tempo, key_name(section.key, section.mode));
  return fmt::to_string(out);
}

}  // namespace groove::fetcher
