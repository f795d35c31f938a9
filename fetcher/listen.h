// Listening to one file, as a child process does it: what crashes a decoder or a reader of tags
// then costs one file and not the scan.
#pragma once

#include "groove/v1/music.pb.h"

namespace groove::fetcher {

// What the file is (tags, and the digest of its sound without them), and what is heard in it when
// that is asked for. A refusal is a sentence without its stop.
v1::ListenAnswer listen(const v1::ListenAsk& ask);

// Answers asks from standard input on standard output, each a u32 length (little-endian) and a
// message, until the input ends. Runs at the lowest priority, and no longer than its parent.
// Returns the exit code.
int serve_listening();

}  // namespace groove::fetcher
