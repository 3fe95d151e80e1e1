/* Structural balance: sim/measures/balance.py. ODD E55 to E57 and E59. */

#include "kernel.h"

#define CLEAR 0.05
#define EXACT 16

static int common(const uint64_t *a, const uint64_t *b, int words) {
    int count = 0;
    for (int k = 0; k < words; k++) count += __builtin_popcountll(a[k] & b[k]);
    return count;
}

/* E56, from signs as bits: each triad is met six times. */
static double balanced_triads(const Plan *w, const Scratch *s) {
    int n = w->n, words = (n + 63) / 64;
    double balanced = 0, relevant = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const uint64_t *fi = s->friends + (int64_t)i * words, *fj = s->friends + (int64_t)j * words;
            const uint64_t *ei = s->enemies + (int64_t)i * words, *ej = s->enemies + (int64_t)j * words;
            int is_friend = fi[j / 64] >> (j % 64) & 1, is_enemy = ei[j / 64] >> (j % 64) & 1;
            if (!is_friend && !is_enemy) continue;
            int two_enemies = common(ei, ej, words), two_friends = is_enemy ? common(fi, fj, words) : 0;
            balanced += is_friend ? 3.0 * two_enemies : 0;
            relevant += is_friend ? 3.0 * two_enemies : 3.0 * two_friends + two_enemies;
        }
    return relevant > 0 ? balanced / relevant : 1;
}

/* The largest eigenvalue of a symmetric matrix, which is used up: Householder's tridiagonal form, then bisection. */
static double largest_eigenvalue(double *a, int n, double *d, double *e, double *v, double *u) {
    for (int k = 0; k + 2 < n; k++) {
        double norm = 0;
        for (int i = k + 1; i < n; i++) norm += a[(int64_t)i * n + k] * a[(int64_t)i * n + k];
        norm = sqrt(norm);
        d[k] = a[(int64_t)k * n + k];
        e[k] = 0;
        if (norm == 0) continue;
        double alpha = a[(int64_t)(k + 1) * n + k] > 0 ? -norm : norm, length = 0, along = 0;
        for (int i = k + 1; i < n; i++) v[i] = a[(int64_t)i * n + k];
        v[k + 1] -= alpha;
        for (int i = k + 1; i < n; i++) length += v[i] * v[i];
        e[k] = alpha;
        double beta = 2 / length;
        for (int i = k + 1; i < n; i++) {
            u[i] = beta * dot(a + (int64_t)i * n + k + 1, v + k + 1, n - k - 1);
            along += u[i] * v[i];
        }
        for (int i = k + 1; i < n; i++) u[i] -= 0.5 * beta * along * v[i];
        for (int i = k + 1; i < n; i++) {
            double *row = a + (int64_t)i * n, vi = v[i], ui = u[i];
            for (int j = k + 1; j < n; j++) row[j] -= vi * u[j] + ui * v[j];
        }
    }
    if (n > 1) {
        d[n - 2] = a[(int64_t)(n - 2) * n + n - 2];
        e[n - 2] = a[(int64_t)(n - 1) * n + n - 2];
    }
    d[n - 1] = a[(int64_t)(n - 1) * n + n - 1];
    double low = INFINITY, high = -INFINITY;
    for (int k = 0; k < n; k++) {
        double reach = (k > 0 ? fabs(e[k - 1]) : 0) + (k + 1 < n ? fabs(e[k]) : 0);
        low = smaller(low, d[k] - reach);
        high = larger(high, d[k] + reach);
    }
    for (int step = 0; step < 64; step++) { /* Sturm: how many eigenvalues are below the middle */
        double middle = 0.5 * (low + high), q = d[0] - middle;
        int below = q < 0;
        for (int k = 1; k < n; k++) {
            q = d[k] - middle - e[k - 1] * e[k - 1] / (q == 0 ? 0x1p-500 : q);
            below += q < 0;
        }
        if (below == n) high = middle;
        else low = middle;
    }
    return 0.5 * (low + high);
}

/* LU with partial pivoting; a is replaced by its factors. */
static void factorise(double *a, int n, int32_t *pivot) {
    for (int k = 0; k < n; k++) {
        int best = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(a[(int64_t)i * n + k]) > fabs(a[(int64_t)best * n + k])) best = i;
        pivot[k] = best;
        if (best != k)
            for (int j = 0; j < n; j++) {
                double t = a[(int64_t)k * n + j];
                a[(int64_t)k * n + j] = a[(int64_t)best * n + j];
                a[(int64_t)best * n + j] = t;
            }
        if (a[(int64_t)k * n + k] == 0) a[(int64_t)k * n + k] = 0x1p-900;
        for (int i = k + 1; i < n; i++) {
            double factor = a[(int64_t)i * n + k] / a[(int64_t)k * n + k];
            a[(int64_t)i * n + k] = factor;
            for (int j = k + 1; j < n; j++) a[(int64_t)i * n + j] -= factor * a[(int64_t)k * n + j];
        }
    }
}

static void solve(const double *a, int n, const int32_t *pivot, double *x) {
    for (int k = 0; k < n; k++) {
        double t = x[k];
        x[k] = x[pivot[k]];
        x[pivot[k]] = t;
    }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) x[i] -= a[(int64_t)i * n + j] * x[j];
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++) x[i] -= a[(int64_t)i * n + j] * x[j];
        x[i] /= a[(int64_t)i * n + i];
    }
}

