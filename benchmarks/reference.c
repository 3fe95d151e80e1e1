/* The whole model in C: what the machine allows.

   The same mathematics, draws and monthly measures as sim/, for a story without events; one replicate at a time, several
   threads over replicates. Every function names the mechanism whose equations it holds. Compiled by
   benchmarks/compiled.py, which fills the structures; REAL is double or float. Left out are the measures that the engine
   takes once a year. Arrays are row by row: x[i * n + j]. */

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef REAL real;
typedef real vec __attribute__((vector_size(32), aligned(32)));
#define LANES ((int)(32 / sizeof(real)))
#define GOLDEN 0x9E3779B97F4A7C15ull
#define ACCOUNTS 9
#define NORMALS 512 /* how many normal draws are made at a time */

enum { INSURGENCY, DECISION, CRISIS, TRUST, TIES_OPPORTUNITY, TIES_ORDER, TIES_CHOICE, TIES_CONSENT, AFFINITY,
       BLOCS_OPPORTUNITY, BLOCS_ORDER, BLOCS_CHOICE, PAST_DECISION, PAST_CRISIS, STREAMS };

typedef struct { /* numbers of the mechanisms, named as in sim/mechanisms */
    double growth, capacity, foreign_attrition, local_attrition, insurgency_noise, memory;
    double half_strength;
    double hostile_dyad, dilution;
    double precision, reward, neutral, sucker, common_threat, institution, distance, grievance, confrontation_cost, pact_cost;
    double ceiling, offset;
    double gain, loss, crisis, balance, contact, reversion, noise, limit;
    double ties_rate, ties_constant, ties_keep, ties_shared, ties_trust, ties_threat, ties_distance, ties_land, ties_enemies,
        ties_hostile;
    double affinity_rate, stubbornness, affinity_noise;
    double anchor_pact, anchor_distance;
    double blocs_rate, temperature, switching, non_alignment;
} Numbers;

typedef struct { /* what all replicates share */
    int32_t n, actors, organisations, groups, watched, months, replicates, first, threads, columns;
    const real *trust, *anchor, *anchor_base, *agreement, *conflict, *weight /* proximity c_j / (c_i + c_j) */, *capability,
        *affinity, *depth, *strength, *effort, *reach, *bias, *joint_effort, *threat, *actor_threat, *expected, *hazard,
        *lean, *group /* groups x n */, *group_dyads, *group_weight;
    const int8_t *tie, *land, *member /* n x organisations */, *core, *bloc;
    const int32_t *budget, *watch /* watched x 2 */;
    const uint64_t *streams, *dyad_codes, *pair_codes, *state_codes, *actor_codes;
} World;

typedef struct { /* one replicate between months */
    real *trust, *anchor, *affinity, *strength, *joint;
    int8_t *tie, *action, *crisis, *bloc;
    uint16_t *cooperation;
    uint64_t *crises;
    uint64_t keys[STREAMS], now[STREAMS];
} Replicate;

typedef struct { /* what a month needs and forgets */
    real *threat, *actor_threat, *common, *institutions, *confront, *confront_t, *u, *row, *product, *packed, *worth;
    int8_t *action_t;
    uint8_t *pact, *hostile;
} Scratch;

/* ---- draws: sim/draws.py */

static inline uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static inline real open_interval(uint64_t bits) {
    if (sizeof(real) == 8) { /* 52 bits as the mantissa of a number between 2^52 and 2^53 */
        union { uint64_t word; double number; } x = {.word = (bits >> 12) | 0x4330000000000000ull};
        return (real)((x.number - 4503599627370495.5) * 0x1p-52);
    }
    return ((real)(int32_t)(bits >> 41) + (real)0.5) * (real)0x1p-23;
}

static inline real uniform(uint64_t now, uint64_t cell) { return open_interval(mix(now + cell)); }

static void uniforms(real *u, uint64_t now, const uint64_t *cells, int count) {
#pragma omp simd
    for (int k = 0; k < count; k++) u[k] = uniform(now, cells[k]);
}

