#include "fetcher/music_analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <thread>
#include <unordered_map>
#include <utility>

#include "fetcher/audio_identity.h"
#include "fetcher/core/sound/analysis.h"
#include "fetcher/listener_pool.h"
#include "fetcher/music_convert.h"
#include "workers/durable_file.h"
#include "workers/music_files.h"

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;

// Of how a file is looked at. Raise it when the same file would give other tags, another digest of
// its sound or another refusal.
constexpr std::uint32_t kReaderVersion = 1;
constexpr std::uint64_t kSyncEvery = 50;  // records

unsigned jobs_of(const AnalyzeOptions& options) {
  if (options.jobs != 0) return options.jobs;
  return std::max(2U, std::thread::hardware_concurrency()) - 1;
}

fs::path analyses(const fs::path& data) { return data / "analyses"; }
fs::path music_files(const fs::path& data) { return data / "files.groove"; }

// One run over the folders.
class Run {
 public:
  Run(const AnalyzeOptions& options, AnalysisStore& store, FoundMusic found)
      : options_(options), store_(store), found_(std::move(found)) {
    for (const auto& [path, seen] : store_.files()) remember_first(seen);
  }

  Status listen(const OnAnalyzed& on_analyzed, const std::function<bool()>& stop) {
    find_work();
    std::size_t at = 0;
    std::uint64_t done = 0;
    ListenerPool pool({options_.program, jobs_of(options_), options_.per_file, options_.grace});
    const auto next = [&]() -> std::optional<v1::ListenAsk> {
      if (at == work_.size() || broken_) return std::nullopt;
      v1::ListenAsk ask;
      ask.set_path(found_.whole_path(*work_[at].file));
      ask.set_analyse(work_[at].analyse);
      ++at;
      return ask;
    };
    const auto heard = [&](const v1::ListenAsk& ask, const v1::ListenAnswer& answer) {
      auto follow = take(ask, answer);
      if (!follow) on_analyzed(++done, work_.size());
      return follow;
    };
    auto ran = pool.run(next, heard, stop);
    report_.whole = done == work_.size();
    if (broken_) return std::unexpected(*broken_);
    return ran;
  }

  Result<AnalyzeReport> finish() {
    if (auto forgotten = forget_what_is_gone(); !forgotten)
      return std::unexpected(forgotten.error());
    if (auto synced = store_.sync(); !synced) return std::unexpected(synced.error());
    const v1::MusicFiles files = list();
    report_.passed = found_.unread;
    report_.playlists = found_.playlists.size();
    report_.files = found_.songs.size();
    if (!is_news(files)) return std::move(report_);
    if (auto written = write_music_files(music_files(options_.data), files); !written)
      return std::unexpected(written.error());
    return std::move(report_);
  }

 private:
  // A list that a scan did not finish must not take the place of a fuller one; and what says
  // nothing new must not look new, for the catalogue is made again when it does.
  bool is_news(const v1::MusicFiles& files) const {
    const auto before = MusicFiles::open(music_files(options_.data));
    if (!before) return true;
    if (!report_.whole && before->message().files_size() > files.files_size()) return false;
    return report_.analysed > 0 ||
           before->message().SerializeAsString() != files.SerializeAsString();
  }

  struct Work {
    const FoundFile* file;
    bool analyse;
  };

  // What the run has to look at, and which file each path is.
  void find_work() {
    for (const FoundFile& file : found_.songs) {
      const std::string path = found_.whole_path(file);
      by_path_.emplace(path, &file);
      const v1::FileSeen* const seen = known(file, path);
      if (seen == nullptr)
        work_.push_back({&file, false});
      else if (seen->refusal().empty() && begins_analysis(seen->audio()))
        work_.push_back({&file, true});
      else
        ++report_.known;
    }
  }

  // The record of the file, if it is still the file that was seen.
  const v1::FileSeen* known(const FoundFile& file, const std::string& path) const {
    const v1::FileSeen* const seen = store_.file(path);
    const bool same = seen != nullptr && seen->size() == file.size &&
                      seen->modified_ns() == file.modified_ns && seen->version() == kReaderVersion;
    return same ? seen : nullptr;
  }

  bool needs_analysis(const std::string& audio) const {
    const AnalysisStore::Song* const song = store_.song(audio);
    if (song == nullptr || song->version != sound::kAnalyzerVersion) return true;
    return !store_.heard(audio);  // damaged
  }

