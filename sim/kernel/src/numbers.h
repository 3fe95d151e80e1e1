/* Functions of numbers, from additions, multiplications, divisions and roots alone, so that every machine gives the same
   bits: no libm but sqrt, fabs and floor. Reductions run in four lanes, one order on wide and narrow machines. */

#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Before a loop whose turns do not meet: none writes what another reads. */
#ifdef __clang__
#define APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define APART _Pragma("GCC ivdep")
#endif

static inline double smaller(double a, double b) { return a < b ? a : b; }
static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double within(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

static inline uint64_t bits_of(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }
static inline double number_of(uint64_t b) { double x; memcpy(&x, &b, 8); return x; }

#ifdef ENTENTE_LIMIT /* compiled for speed alone, by `python -m benchmarks`: the C library's functions, whatever their last digit */
#define exp_of exp
#define log_of log
#define log1p_of log1p
#define expm1_of expm1
#else
/* e^x: 2^k times Taylor's series of the rest, |r| <= ln 2 / 2, right to about the last digit. 0 below -708. */
static inline double exp_of(double x) {
    double c = within(x, -708.0, 709.0);
    double whole = c * 1.4426950408889634 + 6755399441055744.0; /* 1.5 * 2^52: its last bits are k */
    double k = whole - 6755399441055744.0;
    double r = (c - k * 0.693145751953125) - k * 1.42860682030941723212e-6;
    double y = 1.6059043836821613e-10;
    y = y * r + 2.08767569878681e-09;
    y = y * r + 2.505210838544172e-08;
    y = y * r + 2.755731922398589e-07;
    y = y * r + 2.7557319223985893e-06;
    y = y * r + 2.48015873015873e-05;
    y = y * r + 0.0001984126984126984;
    y = y * r + 0.001388888888888889;
    y = y * r + 0.008333333333333333;
    y = y * r + 0.041666666666666664;
    y = y * r + 0.16666666666666666;
    y = y * r + 0.5;
    y = y * r + 1.0;
    y = y * r + 1.0;
    y = y * number_of((bits_of(whole) + 1023) << 52);
    y = x < -708.0 ? 0.0 : y;
    return x > 709.0 ? INFINITY : y;
}

/* ln x for x >= 0, after FreeBSD's e_log.c: x = 2^k (1 + f), ln(1 + f) by a polynomial of f / (2 + f). -inf at 0. */
static inline double log_of(double x) {
    uint64_t b = bits_of(x) + (0x3FF0000000000000ull - 0x3FE6A09E00000000ull);
    double k = number_of((b >> 52) | 0x4330000000000000ull) - (4503599627370496.0 + 1023.0);
    double m = number_of((b & 0x000FFFFFFFFFFFFFull) + 0x3FE6A09E00000000ull);
    double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z, half = 0.5 * f * f;
    double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double odd = z * (6.666666666666735130e-01 +
                      w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    double r = odd + even;
    double y = k * 6.93147180369123816490e-01 - ((half - (s * (half + r) + k * 1.90821492927058770002e-10)) - f);
    return x > 0.0 ? y : -INFINITY;
}

/* e^x - 1, right near 0, too. */
static inline double expm1_of(double x) {
    double y = 1.6059043836821613e-10;
    y = y * x + 2.08767569878681e-09;
    y = y * x + 2.505210838544172e-08;
    y = y * x + 2.755731922398589e-07;
    y = y * x + 2.7557319223985893e-06;
    y = y * x + 2.48015873015873e-05;
    y = y * x + 0.0001984126984126984;
    y = y * x + 0.001388888888888889;
    y = y * x + 0.008333333333333333;
    y = y * x + 0.041666666666666664;
    y = y * x + 0.16666666666666666;
    y = y * x + 0.5;
    y = y * x + 1.0;
    return fabs(x) < 0.34 ? y * x : exp_of(x) - 1.0;
}

/* ln(1 + x) for x > -1; what 1 + x was rounded by is given back. */
static inline double log1p_of(double x) {
    double whole = 1.0 + x;
    return log_of(whole) - ((whole - 1.0) - x) / whole;
}
#endif
static inline double power_of(double x, double y) { return exp_of(y * log_of(x)); }
static inline double logistic_of(double x) { return 1.0 / (1.0 + exp_of(-x)); }


/* To the nearest whole number, halves to the even one. */
static inline double rounded(double x) {
    double y = x;
#ifdef ENTENTE_LIMIT
    y = rint(x);
#else
    y = (x + 6755399441055744.0) - 6755399441055744.0;
#endif
    return y;
}

static inline int bits_set16(unsigned x) {
    x = x - ((x >> 1) & 0x5555u);
    x = (x & 0x3333u) + ((x >> 2) & 0x3333u);
    return (int)((((x + (x >> 4)) & 0x0F0Fu) * 0x0101u >> 8) & 0x1Fu);
}

/* ---- four lanes */

typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));

static inline double across(const lanes *v) { return ((*v)[0] + (*v)[1]) + ((*v)[2] + (*v)[3]); }

/* sum of a[k] b[k]: lane k mod 4, then (0 + 1) + (2 + 3) */
static inline double dot(const double *a, const double *b, int n) {
    lanes s = {0, 0, 0, 0};
    int k = 0;
    for (; k + 4 <= n; k += 4) s += *(const lanes *)(a + k) * *(const lanes *)(b + k);
    for (; k < n; k++) s[k & 3] += a[k] * b[k];
    return across(&s);
}

static inline double total(const double *a, int n) {
    lanes s = {0, 0, 0, 0};
    int k = 0;
    for (; k + 4 <= n; k += 4) s += *(const lanes *)(a + k);
    for (; k < n; k++) s[k & 3] += a[k];
    return across(&s);
}

typedef int64_t marks __attribute__((vector_size(32), aligned(8), may_alias));

/* how many of a[k] are above a limit */
static inline int above(const double *a, double limit, int n) {
    marks s = {0, 0, 0, 0};
    const lanes wide = {limit, limit, limit, limit};
    int k = 0, rest = 0;
    for (; k + 4 <= n; k += 4) s -= *(const lanes *)(a + k) > wide; /* true is -1 */
    for (; k < n; k++) rest += a[k] > limit;
    return (int)(s[0] + s[1] + s[2] + s[3]) + rest;
}