/* Normal quantile, Wichura (1988), Algorithm AS 241: PPND16, or PPND7 for float. */
static inline real centre(real q) {
    real r = (real)0.180625 - q * q;
    if (sizeof(real) == 4)
        return q * (((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f) /
               (((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f);
    return (real)(q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r +
        45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r + 133.14166789178437745) * r +
        3.387132872796366608) / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r +
        21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0));
}

static inline real tail(real least) { /* least: the smaller of p and 1 - p; positive */
    real r = (real)sqrt(-log(least));
    if (sizeof(real) == 4) r = sqrtf(-logf(least));
    if (r <= 5) {
        r -= (real)1.6;
        if (sizeof(real) == 4)
            return (((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f) /
                   ((0.12021132975f * r + 0.73700164250f) * r + 1.0f);
        return (real)((((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r +
            1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r +
            1.42343711074968357734) / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r +
            0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) *
            r + 2.05319162663775882187) * r + 1.0));
    }
    r -= 5;
    return (real)((((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r +
        0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r +
        6.6579046435011037772) / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r +
        1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) *
        r + 0.59983220655588793769) * r + 1.0));
}

static void normals(real *z, uint64_t now, const uint64_t *cells, int count) {
    real low[NORMALS], out[NORMALS];
    int at[NORMALS];
    for (int from = 0; from < count; from += NORMALS) {
        int size = count - from < NORMALS ? count - from : NORMALS, tails = 0;
        real *here = z + from;
        uniforms(here, now, cells + from, size);
        for (int k = 0; k < size; k++) { /* every seventh lies in a tail; those are gathered */
            at[tails] = k;
            tails += here[k] < (real)0.075 || here[k] > (real)0.925;
        }
        for (int k = 0; k < tails; k++) low[k] = here[at[k]];
        for (int k = 0; k < size; k++) here[k] = centre(here[k] - (real)0.5);
#pragma omp simd
        for (int k = 0; k < tails; k++) {
            real p = low[k] < (real)0.5 ? low[k] : 1 - low[k], value = tail(p);
            out[k] = low[k] < (real)0.5 ? -value : value;
        }
        for (int k = 0; k < tails; k++) here[at[k]] = out[k];
    }
}

static void turn_keys(Replicate *r, int month) {
    for (int s = 0; s < STREAMS; s++) r->now[s] = mix(r->keys[s] + (uint64_t)(month + 1) * GOLDEN);
}

/* Who moves, in what order: Draws.turns. */
static int turns(const World *w, Replicate *r, int opportunity, int order, double rate, int *who) {
    real when[1024];
    int count = 0;
    for (int i = 0; i < w->n; i++) {
        if (!(uniform(r->now[opportunity], w->state_codes[i]) < (real)rate)) continue;
        real mine = uniform(r->now[order], w->state_codes[i]);
        int k = count++;
        for (; k > 0 && when[k - 1] > mine; k--) { when[k] = when[k - 1]; who[k] = who[k - 1]; }
        when[k] = mine;
        who[k] = i;
    }
    return count;
}

/* ---- linear algebra: A A', symmetric, in blocks of 4 x 2 rows */

static real sum_of(vec v) {
    real s = 0;
    for (int k = 0; k < LANES; k++) s += v[k];
    return s;
}

static void self_product(real *out, const real *a, int n, real *packed) {
    int wide = (n + LANES - 1) / LANES, rows = (n + 3) / 4 * 4;
    vec *p = (vec *)packed;
    for (int i = 0; i < n; i++) memcpy(p + i * wide, a + i * n, n * sizeof(real)); /* the padding stays zero */
    for (int i = 0; i < rows; i += 4)
        for (int j = 0; j < i + 4; j += 2) {
            vec s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0}, s20 = {0}, s21 = {0}, s30 = {0}, s31 = {0};
            const vec *a0 = p + i * wide, *a1 = a0 + wide, *a2 = a1 + wide, *a3 = a2 + wide, *b0 = p + j * wide, *b1 = b0 + wide;
            for (int k = 0; k < wide; k++) {
                s00 += a0[k] * b0[k]; s01 += a0[k] * b1[k]; s10 += a1[k] * b0[k]; s11 += a1[k] * b1[k];
                s20 += a2[k] * b0[k]; s21 += a2[k] * b1[k]; s30 += a3[k] * b0[k]; s31 += a3[k] * b1[k];
            }
            vec s[4][2] = {{s00, s01}, {s10, s11}, {s20, s21}, {s30, s31}};
            for (int d = 0; d < 4; d++)
                for (int e = 0; e < 2; e++)
                    if (i + d < n && j + e < n) out[(i + d) * n + j + e] = out[(j + e) * n + i + d] = sum_of(s[d][e]);
        }
}

