// Vectors of floats, one way to write them for each instruction set: AVX-512, AVX2 with FMA, and
// what every compiler's vector extension makes of sixteen bytes (SSE2, NEON).
//
// Only kernels.cc includes this, which is compiled once for each set, in a namespace of its own.
// Everything here and there is always inlined and nothing comes from a standard header with
// templates: a template that was compiled for AVX-512 must never be the one the linker keeps.
//
// mul_add is fused where the machine has it and two roundings where it has not, so AVX2 and AVX-512
// give the same bits and the baseline differs in the last digits.
#pragma once

#include <cstddef>
#include <cstdint>

#if GROOVE_ISA > 0
#include <immintrin.h>
#endif

#define GROOVE_INLINE [[gnu::always_inline]] static inline
#define GROOVE_INLINE_MEMBER [[gnu::always_inline]] inline

namespace groove::clusterer::GROOVE_ISA_NAME {

// While one lives, results below 2^-126 are 0 (x86: FTZ and DAZ). Powers of costs that far apart
// come up all the time in soft-DTW and each would take a hundred cycles; they add nothing to sums
// near 1.
class FlushTiny {
 public:
#if defined(__SSE__)
  GROOVE_INLINE_MEMBER FlushTiny() : before_(__builtin_ia32_stmxcsr()) {
    __builtin_ia32_ldmxcsr(before_ | 0x8040U);
  }
  GROOVE_INLINE_MEMBER ~FlushTiny() { __builtin_ia32_ldmxcsr(before_); }

 private:
  unsigned before_;
#endif
};

#if GROOVE_ISA == 2

inline constexpr int kWidth = 16;
inline constexpr int kRows = 6, kColumns = 3;  // of a tile: 18 sums and 4 operands in 32 registers
using V = __m512;
GROOVE_INLINE V load(const float* p) { return _mm512_loadu_ps(p); }
GROOVE_INLINE void store(float* p, V v) { _mm512_storeu_ps(p, v); }
GROOVE_INLINE V all(float f) { return _mm512_set1_ps(f); }
GROOVE_INLINE V add(V a, V b) { return _mm512_add_ps(a, b); }
GROOVE_INLINE V sub(V a, V b) { return _mm512_sub_ps(a, b); }
GROOVE_INLINE V mul(V a, V b) { return _mm512_mul_ps(a, b); }
GROOVE_INLINE V div(V a, V b) { return _mm512_div_ps(a, b); }
GROOVE_INLINE V mul_add(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
GROOVE_INLINE V least(V a, V b) { return _mm512_min_ps(a, b); }
GROOVE_INLINE V most(V a, V b) { return _mm512_max_ps(a, b); }
GROOVE_INLINE unsigned at_most(V a, V b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
// yes[l] where a[l] < b[l], else no[l].
GROOVE_INLINE V if_below(V a, V b, V yes, V no) {
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), no, yes);
}
GROOVE_INLINE V nearest_whole(V v) { return _mm512_roundscale_ps(v, 0); }
// 2^k. Requires: k whole, -127 <= k <= 127; -127 gives 0.
GROOVE_INLINE V power_of_two(V k) {
  const __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(k), _mm512_set1_epi32(127));
  return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
}

// Whole numbers, 32 bits a lane.
using W = __m512i;
GROOVE_INLINE W all_whole(std::int32_t v) { return _mm512_set1_epi32(v); }
GROOVE_INLINE void store_whole(std::int32_t* p, W v) { _mm512_storeu_si512(p, v); }
// p[0], p[8], p[16], ...
GROOVE_INLINE W every_eighth(const std::int32_t* p) {
  const W at = _mm512_set_epi32(120, 112, 104, 96, 88, 80, 72, 64, 56, 48, 40, 32, 24, 16, 8, 0);
  return _mm512_i32gather_epi32(at, p, 4);
}
// The sum of both products of 16 bits.
GROOVE_INLINE W products(W a, W b) { return _mm512_madd_epi16(a, b); }
GROOVE_INLINE W add_whole(W a, W b) { return _mm512_add_epi32(a, b); }
GROOVE_INLINE W sub_whole(W a, W b) { return _mm512_sub_epi32(a, b); }
GROOVE_INLINE W least_whole(W a, W b) { return _mm512_min_epi32(a, b); }
GROOVE_INLINE W if_below_whole(W a, W b, W yes, W no) {
  return _mm512_mask_blend_epi32(_mm512_cmplt_epi32_mask(a, b), no, yes);
}

