// The only place that knows both the house's messages and files and the fetcher's own types.
#pragma once

#include "fetcher/core/listening.h"
#include "fetcher/core/song_row.h"
#include "fetcher/matcher.h"
#include "groove/v1/event.pb.h"
#include "workers/base/result.h"
#include "workers/catalog_builder.h"

namespace groove::fetcher {

SongRecord to_record(SongRow row);

// Errors: kInvalid (a kind of basis that this version does not know).
Result<Basis> to_basis(const v1::Basis& basis);

// The listener's songs, found, as the next stage reads it.
v1::Event to_message(const v1::LoginAccepted& login, Match match, const Catalog& catalog);

}  // namespace groove::fetcher