/* ---- mechanisms */

static void insurgency(const World *w, const Numbers *p, Replicate *r) {
    int n = w->n;
    for (int j = 0; j < n; j++) {
        int neighbours = 0, toward = 0;
        for (int i = 0; i < n; i++) {
            neighbours += w->land[j * n + i];
            toward += w->land[j * n + i] & (r->action[i * n + j] == 1);
        }
        r->joint[j] = p->memory * r->joint[j] + (1 - p->memory) * toward / (neighbours > 1 ? neighbours : 1);
    }
    double growth = exp(p->growth);
    for (int a = 0; a < w->actors; a++)
        for (int j = 0; j < n; j++) {
            real s = r->strength[a * n + j], z;
            if (s <= 0) continue;
            normals(&z, r->now[INSURGENCY], w->actor_codes + a * n + j, 1);
            s = s * growth / (1 + s * (growth - 1) / p->capacity);
            double attrition = p->foreign_attrition * w->effort[a] + p->local_attrition * (1 + r->joint[j]) / 2;
            r->strength[a * n + j] = s * exp(p->insurgency_noise * z - attrition);
        }
}

static void threat(const World *w, const Numbers *p, const Replicate *r, Scratch *s) {
    int n = w->n;
    real *fear = s->threat;
    const real *weight = w->weight, *trust = r->trust;
#pragma omp simd
    for (int k = 0; k < n * n; k++) fear[k] = weight[k] * ((real)0.5 - (real)0.5 * trust[k]);
    for (int a = 0; a < w->actors; a++) {
        real total = 0;
        for (int j = 0; j < n; j++) total += r->strength[a * n + j];
        for (int i = 0; i < n; i++) {
            real seen = w->bias[i * w->actors + a] * total;
            s->actor_threat[i * w->actors + a] = w->reach[i * w->actors + a] * seen / (seen + (real)p->half_strength);
        }
    }
    self_product(s->common, s->threat, n, s->packed);
    for (int i = 0; i < n; i++) {
        real *row = s->common + i * n;
        for (int a = 0; a < w->actors; a++) {
            real mine = s->actor_threat[i * w->actors + a];
            if (w->actors == 1) for (int j = 0; j < n; j++) row[j] += mine * s->actor_threat[j];
            else for (int j = 0; j < n; j++) row[j] += mine * s->actor_threat[j * w->actors + a];
        }
        for (int j = 0; j < n; j++) row[j] = row[j] / (1 + row[j]);
        row[i] = 0;
    }
}

static void institutions(const World *w, const Numbers *p, const Replicate *r, Scratch *s) {
    int n = w->n;
    memcpy(s->institutions, w->agreement, n * n * sizeof(real));
    for (int o = 0; o < w->organisations; o++) {
        int members[1024], count = 0, hostile = 0;
        for (int i = 0; i < n; i++) if (w->member[i * w->organisations + o]) members[count++] = i;
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++) hostile += r->trust[members[a] * n + members[b]] < (real)p->hostile_dyad;
        double dyads = count * (count - 1.0), works = 1 - p->dilution * hostile / (dyads > 1 ? dyads : 1);
        real depth = w->depth[o] * (works > 0 ? works : 0);
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++) s->institutions[members[a] * n + members[b]] += depth;
    }
    for (int i = 0; i < n; i++) s->institutions[i * n + i] = 0;
}

static real kth_largest(real *x, int count, int k) { /* quickselect */
    int low = 0, high = count - 1;
    while (low < high) {
        real pivot = x[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (x[i] > pivot) i++;
            while (x[j] < pivot) j--;
            if (i <= j) { real t = x[i]; x[i++] = x[j]; x[j--] = t; }
        }
        if (k <= j) high = j; else if (k >= i) low = i; else break;
    }
    return x[k];
}

