// Running groove-ledger as people do.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>
#include <utility>

namespace groove::ledger {

// Exit code and all that a shell command prints.
inline std::pair<int, std::string> run_shell(const std::string& command) {
  std::FILE* out = ::popen((command + " 2>&1").c_str(), "r");
  std::string text;
  for (int c; (c = std::fgetc(out)) != EOF;) text += static_cast<char>(c);
  const int status = ::pclose(out);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text};
}

}  // namespace groove::ledger