// kWidth doubles, in two registers.
struct D {
  __m512d low, high;
};
GROOVE_INLINE D load(const double* p) { return {_mm512_loadu_pd(p), _mm512_loadu_pd(p + 8)}; }
GROOVE_INLINE D widened(const float* p) {
  return {_mm512_cvtps_pd(_mm256_loadu_ps(p)), _mm512_cvtps_pd(_mm256_loadu_ps(p + 8))};
}
GROOVE_INLINE void store(double* p, D v) {
  _mm512_storeu_pd(p, v.low);
  _mm512_storeu_pd(p + 8, v.high);
}
GROOVE_INLINE D all_exact(double f) { return {_mm512_set1_pd(f), _mm512_set1_pd(f)}; }
GROOVE_INLINE D add(D a, D b) {
  return {_mm512_add_pd(a.low, b.low), _mm512_add_pd(a.high, b.high)};
}
GROOVE_INLINE D sub(D a, D b) {
  return {_mm512_sub_pd(a.low, b.low), _mm512_sub_pd(a.high, b.high)};
}
GROOVE_INLINE D mul_add(D a, D b, D c) {
  return {_mm512_fmadd_pd(a.low, b.low, c.low), _mm512_fmadd_pd(a.high, b.high, c.high)};
}
GROOVE_INLINE D least(D a, D b) {
  return {_mm512_min_pd(a.low, b.low), _mm512_min_pd(a.high, b.high)};
}
GROOVE_INLINE unsigned at_most(D a, D b) {
  return _mm512_cmp_pd_mask(a.low, b.low, _CMP_LE_OQ) |
         static_cast<unsigned>(_mm512_cmp_pd_mask(a.high, b.high, _CMP_LE_OQ)) << 8;
}

#elif GROOVE_ISA == 1

inline constexpr int kWidth = 8;
inline constexpr int kRows = 6, kColumns = 2;  // 12 sums and 3 operands in 16 registers
using V = __m256;
GROOVE_INLINE V load(const float* p) { return _mm256_loadu_ps(p); }
GROOVE_INLINE void store(float* p, V v) { _mm256_storeu_ps(p, v); }
GROOVE_INLINE V all(float f) { return _mm256_set1_ps(f); }
GROOVE_INLINE V add(V a, V b) { return _mm256_add_ps(a, b); }
GROOVE_INLINE V sub(V a, V b) { return _mm256_sub_ps(a, b); }
GROOVE_INLINE V mul(V a, V b) { return _mm256_mul_ps(a, b); }
GROOVE_INLINE V div(V a, V b) { return _mm256_div_ps(a, b); }
GROOVE_INLINE V mul_add(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
GROOVE_INLINE V least(V a, V b) { return _mm256_min_ps(a, b); }
GROOVE_INLINE V most(V a, V b) { return _mm256_max_ps(a, b); }
GROOVE_INLINE unsigned at_most(V a, V b) {
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_LE_OQ)));
}
GROOVE_INLINE V if_below(V a, V b, V yes, V no) {
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}
GROOVE_INLINE V nearest_whole(V v) { return _mm256_round_ps(v, 8); }
GROOVE_INLINE V power_of_two(V k) {
  const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(k), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
}

using W = __m256i;
GROOVE_INLINE W all_whole(std::int32_t v) { return _mm256_set1_epi32(v); }
GROOVE_INLINE void store_whole(std::int32_t* p, W v) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
}
GROOVE_INLINE W every_eighth(const std::int32_t* p) {
  return _mm256_i32gather_epi32(p, _mm256_set_epi32(56, 48, 40, 32, 24, 16, 8, 0), 4);
}
GROOVE_INLINE W products(W a, W b) { return _mm256_madd_epi16(a, b); }
GROOVE_INLINE W add_whole(W a, W b) { return _mm256_add_epi32(a, b); }
GROOVE_INLINE W sub_whole(W a, W b) { return _mm256_sub_epi32(a, b); }
GROOVE_INLINE W least_whole(W a, W b) { return _mm256_min_epi32(a, b); }
GROOVE_INLINE W if_below_whole(W a, W b, W yes, W no) {
  return _mm256_blendv_epi8(no, yes, _mm256_cmpgt_epi32(b, a));
}

