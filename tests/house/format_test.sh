#!/usr/bin/env bash
# Every C++ file is as clang-format leaves it.
set -euo pipefail
cd "$(dirname "$0")/../.."
git ls-files '*.h' '*.cc' | xargs clang-format-19 --dry-run --Werror