static void decision(const World *w, const Numbers *p, Replicate *r, Scratch *s, int stream) {
    int n = w->n;
    real lambda = p->precision, reward = p->reward, neutral = p->neutral, sucker = p->sucker, common = p->common_threat,
         institution = p->institution, psi = p->distance, beta = p->grievance, cost = p->confrontation_cost,
         pact_cost = p->pact_cost;
    for (int i = 0; i < n; i++) {
        const real *t = r->trust + i * n, *m = s->common + i * n, *f = s->institutions + i * n, *d = w->conflict + i * n;
        const int8_t *g = r->tie + i * n;
        const real *position = r->affinity;
        real *pd = s->confront + i * n, *u = s->u, *score = s->row, x = r->affinity[i];
        int8_t *action = r->action + i * n;
        uniforms(u, r->now[stream], w->dyad_codes + i * n, n);
#pragma omp simd
        for (int j = 0; j < n; j++) {
            real belief = (real)0.5 + (real)0.5 * t[j], doubt = 1 - belief, quiet = belief * neutral;
            real distance = x - position[j];
            distance = distance < 0 ? -distance : distance;
            real uc = belief * (reward + common * m[j] + institution * f[j]) - (doubt * sucker + psi * distance + quiet);
            real ud = beta * d[j] * doubt - cost - (g[j] == 2 ? pact_cost : 0) - quiet;
            real wc = sizeof(real) == 8 ? (real)exp(lambda * uc) : (real)expf(lambda * uc);
            real wd = sizeof(real) == 8 ? (real)exp(lambda * ud) : (real)expf(lambda * ud);
            pd[j] = wd / (1 + wd + wc);
            score[j] = wc / (1 + wd) * (1 / u[j] - 1);
        }
        pd[i] = 0;
        score[i] = 0;
        int offers = 0, keep = w->budget[i];
        real offered[1024];
        for (int j = 0; j < n; j++) {
            int confronts = u[j] > 1 - pd[j] && j != i, offer = score[j] > 1 && !confronts;
            offered[offers] = score[j];
            offers += offer;
            action[j] = offer - confronts;
        }
        if (offers > keep) {
            real least = keep > 0 ? kth_largest(offered, offers, keep - 1) : INFINITY;
            for (int j = 0; j < n; j++) action[j] = action[j] == 1 && score[j] < least ? 0 : action[j];
            if (keep <= 0) for (int j = 0; j < n; j++) action[j] = action[j] == 1 ? 0 : action[j];
        }
    }
    for (int i = 0; i < n; i += 16) /* both the other way round, in blocks that fit the cache */
        for (int j = 0; j < n; j += 16)
            for (int a = i; a < i + 16 && a < n; a++)
                for (int b = j; b < j + 16 && b < n; b++) {
                    s->confront_t[b * n + a] = s->confront[a * n + b];
                    s->action_t[b * n + a] = r->action[a * n + b];
                }
}

static void crisis(const World *w, const Numbers *p, Replicate *r, Scratch *s, int stream) {
    int n = w->n;
    real ceiling = p->ceiling, offset = p->offset;
    memset(r->crisis, 0, n * n);
    for (int i = 1; i < n; i++) {
        const real *one = s->confront + i * n, *other = s->confront_t + i * n, *base = w->hazard + i * n;
        uniforms(s->u, r->now[stream], w->pair_codes + i * n, i);
        real *u = s->u, *row = s->row;
        int any = 0;
#pragma omp simd reduction(+ : any)
        for (int j = 0; j < i; j++) {
            real h = base[j] * ((real)0.5 * (one[j] + other[j]) + offset);
            row[j] = h < ceiling ? h : ceiling;
            any += u[j] < row[j];
        }
        if (any) for (int j = 0; j < i; j++) if (u[j] < row[j]) r->crisis[i * n + j] = r->crisis[j * n + i] = 1;
    }
}

