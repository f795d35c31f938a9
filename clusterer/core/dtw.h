// Dynamic time warping of two series: the least total squared distance over all monotone alignments
// of the one with the other (Sakoe & Chiba 1978). Its square root is the DTW distance of tslearn.
//
// dtw_cost() is symmetric and 0 when a == b. soft_dtw() is its smooth relative (Cuturi & Blondel,
// "Soft-DTW", ICML 2017): the soft minimum over alignments, below dtw_cost() and even below 0.
// Time O(steps(a) * steps(b) * dims). For many series at once see assignment.h.
// Requires: as SeriesSet::from() asks, the same dims, gamma > 0.
#pragma once

#include "clusterer/core/warp.h"

namespace groove::clusterer {

double dtw_cost(const Series& a, const Series& b, Band band = std::nullopt,
                const Kernels& kernels = groove::clusterer::kernels());
double soft_dtw(const Series& a, const Series& b, double gamma,
                const Kernels& kernels = groove::clusterer::kernels());

}  // namespace groove::clusterer