struct D {
  __m256d low, high;
};
GROOVE_INLINE D load(const double* p) { return {_mm256_loadu_pd(p), _mm256_loadu_pd(p + 4)}; }
GROOVE_INLINE D widened(const float* p) {
  return {_mm256_cvtps_pd(_mm_loadu_ps(p)), _mm256_cvtps_pd(_mm_loadu_ps(p + 4))};
}
GROOVE_INLINE void store(double* p, D v) {
  _mm256_storeu_pd(p, v.low);
  _mm256_storeu_pd(p + 4, v.high);
}
GROOVE_INLINE D all_exact(double f) { return {_mm256_set1_pd(f), _mm256_set1_pd(f)}; }
GROOVE_INLINE D add(D a, D b) {
  return {_mm256_add_pd(a.low, b.low), _mm256_add_pd(a.high, b.high)};
}
GROOVE_INLINE D sub(D a, D b) {
  return {_mm256_sub_pd(a.low, b.low), _mm256_sub_pd(a.high, b.high)};
}
GROOVE_INLINE D mul_add(D a, D b, D c) {
  return {_mm256_fmadd_pd(a.low, b.low, c.low), _mm256_fmadd_pd(a.high, b.high, c.high)};
}
GROOVE_INLINE D least(D a, D b) {
  return {_mm256_min_pd(a.low, b.low), _mm256_min_pd(a.high, b.high)};
}
GROOVE_INLINE unsigned at_most(D a, D b) {
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(a.low, b.low, _CMP_LE_OQ))) |
         static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(a.high, b.high, _CMP_LE_OQ))) << 4;
}

#else

inline constexpr int kWidth = 4;
inline constexpr int kRows = 4, kColumns = 2;  // 8 sums, 2 operands and a product in 16 registers
using V = float __attribute__((vector_size(16)));
using Whole = std::int32_t __attribute__((vector_size(16)));
GROOVE_INLINE V load(const float* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
GROOVE_INLINE void store(float* p, V v) { __builtin_memcpy(p, &v, sizeof v); }
GROOVE_INLINE V all(float f) { return V{f, f, f, f}; }
GROOVE_INLINE V add(V a, V b) { return a + b; }
GROOVE_INLINE V sub(V a, V b) { return a - b; }
GROOVE_INLINE V mul(V a, V b) { return a * b; }
GROOVE_INLINE V div(V a, V b) { return a / b; }
GROOVE_INLINE V mul_add(V a, V b, V c) { return a * b + c; }
GROOVE_INLINE V pick(Whole mask, V yes, V no) {
  return reinterpret_cast<V>((mask & reinterpret_cast<Whole>(yes)) |
                             (~mask & reinterpret_cast<Whole>(no)));
}
#if defined(__SSE__)
GROOVE_INLINE V least(V a, V b) { return __builtin_ia32_minps(a, b); }
GROOVE_INLINE V most(V a, V b) { return __builtin_ia32_maxps(a, b); }
GROOVE_INLINE unsigned at_most(V a, V b) {
  return static_cast<unsigned>(__builtin_ia32_movmskps(reinterpret_cast<V>(Whole(a <= b))));
}
#else
GROOVE_INLINE V least(V a, V b) { return pick(a < b, a, b); }
GROOVE_INLINE V most(V a, V b) { return pick(a > b, a, b); }
GROOVE_INLINE unsigned at_most(V a, V b) {
  const Whole bits = Whole(a <= b) & Whole{1, 2, 4, 8};
  return static_cast<unsigned>(bits[0] | bits[1] | bits[2] | bits[3]);
}
#endif
struct D {
  double v[4];
};
GROOVE_INLINE D load(const double* p) { return {{p[0], p[1], p[2], p[3]}}; }
GROOVE_INLINE D widened(const float* p) { return {{p[0], p[1], p[2], p[3]}}; }
GROOVE_INLINE void store(double* p, D v) { __builtin_memcpy(p, &v, sizeof v); }
GROOVE_INLINE D all_exact(double f) { return {{f, f, f, f}}; }
GROOVE_INLINE D add(D a, D b) {
  for (int l = 0; l < 4; ++l) a.v[l] += b.v[l];
  return a;
}
GROOVE_INLINE D sub(D a, D b) {
  for (int l = 0; l < 4; ++l) a.v[l] -= b.v[l];
  return a;
}
GROOVE_INLINE D mul_add(D a, D b, D c) {
  for (int l = 0; l < 4; ++l) c.v[l] += a.v[l] * b.v[l];
  return c;
}
GROOVE_INLINE D least(D a, D b) {
  for (int l = 0; l < 4; ++l) a.v[l] = a.v[l] < b.v[l] ? a.v[l] : b.v[l];
  return a;
}
GROOVE_INLINE unsigned at_most(D a, D b) {
  unsigned bits = 0;
  for (int l = 0; l < 4; ++l) bits |= static_cast<unsigned>(a.v[l] <= b.v[l]) << l;
  return bits;
}
GROOVE_INLINE V if_below(V a, V b, V yes, V no) { return pick(a < b, yes, no); }
// Adding 1.5 * 2^23 leaves no room for a fraction. Requires: |v| < 2^22.
GROOVE_INLINE V nearest_whole(V v) { return (v + all(12582912.0F)) - all(12582912.0F); }
GROOVE_INLINE V power_of_two(V k) {
  return reinterpret_cast<V>((__builtin_convertvector(k, Whole) + 127) << 23);
}

#endif

}  // namespace groove::clusterer::GROOVE_ISA_NAME