static void trust(const World *w, const Numbers *p, Replicate *r, Scratch *s, double *ledger) {
    int n = w->n, cells = n * n;
    real gain = p->gain, loss = p->loss, blow = p->crisis, eta = p->balance / n, contact = p->contact, reversion = p->reversion,
         sigma = p->noise, limit = p->limit;
    self_product(s->product, r->trust, n, s->packed);
    normals(s->confront_t, r->now[TRUST], w->dyad_codes, cells); /* the probabilities are not needed any more */
    for (int i = 0; i < n; i++) s->product[i * n + i] = s->confront_t[i * n + i] = 0;
    const real *e = w->expected;
    real *now = r->trust, *luck = s->confront_t, *product = s->product;
    const real *anchor = r->anchor, *forum = s->institutions, *conflict = w->conflict;
    const int8_t *theirs = s->action_t, *crises_now = r->crisis;
#pragma omp simd
    for (int k = 0; k < cells; k++) {
        real t = now[k], up = 1 - t, down = 1 + t, in_crisis = crises_now[k];
        real cooperation = (theirs[k] == 1 ? gain * up : 0) - e[k];
        real confrontation = (theirs[k] == -1 ? -loss * down : 0) - e[cells + k];
        real crises = -blow * down * in_crisis - e[2 * cells + k];
        real balance = eta * product[k] * (up * down) - e[3 * cells + k];
        real shared = contact * forum[k] * (1 - conflict[k]) * up * (1 - in_crisis) - e[4 * cells + k];
        real exercise = -e[5 * cells + k];
        real back = reversion * (anchor[k] - t);
        real chance = sigma * luck[k] * (1 - t * t);
        real free = t + cooperation + confrontation + crises + balance + shared + exercise + back + chance;
        real next = free > limit ? limit : free < -limit ? -limit : free;
        now[k] = next;
        ledger[k] += cooperation;
        ledger[cells + k] += confrontation;
        ledger[2 * cells + k] += crises;
        ledger[3 * cells + k] += balance;
        ledger[4 * cells + k] += shared;
        ledger[5 * cells + k] += exercise;
        ledger[6 * cells + k] += back;
        ledger[7 * cells + k] += chance;
        ledger[8 * cells + k] += next - free;
    }
}

static double logistic(double x) { return 1 / (1 + exp(-x)); }

static void ties(const World *w, const Numbers *p, Replicate *r, Scratch *s) {
    int n = w->n, who[1024], count = turns(w, r, TIES_OPPORTUNITY, TIES_ORDER, p->ties_rate, who);
    if (!count) return;
    for (int k = 0; k < n * n; k++) s->hostile[k] = r->trust[k] < (real)p->ties_hostile;
    for (int k = 0; k < n * n; k++) s->pact[k] = r->tie[k] == 2;
    for (int turn = 0; turn < count; turn++) {
        int i = who[turn], partner = i;
        const uint8_t *mine = s->pact + i * n, *foes = s->hostile + i * n;
        real best = -INFINITY;
        uniforms(s->u, r->now[TIES_CHOICE], w->dyad_codes + i * n, n);
        for (int j = 0; j < n; j++) {
            int shared = 0, enemies = 0;
            for (int k = 0; k < n; k++) shared += s->pact[j * n + k] & mine[k];
            for (int k = 0; k < n; k++) enemies += s->hostile[j * n + k] & foes[k];
            double far = fabs(r->affinity[j] - r->affinity[i]);
            s->worth[j] = p->ties_constant + p->ties_shared * log1p(shared) + p->ties_trust * r->trust[i * n + j] +
                          p->ties_threat * s->common[i * n + j] + p->ties_distance * far + p->ties_land * w->land[i * n + j] +
                          p->ties_enemies * log1p(enemies);
        }
        for (int j = 0; j < n; j++) {
            real value = j == i ? 0 : mine[j] ? -(s->worth[j] + (real)p->ties_keep) : s->worth[j];
            value -= (real)log(-log(s->u[j]));
            if (value > best) { best = value; partner = j; }
        }
        if (partner == i) continue;
        int making = !mine[partner];
        if (making) {
            double theirs = s->worth[partner] + p->ties_trust * (r->trust[partner * n + i] - r->trust[i * n + partner]);
            if (!(uniform(r->now[TIES_CONSENT], w->dyad_codes[i * n + partner]) < (real)logistic(theirs))) continue;
        }
        r->tie[i * n + partner] = r->tie[partner * n + i] = making ? 2 : 0;
        s->pact[i * n + partner] = s->pact[partner * n + i] = making;
    }
}

static void affinity(const World *w, const Numbers *p, Replicate *r, Scratch *s) {
    int n = w->n;
    real *next = s->row, *luck = s->u;
    normals(luck, r->now[AFFINITY], w->state_codes, n);
    for (int i = 0; i < n; i++) {
        real total = 0, heard = 0, x = r->affinity[i];
        for (int j = 0; j < n; j++) {
            real t = r->trust[i * n + j], friendly = (t > 0 ? t : 0) * w->capability[j];
            total += friendly;
            heard += friendly * r->affinity[j];
        }
        real social = total > 0 ? heard / total : x;
        real pull = (1 - (real)p->stubbornness) * social + (real)p->stubbornness * w->affinity[i] - x;
        next[i] = x + (real)p->affinity_rate * pull + (real)p->affinity_noise * luck[i];
    }
    memcpy(r->affinity, next, n * sizeof(real));
}