/* cos(k) of a whole number k >= 0, by the addition theorem from cos 1 and sin 1: the direction to begin with. */
static void cosines(double *x, int n) {
    double c = 1, s = 0;
    for (int k = 0; k < n; k++) {
        x[k] = c;
        double next = c * 0.5403023058681398 - s * 0.8414709848078965;
        s = s * 0.5403023058681398 + c * 0.8414709848078965;
        c = next;
    }
}

/* Sides by the sign of the leading eigenvector of symmetric weights, by inverse iteration. */
static void leading_sides(const double *weights, int n, Scratch *s, int8_t *sides) {
    double *a = s->matrix, *x = s->row;
    memcpy(a, weights, (size_t)n * n * sizeof(double));
    double largest = largest_eigenvalue(a, n, s->row, s->other_row, s->u, s->weight);
    memcpy(a, weights, (size_t)n * n * sizeof(double));
    for (int i = 0; i < n; i++) a[(int64_t)i * n + i] -= largest + 1e-11 * (1 + fabs(largest));
    factorise(a, n, s->places);
    cosines(x, n);
    for (int step = 0; step < 2; step++) {
        double most = 0;
        solve(a, n, s->places, x);
        for (int i = 0; i < n; i++) most = larger(most, fabs(x[i]));
        for (int i = 0; i < n; i++) x[i] /= most;
    }
    for (int i = 0; i < n; i++) sides[i] = x[i] < 0 ? -1 : 1;
}

/* E57: twice the largest sum over dyads of s_i s_j sign_ij. */
static int content_of(const int8_t *sign, int n, const int8_t *sides, int *own) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        int around = 0;
        for (int j = 0; j < n; j++) around += sign[(int64_t)i * n + j] * sides[j];
        own[i] = sides[i] * around;
        sum += own[i];
    }
    return sum;
}

static int best_exact(const int8_t *sign, int n, int8_t *sides, int *own) { /* every division, one state moved at a time */
    for (int i = 0; i < n; i++) sides[i] = 1;
    int content = content_of(sign, n, sides, own), best = content;
    for (uint32_t step = 1; step < 1u << (n - 1); step++) {
        int i = __builtin_ctz(step);
        content -= 4 * own[i];
        best = content > best ? content : best;
        sides[i] = (int8_t)-sides[i];
        for (int j = 0; j < n; j++) own[j] += 2 * sides[j] * sign[(int64_t)j * n + i] * sides[i];
        own[i] = 0;
        for (int j = 0; j < n; j++) own[i] += sides[i] * sign[(int64_t)i * n + j] * sides[j];
    }
    return best;
}

static int best_greedy(const int8_t *sign, int n, int8_t *sides, int *own) {
    int content = content_of(sign, n, sides, own);
    for (int step = 0; step < 4 * n; step++) {
        int worst = 0;
        for (int i = 1; i < n; i++)
            if (own[i] < own[worst]) worst = i;
        if (own[worst] >= 0) break;
        sides[worst] = (int8_t)-sides[worst];
        content = content_of(sign, n, sides, own);
    }
    return content;
}

static double modularity(const double *weights, const int8_t *bloc, int n, double *strength) { /* E55 */
    double result = 0, whole = 0;
    for (int part = 0; part < 2; part++) {
        double sign = part ? -1 : 1, mass = 0, sum = 0;
        for (int i = 0; i < n; i++) {
            strength[i] = 0;
            for (int j = 0; j < n; j++) strength[i] += larger(sign * weights[(int64_t)i * n + j], 0);
            mass += strength[i];
        }
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                double expected = strength[i] * strength[j] / (mass > 0 ? mass : 1);
                if (bloc[i] == bloc[j]) sum += larger(sign * weights[(int64_t)i * n + j], 0) - expected;
            }
        result += sign * sum;
        whole += mass;
    }
    return result / (whole > 0 ? whole : 1);
}

void balance_measures(const Plan *w, const State *r, Scratch *s, double *out) {
    int n = w->n, words = (n + 63) / 64, signed_dyads = 0, *own = (int *)s->who;
    double *symmetric = s->matrix_too;
    int8_t *sign = s->toward_me, *sides = s->sides, *found = s->sides + n;
    memset(s->friends, 0, (size_t)n * words * 8);
    memset(s->enemies, 0, (size_t)n * words * 8);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double t = 0.5 * (r->trust[(int64_t)i * n + j] + r->trust[(int64_t)j * n + i]);
            int clear = !(fabs(t) < CLEAR), mark = clear ? (t > 0) - (t < 0) : 0;
            symmetric[(int64_t)i * n + j] = t;
            sign[(int64_t)i * n + j] = (int8_t)mark;
            signed_dyads += mark != 0;
            s->friends[(int64_t)i * words + j / 64] |= (uint64_t)(mark > 0) << (j % 64);
            s->enemies[(int64_t)i * words + j / 64] |= (uint64_t)(mark < 0) << (j % 64);
        }
    out[0] = balanced_triads(w, s);
    leading_sides(symmetric, n, s, found);
    memcpy(sides, found, n);
    int best = n <= EXACT ? best_exact(sign, n, sides, own) : best_greedy(sign, n, sides, own);
    double dyads = 0.5 * signed_dyads, content = 0.5 * best;
    out[1] = (dyads - content) / 2 / (dyads > 0 ? dyads : 1);
    out[2] = modularity(symmetric, r->bloc, n, s->row);
    int same = 0, count = 0; /* E59 */
    for (int i = 0; i < n; i++) {
        count += r->bloc[i] != NON_ALIGNED;
        same += r->bloc[i] != NON_ALIGNED && (r->bloc[i] == EAST) == (found[i] > 0);
    }
    same = same > count - same ? same : count - same;
    out[3] = count > 0 ? (double)same / count : 1;
}
