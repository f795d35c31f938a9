#include "fetcher/listen.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <string>

#include "fetcher/audio_identity.h"
#include "fetcher/core/sound/analyzer.h"
#include "fetcher/decode.h"
#include "fetcher/frames_io.h"
#include "fetcher/music_convert.h"
#include "fetcher/tags.h"

namespace groove::fetcher {
namespace {

constexpr int kNice = 10;
constexpr int kDone = 0, kBroken = 1;

v1::ListenAnswer refused(const Error& error) {
  v1::ListenAnswer answer;
  answer.set_refusal(error.message);
  answer.set_passing(error.code == Errc::kUnavailable || error.code == Errc::kNotFound);
  return answer;
}

// One look at the file for both: the digest comes with the samples.
Result<std::string> analyse(const std::filesystem::path& file, v1::Heard& heard) {
  sound::Analyzer analyzer;
  const auto decoded = decode(file, [&](std::span<const float> left, std::span<const float> right) {
    analyzer.feed(left, right);
    return true;
  });
  if (!decoded) return std::unexpected(decoded.error());
  heard = to_heard(analyzer.finish());
  return to_string(decoded->audio_sha256);
}

}  // namespace

v1::ListenAnswer listen(const v1::ListenAsk& ask) {
  const std::filesystem::path file(ask.path());
  v1::ListenAnswer answer;
  const auto audio = ask.analyse() ? analyse(file, *answer.mutable_heard()) : identify_audio(file);
  if (!audio) return refused(audio.error());
  answer.set_audio(*audio);
  *answer.mutable_tags() = to_message(read_tags(file));
  return answer;
}

int serve_listening() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGINT, SIG_IGN);  // Ctrl-C reaches the whole terminal; the parent decides
  ::setpriority(PRIO_PROCESS, 0, kNice);
  while (const auto frame = read_frame(STDIN_FILENO)) {
    v1::ListenAsk ask;
    if (!ask.ParseFromString(*frame)) return kBroken;
    if (!write_frame(STDOUT_FILENO, listen(ask).SerializeAsString())) return kBroken;
  }
  return kDone;
}

}  // namespace groove::fetcher
