// A batch for people's eyes and for programs.
#pragma once

#include <string>

#include "groove/v1/event.pb.h"

namespace groove::scorer {

// {"catalog":hex,"model":hex,"recommendations":[{"id","title","artists","confidence","cluster",
// "because":[...]}]}, one line.
std::string to_json(const v1::BatchScored& batch);

// A numbered list with confidence bars and reasons.
std::string to_text(const v1::BatchScored& batch);

}  // namespace groove::scorer
