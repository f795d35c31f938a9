// The names and sizes of workers/CATALOG.md, shared by the writer and the reader of a catalogue.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace groove::catalog_layout {

inline constexpr std::string_view kMagic = "GRVCAT01";
inline constexpr std::size_t kDigestAt = 8;
inline constexpr std::size_t kBodySizeAt = 40;
inline constexpr std::size_t kHeaderBytes = 48;  // what the digest does not cover
inline constexpr std::size_t kCountsBytes = 16;  // songs, dimensions, sections, zero
inline constexpr std::size_t kEntryBytes = 24;   // tag, zero, offset, bytes
inline constexpr std::size_t kAlignment = 8;
inline constexpr std::size_t kSectionsMax = 64;

inline constexpr char kArtistSeparator = '\x1f';
inline constexpr std::uint8_t kExplicit = 1;  // bit of FLAG

inline constexpr std::string_view kSpace = "SPAC";
inline constexpr std::string_view kText = "TEXT";
inline constexpr std::string_view kYear = "YEAR";
inline constexpr std::string_view kDuration = "DURA";
inline constexpr std::string_view kPopularity = "POPU";
inline constexpr std::string_view kFlags = "FLAG";
inline constexpr std::string_view kFeatures = "FEAT";
inline constexpr std::string_view kSeries = "SERI";   // there only when a song has a series
inline constexpr std::string_view kVectors = "VECT";  // there only when a song has a vector
inline constexpr std::uint32_t kNoRow = 0xffff'ffff;  // of VECT: a song without
// Columns of text: songs + 1 offsets into TEXT each.
inline constexpr std::array<std::string_view, 5> kTextColumns = {"IDOF", "TIOF", "AROF", "ALOF",
                                                                 "ISOF"};

}  // namespace groove::catalog_layout
