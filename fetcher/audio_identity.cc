#include "fetcher/audio_identity.h"

extern "C" {
#include <libavcodec/packet.h>
}

#include <string_view>

#include "fetcher/media_file.h"
#include "workers/base/ids.h"
#include "workers/base/sha256.h"

namespace groove::fetcher {

Result<std::string> identify_audio(const std::filesystem::path& file) {
  auto media = MediaFile::open(file);
  if (!media) return std::unexpected(media.error());
  Sha256 digest;
  for (;;) {
    const auto packet = media->next();
    if (!packet) return std::unexpected(packet.error());
    if (*packet == nullptr) return to_string(digest.finish());
    digest.update({reinterpret_cast<const char*>((*packet)->data),
                   static_cast<std::size_t>((*packet)->size)});
  }
}

std::string song_id(const std::string& recording_id, const std::string& audio) {
  constexpr std::size_t kHexShown = 32;
  return recording_id.empty() ? "audio-" + audio.substr(0, kHexShown) : recording_id;
}

}  // namespace groove::fetcher
