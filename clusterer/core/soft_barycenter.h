// Barycenters under soft-DTW (Cuturi & Blondel, ICML 2017): the series with the least mean soft-DTW
// to the members, found by L-BFGS from the barycenter before (lbfgs.h) with the exact gradient,
//   sum over members and j of 2 E_ij (c_i - x_j),
// E_ij being how much of all alignments runs through the cell. Twice the row sums of E are how
// curved the sum is along each point if E stood still: the first guess that L-BFGS scales by.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "clusterer/core/warp.h"

namespace groove::clusterer {

// Moves a barycenter in place, `rounds` iterations of L-BFGS at most; returns the mean soft-DTW
// there, on the kernels' scale of gamma * ln 2. Members are summed in their order, whatever
// `threads`. Requires: members not empty, gamma > 0.
double soft_average(const SeriesSet& set, double gamma, std::span<const std::uint32_t> members,
                    Series& barycenter, unsigned rounds, unsigned threads);

}  // namespace groove::clusterer
