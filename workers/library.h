// The catalogue and model in use, reloaded when their files are replaced (import and training
// rename new ones into place). Holders of a Music keep the old pair alive until they let go.
#pragma once

#include <memory>
#include <optional>

#include "workers/base/result.h"
#include "workers/catalog.h"
#include "workers/model.h"
#include "workers/places.h"

namespace groove {

struct Music {
  Catalog catalog;
  Model model;
};

class Library {
 public:
  explicit Library(Places places);

  // The current pair; kNotFound, in words for the listener, while there is no catalogue or no model
  // of it. Looks at the files' identities (device, inode, mtime, size) at most once a second; loads
  // when they changed.
  Result<std::shared_ptr<const Music>> music();

 private:
  struct Seen;
  Places places_;
  std::shared_ptr<Seen> seen_;
};

}  // namespace groove
