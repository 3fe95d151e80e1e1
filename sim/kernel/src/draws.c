/* Keyed random draws: sim/draws.py and sim/quantile.py. ODD E61, E62. */

#include "kernel.h"

#define GOLDEN 0x9E3779B97F4A7C15ull

static inline uint64_t mixed(uint64_t z) { /* SplitMix64's finaliser */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static inline double open_interval(uint64_t bits) { /* the middle of one of 2^52 cells */
    return number_of((bits >> 12) | 0x3FF0000000000000ull) - (1 - 0x1p-53);
}

uint64_t mix(uint64_t z) { return mixed(z); }

double uniform(uint64_t now, uint64_t cell) { return open_interval(mixed(now + cell)); }

void uniforms(double *restrict u, uint64_t now, const uint64_t *restrict cells, int64_t count) {
    for (int64_t k = 0; k < count; k++) u[k] = open_interval(mixed(now + cells[k]));
}

/* The normal quantile. Each octave of p below 1/2 is cut into 256 pieces; in each a cubic meets Wichura's (1988, AS 241)
   quantile at four points. */
#define OCTAVES 52
#define PIECES 256
static double cubic[OCTAVES * PIECES][4];

static double quantile_exact(double p) { /* AS 241, PPND16, for p < 1/2 */
    double q = p - 0.5, r, num, den;
    if (q >= -0.425) {
        r = 0.180625 - q * q;
        num = (((((((2.5090809287301226727e+3 * r + 3.3430575583588128105e+4) * r + 6.7265770927008700853e+4) * r +
                   4.5921953931549871457e+4) * r + 1.3731693765509461125e+4) * r + 1.9715909503065514427e+3) * r +
                1.3314166789178437745e+2) * r + 3.3871328727963666080e+0) * q;
        den = (((((((5.2264952788528545610e+3 * r + 2.8729085735721942674e+4) * r + 3.9307895800092710610e+4) * r +
                   2.1213794301586595867e+4) * r + 5.3941960214247511077e+3) * r + 6.8718700749205790830e+2) * r +
                4.2313330701600911252e+1) * r + 1.0);
        return num / den;
    }
    r = sqrt(-log_of(p));
    if (r <= 5.0) {
        r = r - 1.6;
        num = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r +
                   1.27045825245236838258e+0) * r + 3.64784832476320460504e+0) * r + 5.76949722146069140550e+0) * r +
                4.63033784615654529590e+0) * r + 1.42343711074968357734e+0);
        den = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r +
                   1.48103976427480074590e-1) * r + 6.89767334985100004550e-1) * r + 1.67638483018380384940e+0) * r +
                2.05319162663775882187e+0) * r + 1.0);
    } else {
        r = r - 5.0;
        num = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r +
                   2.65321895265761230930e-2) * r + 2.96560571828504891230e-1) * r + 1.78482653991729133580e+0) * r +
                5.46378491116411436990e+0) * r + 6.65790464350110377720e+0);
        den = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r +
                   7.86869131145613259100e-4) * r + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r +
                5.99832206555887937690e-1) * r + 1.0);
    }
    return -(num / den);
}

/* Fill the tables; called once before anything is drawn. */
void prepare_draws(void) {
    const double h = 1.0 / PIECES, x1 = 0.25 * h, x2 = 0.75 * h;
    double least = 0x1p-53;
    for (int octave = 0; octave < OCTAVES; octave++, least *= 2)
        for (int piece = 0; piece < PIECES; piece++) {
            double m = 1.0 + piece * h, *c = cubic[octave * PIECES + piece];
            double z0 = quantile_exact(least * m), z1 = quantile_exact(least * (m + x1));
            double z2 = quantile_exact(least * (m + x2)), z3 = octave == OCTAVES - 1 && piece == PIECES - 1
                                                                   ? 0.0 : quantile_exact(least * (m + h));
            double d01 = (z1 - z0) / x1, d12 = (z2 - z1) / (x2 - x1), d23 = (z3 - z2) / (h - x2); /* divided differences */
            double d012 = (d12 - d01) / x2, d123 = (d23 - d12) / (h - x1), d0123 = (d123 - d012) / h;
            c[0] = z0;
            c[1] = d01 - d012 * x1 + d0123 * x1 * x2;
            c[2] = d012 - d0123 * (x1 + x2);
            c[3] = d0123;
        }
}

#define NORMALS 256 /* drawn at a time */

void normals(double *restrict z, uint64_t now, const uint64_t *restrict cells, int64_t count) {
    double u[NORMALS], m[NORMALS];
    int32_t piece[NORMALS];
    for (int64_t from = 0; from < count; from += NORMALS) {
        int size = count - from < NORMALS ? (int)(count - from) : NORMALS;
        uniforms(u, now, cells + from, size);
        for (int k = 0; k < size; k++) { /* the piece in which the smaller of u and 1 - u lies, and how far from its beginning */
            uint64_t bits = bits_of(smaller(1.0 - u[k], u[k]));
            piece[k] = (int32_t)((bits >> 44) - ((uint64_t)(1023 - 53) << 8));
            m[k] = number_of((bits & 0x00000FFFFFFFFFFFull) | 0x3FF0000000000000ull) - 1.0;
        }
        for (int k = 0; k < size; k++) {
            const double *c = cubic[piece[k]];
            m[k] = c[0] + m[k] * (c[1] + m[k] * (c[2] + m[k] * c[3])); /* of p < 1/2: at most 0 */
        }
        for (int k = 0; k < size; k++) z[from + k] = u[k] < 0.5 ? m[k] : -m[k];
    }
}

void turn_month(const uint64_t *keys, uint64_t *now, int count, int month) {
    for (int k = 0; k < count; k++) now[k] = mixed(keys[k] + (uint64_t)(int64_t)(month + 1) * GOLDEN);
}

void replicate_keys(const uint64_t *streams, uint64_t *keys, int64_t count, uint64_t replicate) {
    for (int64_t k = 0; k < count; k++) keys[k] = mixed(streams[k] + replicate * GOLDEN);
}

/* Codes of ordered dyads, of unordered ones (of i < j, row by row), and of actors in territories. */
void codes(const Plan *w, Scratch *s) {
    const uint64_t *code = w->section.state_codes.at, *actors = w->section.actor_codes.at;
    int n = w->n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) s->dyad_codes[i * n + j] = mixed(mixed(code[i] * GOLDEN) + code[j]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            uint64_t low = code[i] < code[j] ? code[i] : code[j], high = code[i] < code[j] ? code[j] : code[i];
            s->pair_codes[i * n + j] = mixed(mixed(low * GOLDEN) + high);
        }
    for (int k = 0; k < w->a; k++)
        for (int j = 0; j < n; j++) s->own_codes[k * n + j] = mixed(mixed(actors[k] * GOLDEN) + code[j]);
}

/* Who moves, and in what order: E62. */
int turns(const Plan *w, const Scratch *s, int opportunity, int order, double rate, int32_t *who) {
    const uint64_t *code = w->section.state_codes.at;
    double *when = s->other_row;
    int count = 0;
    uniforms(s->row, s->now[opportunity], code, w->n);
    for (int i = 0; i < w->n; i++) {
        if (!(s->row[i] < rate)) continue;
        double mine = uniform(s->now[order], code[i]);
        int k = count++;
        for (; k > 0 && when[k - 1] > mine; k--) {
            when[k] = when[k - 1];
            who[k] = who[k - 1];
        }
        when[k] = mine;
        who[k] = i;
    }
    return count;
}