static void anchor(const World *w, const Numbers *p, Replicate *r) {
    int n = w->n;
    real pact = p->anchor_pact, far = p->anchor_distance;
    for (int i = 0; i < n; i++) {
        real x = r->affinity[i];
        const real *base = w->anchor_base + i * n;
        const int8_t *tie = r->tie + i * n;
        real *out = r->anchor + i * n, *position = r->affinity;
#pragma omp simd
        for (int j = 0; j < n; j++) {
            real d = x - position[j];
            real a = base[j] + (tie[j] == 2 ? pact : 0) - far * (d < 0 ? -d : d);
            out[j] = a > 1 ? 1 : a < -1 ? -1 : a;
        }
        r->anchor[i * n + i] = 0;
    }
}

static void blocs(const World *w, const Numbers *p, Replicate *r) {
    int n = w->n, who[1024], count = turns(w, r, BLOCS_OPPORTUNITY, BLOCS_ORDER, p->blocs_rate, who);
    real whole = 0;
    for (int j = 0; j < n; j++) whole += w->capability[j];
    for (int turn = 0; turn < count; turn++) {
        int i = who[turn], side = 0;
        double pull[3] = {0, 0, 0}, cost[3], ladder[3], total = 0, least = INFINITY;
        for (int j = 0; j < n; j++)
            pull[r->bloc[j]] += (real)0.5 * (r->trust[i * n + j] + r->trust[j * n + i]) * w->capability[j] / whole;
        cost[0] = 0.5 * (pull[0] + pull[1] + pull[2]) - p->non_alignment;
        cost[1] = 0.5 * pull[0] + pull[2];
        cost[2] = 0.5 * pull[0] + pull[1];
        for (int k = 0; k < 3; k++) {
            cost[k] += k == r->bloc[i] ? 0 : p->switching;
            least = cost[k] < least ? cost[k] : least;
        }
        for (int k = 0; k < 3; k++) ladder[k] = total += exp(-(cost[k] - least) / p->temperature);
        double luck = uniform(r->now[BLOCS_CHOICE], w->state_codes[i]) * total;
        for (int k = 0; k < 3; k++) side += luck > ladder[k];
        r->bloc[i] = side;
    }
}

static void record(const World *w, Replicate *r, const Scratch *s) {
    const int8_t *mine = r->action, *theirs = s->action_t, *crisis = r->crisis;
    uint16_t *cooperation = r->cooperation;
    uint64_t *crises = r->crises;
    int cells = w->n * w->n;
#pragma omp simd
    for (int k = 0; k < cells; k++) {
        uint16_t mutual = (mine[k] == 1) & (theirs[k] == 1);
        cooperation[k] = ((cooperation[k] << 1) | mutual) & 0xFFF;
    }
#pragma omp simd
    for (int k = 0; k < cells; k++) crises[k] = ((crises[k] << 1) | (uint64_t)crisis[k]) & ((1ull << 60) - 1);
}

/* ---- measures of a month, in the order of benchmarks/compiled.py, and the sum of trust */

