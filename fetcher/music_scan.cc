#include "fetcher/music_scan.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace groove::fetcher {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 24> kSongs = {
    ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".m4b",  ".m4p",
    ".mp4", ".aac",  ".wav", ".wma", ".asf",  ".aif", ".aiff", ".aifc",
    ".ape", ".wv",   ".mka", ".mpc", ".tta",  ".caf", ".w64",  ".webm"};
constexpr std::array<std::string_view, 5> kPlaylists = {".m3u", ".m3u8", ".pls", ".xspf", ".jspf"};

constexpr std::array<std::string_view, 4> kLicences = {"copyright", "license", "licence",
                                                       "copying"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return text;
}

bool is_licence(const std::string& path) {
  std::string name = lower(path.substr(path.rfind('/') + 1));
  if (name.ends_with(".txt")) name.resize(name.size() - 4);
  return std::ranges::find(kLicences, name) != kLicences.end();
}

template <std::size_t kCount>
bool ends_as_one_of(const std::array<std::string_view, kCount>& endings, const std::string& path) {
  const std::string name = lower(path);
  return std::ranges::any_of(endings, [&](std::string_view end) { return name.ends_with(end); });
}

bool within(const fs::path& inner, const fs::path& outer) {
  const auto [at, end] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return at == outer.end();
}

std::string distinct_name(const fs::path& path, const std::vector<MusicFolder>& others) {
  const std::string plain = path.has_filename() ? path.filename().string() : "music";
  std::string name = plain;
  for (int number = 2; std::ranges::find(others, name, &MusicFolder::name) != others.end();
       ++number)
    name = plain + " (" + std::to_string(number) + ")";
  return name;
}

class Walk {
 public:
  Walk(FoundMusic& found, const std::function<bool()>& go_on) : found_(found), go_on_(go_on) {}

  void folder(std::uint32_t number) {
    number_ = number;
    std::vector<std::string> waiting = {""};
    while (!waiting.empty() && go_on_()) {
      const std::string path = std::move(waiting.back());
      waiting.pop_back();
      list(path, waiting);
    }
  }

 private:
  const fs::path& root() const { return found_.folders[number_].path; }

  void unread(const std::string& path, std::string reason) {
    found_.unread.push_back({(root() / path).string(), std::move(reason)});
  }

  void list(const std::string& path, std::vector<std::string>& waiting) {
    const fs::path whole = path.empty() ? root() : root() / path;
    found_.directories.push_back(whole);
    std::error_code error;
    fs::directory_iterator entries(whole, error);
    if (error) return unread(path, "the folder cannot be read: " + error.message());
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      if (!name.starts_with('.')) look(path.empty() ? name : path + '/' + name, waiting);
      if (error) return unread(path, "the folder cannot be read to its end: " + error.message());
    }
  }

  void look(const std::string& path, std::vector<std::string>& waiting) {
    struct stat info{};
    if (::lstat((root() / path).c_str(), &info) != 0)
      return unread(path, std::string("it cannot be looked at: ") + std::strerror(errno));
    if (S_ISDIR(info.st_mode)) return waiting.push_back(path);
    if (S_ISLNK(info.st_mode)) return unread(path, "it is a link, which is not followed");
    if (!S_ISREG(info.st_mode)) return unread(path, "it is not a file");
    const FoundFile file{number_, path, static_cast<std::uint64_t>(info.st_size),
                         info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec};
    if (ends_as_one_of(kSongs, path))
      found_.songs.push_back(file);
    else if (ends_as_one_of(kPlaylists, path))
      found_.playlists.push_back(file);
    else if (is_licence(path))
      found_.licences.push_back(file);
    else
      unread(path, "it is no music file by its name");
  }

  FoundMusic& found_;
  const std::function<bool()>& go_on_;
  std::uint32_t number_ = 0;
};

void sort(std::vector<FoundFile>& files) {
  std::ranges::sort(files, [](const FoundFile& a, const FoundFile& b) {
    return std::tie(a.folder, a.path) < std::tie(b.folder, b.path);
  });
}

}  // namespace

std::vector<MusicFolder> music_folders(const std::vector<fs::path>& given,
                                       std::vector<Unread>& problems) {
  std::vector<fs::path> paths;
  for (const fs::path& folder : given) {
    std::error_code error;
    fs::path path = fs::canonical(folder, error);
    if (error)
      problems.push_back({folder.string(), "the folder is not there: " + error.message()});
    else if (!fs::is_directory(path, error))
      problems.push_back({folder.string(), "it is not a folder"});
    else
      paths.push_back(std::move(path));
  }
  std::vector<MusicFolder> folders;
  for (const fs::path& path : paths) {
    const bool covered = std::ranges::any_of(
        paths, [&](const fs::path& other) { return other != path && within(path, other); });
    if (!covered && std::ranges::find(folders, path, &MusicFolder::path) == folders.end())
      folders.push_back({distinct_name(path, folders), path});
  }
  return folders;
}

std::string FoundMusic::whole_path(const FoundFile& file) const {
  return (folders[file.folder].path / file.path).string();
}

std::string FoundMusic::licence_of(const FoundFile& file) const {
  std::string_view nearest;
  std::size_t depth = 0;
  for (const FoundFile& licence : licences) {
    const std::size_t folder = licence.path.rfind('/') + 1;  // 0 in the root
    if (licence.folder != file.folder || file.path.compare(0, folder, licence.path, 0, folder) != 0)
      continue;
    if (nearest.empty() || folder > depth) {
      nearest = licence.path;
      depth = folder;
    }
  }
  return std::string(nearest);
}

FoundMusic scan_music(const std::vector<fs::path>& folders, const std::function<bool()>& go_on) {
  FoundMusic found;
  found.folders = music_folders(folders, found.unread);
  Walk walk(found, go_on);
  for (std::uint32_t i = 0; i < found.folders.size(); ++i) walk.folder(i);
  sort(found.songs);
  sort(found.playlists);
  sort(found.licences);
  std::ranges::sort(found.unread, {}, &Unread::path);
  return found;
}

}  // namespace groove::fetcher
