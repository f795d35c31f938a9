// exp and log that give the same bits on every machine: only IEEE-754 operations whose results the
// standard fixes (+ - * /), in a fixed order, compiled without contraction. The C library's differ
// by an ulp between versions and processors, which is enough to swap two songs.
//
// Relative error below 4e-16 (exp) and 6e-16 (log) of the true value; a test compares with long
// double.
#pragma once

namespace groove {

// e^x. 0 below -745, infinity above 709.7; NaN gives NaN.
double exact_exp(double x);

// The natural logarithm. Requires: x > 0, finite.
double exact_log(double x);

}  // namespace groove