static void read_world(const World *w, const Replicate *r, const Scratch *s, real *out, double *trust_sum) {
    int n = w->n, groups = w->groups;
    real *plain = out, *dyads = plain + 1 + groups, *states = dyads + w->watched, *weighted = states + n;
    real *between = weighted + 1 + groups, *cohesion = between + 2 * w->watched, *align = cohesion + groups;
    real *bloc = align + n, *size = bloc + n, *year = size + 3, *pacts = year + 1 + w->watched, *fear = pacts + 1;
    real *fear_of = fear + n, *strength = fear_of + n * w->actors, *position = strength + w->actors, *allies = position + n;
    double agreement = 0, crises = 0, all = 0, all_weighted = 0;
    memset(weighted, 0, (1 + groups) * sizeof(real));
    memset(plain, 0, (1 + groups) * sizeof(real));
    memset(cohesion, 0, groups * sizeof(real));
    pacts[0] = 0;
    for (int i = 0; i < n; i++) {
        const uint16_t *months = r->cooperation + i * n;
        const real *t = r->trust + i * n, *c = w->capability;
        real *share = s->row, total = 0, total_weighted = 0, lean = 0, fears = 0;
        int ties = 0, crises_here = 0;
        for (int j = 0; j < n; j++) {
            unsigned x = months[j];
            x = x - ((x >> 1) & 0x5555u);
            x = (x & 0x3333u) + ((x >> 2) & 0x3333u);
            share[j] = (real)(int)((((x + (x >> 4)) & 0x0F0Fu) * 0x0101u >> 8) & 0x1Fu) / 12;
        }
        for (int j = 0; j < n; j++) {
            total += share[j];
            total_weighted += share[j] * c[j];
            lean += t[j] * w->lean[j];
            fears += s->threat[i * n + j];
        }
        for (int j = 0; j < n; j++) ties += r->tie[i * n + j] == 2;
        for (int j = 0; j < n; j++) crises_here += __builtin_popcountll(r->crises[i * n + j] & 0xFFF);
        for (int j = 0; j < n; j++) trust_sum[i * n + j] += t[j];
        all += total;
        all_weighted += total_weighted * c[i];
        crises += crises_here;
        states[i] = total / (n > 1 ? n - 1 : 1);
        align[i] = lean + w->lean[i];
        fear[i] = fears;
        allies[i] = ties;
        position[i] = r->affinity[i];
        pacts[0] += ties;
        for (int g = 0; g < groups; g++) {
            const real *in = w->group + g * n;
            if (in[i] == 0) continue;
            real a = 0, b = 0, d = 0;
            for (int j = 0; j < n; j++) { a += share[j] * in[j]; b += share[j] * in[j] * c[j]; d += t[j] * in[j]; }
            plain[1 + g] += a;
            weighted[1 + g] += b * c[i];
            cohesion[g] += d;
        }
        agreement += w->capability[i] * ((w->core[i] == 1) - (w->core[i] == 2)) * ((r->bloc[i] == 1) - (r->bloc[i] == 2));
    }
    plain[0] = all;
    weighted[0] = all_weighted;
    for (int g = 0; g <= groups; g++) { plain[g] /= w->group_dyads[g]; weighted[g] /= w->group_weight[g]; }
    for (int g = 0; g < groups; g++) cohesion[g] /= w->group_dyads[1 + g];
    pacts[0] /= n > 1 ? n * (n - 1) : 1;
    year[0] = crises / 2;
    for (int k = 0; k < w->watched; k++) {
        int i = w->watch[2 * k], j = w->watch[2 * k + 1];
        dyads[k] = (real)__builtin_popcount(r->cooperation[i * n + j]) / 12;
        year[1 + k] = __builtin_popcountll(r->crises[i * n + j] & 0xFFF);
        between[2 * k] = r->trust[i * n + j];
        between[2 * k + 1] = r->trust[j * n + i];
    }
    size[0] = size[1] = size[2] = 0;
    for (int i = 0; i < n; i++) {
        int side = agreement < 0 && r->bloc[i] ? 3 - r->bloc[i] : r->bloc[i];
        bloc[i] = side;
        size[side] += 1;
    }
    memcpy(fear_of, s->actor_threat, n * w->actors * sizeof(real));
    for (int a = 0; a < w->actors; a++) {
        strength[a] = 0;
        for (int j = 0; j < n; j++) strength[a] += r->strength[a * n + j];
    }
}

/* ---- a run */

static void *room(size_t size) {
    void *p = aligned_alloc(64, (size + 255) / 64 * 64);
    memset(p, 0, (size + 255) / 64 * 64);
    return p;
}