  // Once a sound: of two copies the second waits for what comes of the first.
  bool begins_analysis(const std::string& audio) {
    return needs_analysis(audio) && under_way_.insert(audio).second;
  }

  // What came of an ask; a further one when the file's sound is a new one.
  std::optional<v1::ListenAsk> take(const v1::ListenAsk& ask, const v1::ListenAnswer& answer) {
    if (!answer.refusal().empty()) {
      refuse(ask, answer);
      return std::nullopt;
    }
    note(see(ask, answer));
    if (answer.has_heard()) {
      note(hear(answer));
      ++report_.analysed;
      return std::nullopt;
    }
    if (!begins_analysis(answer.audio())) return std::nullopt;
    v1::ListenAsk again = ask;
    again.set_analyse(true);
    return again;
  }

  void note(auto record) {
    auto added = store_.add(std::move(record));
    if (added && ++records_ % kSyncEvery == 0) added = store_.sync();
    if (!added) broken_ = added.error();
  }

  v1::FileSeen look(const v1::ListenAsk& ask) const {
    const FoundFile& file = *by_path_.at(ask.path());
    v1::FileSeen seen;
    seen.set_path(ask.path());
    seen.set_size(file.size);
    seen.set_modified_ns(file.modified_ns);
    seen.set_version(kReaderVersion);
    seen.set_first_seen_us(options_.now_us);
    return seen;
  }

  v1::FileSeen see(const v1::ListenAsk& ask, const v1::ListenAnswer& answer) {
    v1::FileSeen seen = look(ask);
    seen.set_audio(answer.audio());
    *seen.mutable_tags() = answer.tags();
    const auto first = first_seen_.find(answer.audio());
    if (first != first_seen_.end()) seen.set_first_seen_us(first->second);
    remember_first(seen);
    return seen;
  }

  // A file that was moved or copied is not a new song.
  void remember_first(const v1::FileSeen& seen) {
    if (seen.audio().empty()) return;
    const auto [at, is_new] = first_seen_.emplace(seen.audio(), seen.first_seen_us());
    if (!is_new) at->second = std::min(at->second, seen.first_seen_us());
  }

  v1::SongHeard hear(const v1::ListenAnswer& answer) const {
    const AnalysisStore::Song* const before = store_.song(answer.audio());
    v1::SongHeard heard;
    heard.set_audio(answer.audio());
    heard.set_song_id(before != nullptr ? before->id
                                        : song_id(answer.tags().recording_id(), answer.audio()));
    heard.set_version(sound::kAnalyzerVersion);
    *heard.mutable_heard() = answer.heard();
    return heard;
  }

  void refuse(const v1::ListenAsk& ask, const v1::ListenAnswer& answer) {
    v1::FileSeen seen = look(ask);
    seen.set_refusal(answer.refusal());
    if (answer.passing())
      passing_[ask.path()] = answer.refusal();  // and tried again at the next scan
    else
      note(std::move(seen));
  }

  // Files below the folders that were there once.
  Status forget_what_is_gone() {
    std::vector<std::string> gone;
    for (const auto& [path, seen] : store_.files())
      if (!by_path_.contains(path) && is_ours(path)) gone.push_back(path);
    for (const std::string& path : gone)
      if (auto forgotten = store_.forget(path); !forgotten) return forgotten;
    return {};
  }

  bool is_ours(const std::string& path) const {
    return std::ranges::any_of(found_.folders, [&](const MusicFolder& folder) {
      return path.starts_with(folder.path.string() + '/');
    });
  }

  v1::MusicFiles list() {
    v1::MusicFiles out;
    std::set<std::string> songs;
    for (const MusicFolder& folder : found_.folders) {
      v1::MusicRoot& root = *out.add_roots();
      root.set_name(folder.name);
      root.set_path(folder.path.string());
    }
    for (const FoundFile& file : found_.songs)
      if (const AnalysisStore::Song* const song = song_of(file)) {
        v1::MusicFile& listed = *out.add_files();
        listed.set_root(file.folder);
        listed.set_path(file.path);
        listed.set_song_id(song->id);
        listed.set_added_us(store_.file(found_.whole_path(file))->first_seen_us());
        listed.set_modified_ns(file.modified_ns);
        listed.set_licence(found_.licence_of(file));
        songs.insert(song->id);
      }
    for (const FoundFile& file : found_.playlists) {
      v1::PlaylistFile& playlist = *out.add_playlists();
      playlist.set_root(file.folder);
      playlist.set_path(file.path);
    }
    report_.songs = songs.size();
    return out;
  }

