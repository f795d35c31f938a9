// An evaluation for people, programs and papers.
#pragma once

#include <string>

#include "scorer/evaluate.h"

namespace groove::scorer {

std::string to_text(const Evaluation& evaluation);
std::string to_json(const Evaluation& evaluation);
// Two panels: recall and AUC of each way, and the reliability curve.
std::string to_svg(const Evaluation& evaluation);

}  // namespace groove::scorer