static void begin(const World *w, const Numbers *p, Replicate *r, Scratch *s, int number) {
    int n = w->n, cells = n * n;
    memcpy(r->trust, w->trust, cells * sizeof(real));
    memcpy(r->anchor, w->anchor, cells * sizeof(real));
    memcpy(r->affinity, w->affinity, n * sizeof(real));
    memcpy(r->strength, w->strength, w->actors * n * sizeof(real));
    memcpy(r->joint, w->joint_effort, n * sizeof(real));
    memcpy(r->tie, w->tie, cells);
    memcpy(r->bloc, w->bloc, n);
    memset(r->cooperation, 0, cells * sizeof(uint16_t));
    memset(r->crises, 0, cells * sizeof(uint64_t));
    for (int k = 0; k < STREAMS; k++) r->keys[k] = mix(w->streams[k] + (uint64_t)number * GOLDEN);
    threat(w, p, r, s);
    institutions(w, p, r, s);
    for (int month = w->first - 12; month < w->first; month++) {
        turn_keys(r, month);
        decision(w, p, r, s, PAST_DECISION);
        crisis(w, p, r, s, PAST_CRISIS);
        record(w, r, s);
    }
}

/* Simulate all replicates. out: (R, T + 1, columns); ledger: (T, account, n, n); trust_sum: (T + 1, n, n); rising: (n, n);
   last: trust at the end, (R, n, n), or null. */
void simulate(const World *w, const Numbers *p, real *out, double *ledger, double *trust_sum, double *rising, real *last) {
    int n = w->n, cells = n * n, T = w->months;
    int together = 400000 / (cells * 30); /* replicates whose state fits half of a second-level cache */
    if (together > 64) together = 64;
    if (together > w->replicates / w->threads) together = w->replicates / w->threads;
    if (together < 1) together = 1;
    int chunks = (w->replicates + together - 1) / together;
    omp_lock_t *locks = malloc((T + 1) * sizeof(omp_lock_t));
    for (int t = 0; t <= T; t++) omp_init_lock(locks + t);
#pragma omp parallel num_threads(w->threads)
    {
        Replicate *all = calloc(together, sizeof(Replicate));
        for (int k = 0; k < together; k++) {
            Replicate *r = all + k;
            r->trust = room(cells * sizeof(real)); r->anchor = room(cells * sizeof(real)); r->affinity = room(n * sizeof(real));
            r->strength = room((w->actors * n + 1) * sizeof(real)); r->joint = room(n * sizeof(real)); r->tie = room(cells);
            r->action = room(cells); r->crisis = room(cells); r->bloc = room(n); r->cooperation = room(cells * 2);
            r->crises = room(cells * 8);
        }
        size_t padded = (size_t)(n + 8) * (n + 8) * sizeof(real);
        Scratch s = {room(padded), room((n * w->actors + 1) * sizeof(real)), room(padded), room(padded), room(padded), room(padded),
                     room(padded), room(padded), room(padded), room(padded), room(padded), room(cells), room(cells), room(cells)};
#pragma omp for schedule(dynamic)
        for (int chunk = 0; chunk < chunks; chunk++) {
            int from = chunk * together, size = w->replicates - from < together ? w->replicates - from : together;
            for (int k = 0; k < size; k++) {
                begin(w, p, all + k, &s, from + k);
                omp_set_lock(locks);
                read_world(w, all + k, &s, out + (size_t)(from + k) * (T + 1) * w->columns, trust_sum);
                omp_unset_lock(locks);
            }
            for (int t = 0; t < T; t++)
                for (int k = 0; k < size; k++) {
                    Replicate *r = all + k;
                    turn_keys(r, w->first + t);
                    insurgency(w, p, r);
                    threat(w, p, r, &s);
                    institutions(w, p, r, &s);
                    decision(w, p, r, &s, DECISION);
                    crisis(w, p, r, &s, CRISIS);
                    omp_set_lock(locks + t + 1);
                    trust(w, p, r, &s, ledger + (size_t)t * ACCOUNTS * cells);
                    omp_unset_lock(locks + t + 1);
                    ties(w, p, r, &s);
                    affinity(w, p, r, &s);
                    anchor(w, p, r);
                    blocs(w, p, r);
                    record(w, r, &s);
                    omp_set_lock(locks + t + 1);
                    read_world(w, r, &s, out + ((size_t)(from + k) * (T + 1) + t + 1) * w->columns,
                               trust_sum + (size_t)(t + 1) * cells);
                    omp_unset_lock(locks + t + 1);
                }
            for (int k = 0; k < size; k++) {
#pragma omp critical
                for (int c = 0; c < cells; c++) rising[c] += all[k].trust[c] > w->trust[c];
                if (last) memcpy(last + (size_t)(from + k) * cells, all[k].trust, cells * sizeof(real));
            }
        }
    } /* the process ends soon: memory is not given back */
}