  // nullptr, and a line in the report, when the file gave none.
  const AnalysisStore::Song* song_of(const FoundFile& file) {
    const std::string path = found_.whole_path(file);
    const v1::FileSeen* const seen = known(file, path);
    if (const auto passing = passing_.find(path); passing != passing_.end())
      report_.left_out.push_back({path, passing->second});
    else if (seen != nullptr && !seen->refusal().empty())
      report_.left_out.push_back({path, seen->refusal()});
    else if (seen != nullptr)
      if (const AnalysisStore::Song* const song = store_.song(seen->audio());
          song != nullptr && song->version == sound::kAnalyzerVersion)
        return song;
    return nullptr;
  }

  const AnalyzeOptions& options_;
  AnalysisStore& store_;
  FoundMusic found_;
  std::unordered_map<std::string, const FoundFile*> by_path_;
  std::vector<Work> work_;
  std::unordered_map<std::string, std::int64_t> first_seen_;  // by sound
  std::set<std::string> under_way_;                           // sounds
  std::unordered_map<std::string, std::string> passing_;      // refusals of the moment
  std::optional<Error> broken_;                               // the disk refused
  std::uint64_t records_ = 0;
  AnalyzeReport report_;
};

Status write_report(const AnalyzeReport& report, const fs::path& file) {
  std::string text;
  for (const auto* list : {&report.left_out, &report.passed})
    for (const Unread& unread : *list) {
      std::string path = unread.path;
      std::ranges::replace(path, '\n', ' ');  // one line each
      text += fmt::format("{}: {}\n", path, unread.reason);
    }
  return replace_file(file, text);
}

}  // namespace

Result<AnalyzeReport> analyze_music(const AnalyzeOptions& options, const OnAnalyzed& on_analyzed,
                                    const std::function<bool()>& stop) {
  const auto began = std::chrono::steady_clock::now();
  auto store = AnalysisStore::open(analyses(options.data), AnalysisStore::Use::kWrite);
  if (!store) return std::unexpected(store.error());
  FoundMusic found = scan_music(options.folders, [&] { return !stop(); });
  if (stop()) return fail(Errc::kUnavailable, "the scan was stopped; nothing is lost");
  if (found.folders.empty() && !options.folders.empty())
    return fail(Errc::kNotFound,
                fmt::format("{}: {}", found.unread.front().path, found.unread.front().reason));
  Run run(options, *store, std::move(found));
  if (auto listened = run.listen(on_analyzed, stop); !listened)
    return std::unexpected(listened.error());
  auto report = run.finish();
  if (!report) return report;
  if (auto written = write_report(*report, analyses(options.data) / "report.txt"); !written)
    return std::unexpected(written.error());
  report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

Result<std::vector<SongRecord>> analysed_songs(const fs::path& data) {
  std::vector<SongRecord> songs;
  const auto files = MusicFiles::open(music_files(data));
  if (!files && files.error().code == Errc::kNotFound) return songs;
  if (!files) return std::unexpected(files.error());
  const auto store = AnalysisStore::open(analyses(data), AnalysisStore::Use::kRead);
  if (!store) return std::unexpected(store.error());
  for (const v1::MusicFile& file : files->message().files()) {
    if (files->find(file.song_id()) != &file) continue;
    const v1::FileSeen* const seen = store->file((files->root(file) / file.path()).string());
    const auto heard = seen == nullptr ? std::nullopt : store->heard(seen->audio());
    if (!heard) continue;  // damaged since; the next scan sees to it
    SongTags tags = from_message(seen->tags());
    fill_from_path(tags, file.path());
    songs.push_back(to_record(file.song_id(), tags, *heard));
    // An older analyser's vector is of another space; its other numbers mean the same.
    if (store->song(seen->audio())->version != sound::kAnalyzerVersion)
      songs.back().sound_vector.clear();
  }
  return songs;
}

}  // namespace groove::fetcher
