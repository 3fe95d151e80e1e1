/* Measures: sim/measures. ODD E51 to E54 and E58 here, E55 to E57 and E59 in balance.c. A row of measures has the monthly
   ones in the order of layout.py, hidden dyads after them, then the yearly ones. */

#include "kernel.h"

#define YEAR 0xFFFu

/* E71: capability-weighted regard for a core; a state of it is left out itself. */
static void regard_for(const Plan *w, const State *r, const int8_t *core, int side, double *weight, double *out) {
    int n = w->n;
    for (int j = 0; j < n; j++) weight[j] = core[j] == side ? r->capability[j] : 0;
    double whole = total(weight, n);
    for (int i = 0; i < n; i++) {
        double rest = whole - weight[i];
        out[i] = dot(r->regard + (int64_t)i * n, weight, n) / (rest > 0 ? rest : 1);
    }
}

static int any(const double *x, int64_t count) {
    for (int64_t k = 0; k < count; k++)
        if (x[k] != 0) return 1;
    return 0;
}

/* E53: trust in the East core less trust in the West core, halved; or E71 where sides go by regard. `lean` is room for
   twice as many numbers as states. */
void alignment_of(const Plan *w, const State *r, int row, double *lean, double *out) {
    const int8_t *core = ROW(w, core, row);
    int n = w->n;
    if (any(r->regard, w->nn)) {
        regard_for(w, r, core, EAST, lean, out);
        regard_for(w, r, core, WEST, lean, lean + n);
        for (int i = 0; i < n; i++) {
            double east = out[i], west = lean[n + i];
            out[i] = (east - west) / (fabs(east) + fabs(west) + UNDECIDED);
        }
        return;
    }
    double whole[3] = {0, 0, 0};
    for (int j = 0; j < n; j++) whole[core[j]] += r->capability[j];
    for (int j = 0; j < n; j++) {
        double sign = core[j] == EAST ? 0.5 : core[j] == WEST ? -0.5 : 0.0, sum = whole[core[j]];
        lean[j] = sign * r->capability[j] / (sum > 0 ? sum : 1);
    }
    for (int i = 0; i < n; i++) out[i] = dot(r->trust + (int64_t)i * n, lean, n) + lean[i];
}

/* E52: labels follow the cores. */
static void blocs_of(const Plan *w, const State *r, int row, double *bloc, double *size) {
    const int8_t *core = ROW(w, core, row);
    double agreement = 0;
    for (int j = 0; j < w->n; j++)
        agreement += r->capability[j] * ((core[j] == EAST) - (core[j] == WEST)) * ((r->bloc[j] == EAST) - (r->bloc[j] == WEST));
    size[0] = size[1] = size[2] = 0;
    for (int j = 0; j < w->n; j++) {
        int side = agreement < 0 && r->bloc[j] != NON_ALIGNED ? EAST + WEST - r->bloc[j] : r->bloc[j];
        bloc[j] = side;
        size[side] += 1;
    }
}

/* Members of the g-th group, organisations before named sets. */
static void group_of(const Plan *w, const State *r, int g, double *member) {
    for (int j = 0; j < w->n; j++)
        member[j] = g < w->o ? r->membership[j * w->o + g] : w->section.sets.at[(int64_t)(g - w->o) * w->n + j];
}

/* Sum of x_ij w_i w_j, and of w_i w_j over i other than j (1 where there is none). */
static double within_group(const double *x, const double *weight, int n, double *dyads) {
    double sum = 0, whole = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        if (weight[i] == 0) continue;
        sum += weight[i] * dot(x + (int64_t)i * n, weight, n);
        whole += weight[i];
        squares += weight[i] * weight[i];
    }
    *dyads = whole * whole - squares;
    return sum;
}

static double cooperation_of(const double *x, const double *weight, int n) { /* E51 */
    double dyads, sum = within_group(x, weight, n, &dyads);
    return sum / (12 * (dyads > 0 ? dyads : 1));
}

void read_monthly(const Plan *w, State *r, Scratch *s, int row) {
    int n = w->n, groups = w->o + w->sets;
    const int32_t *watch = w->section.watch.at;
    double *months = s->months, *member = s->group, *weight = s->weight;
    double *align = r->measures, *bloc = align + n, *size = bloc + n, *plain = size + 3, *dyads = plain + 1 + groups;
    double *states = dyads + w->watched, *weighted = states + n, *pacts = weighted + 1 + groups, *crises = pacts + 1;
    double *fear = crises + 1 + w->watched, *fear_of = fear + n, *strength = fear_of + w->na, *trusts = strength + w->a;
    double *cohesion = trusts + 2 * w->watched, *hidden = cohesion + groups;

    alignment_of(w, r, row, s->packed, align);
    blocs_of(w, r, row, bloc, size);
    const uint16_t *restrict memory = r->cooperation_months;
    APART
    for (int64_t k = 0; k < w->nn; k++) months[k] = bits_set16(memory[k]);
    for (int j = 0; j < n; j++) member[j] = 1;
    plain[0] = cooperation_of(months, member, n);
    weighted[0] = cooperation_of(months, r->capability, n);
    for (int i = 0; i < n; i++) states[i] = total(months + (int64_t)i * n, n) / (12 * (n > 2 ? n - 1 : 1));
    for (int g = 0; g < groups; g++) {
        double pairs;
        group_of(w, r, g, member);
        for (int j = 0; j < n; j++) weight[j] = member[j] * r->capability[j];
        plain[1 + g] = cooperation_of(months, member, n);
        weighted[1 + g] = cooperation_of(months, weight, n);
        double sum = within_group(r->trust, member, n, &pairs);
        cohesion[g] = sum / larger(pairs, 1);
    }
    int64_t ties = 0, events = 0;
    for (int64_t k = 0; k < w->nn; k++) ties += r->tie[k] == DEFENCE;
    for (int64_t k = 0; k < w->nn; k++) events += bits_set16(r->crisis_months[k] & YEAR);
    pacts[0] = (double)ties / (n > 1 ? (double)n * (n - 1) : 1);
    crises[0] = 0.5 * (double)events;
    for (int i = 0; i < n; i++) fear[i] = total(r->threat + (int64_t)i * n, n);
    memcpy(fear_of, r->actor_threat, w->na * sizeof(double));
    for (int a = 0; a < w->a; a++) strength[a] = total(r->strength + (int64_t)a * n, n);
    for (int k = 0; k < w->watched + w->hidden; k++) {
        int64_t there = (int64_t)watch[2 * k] * n + watch[2 * k + 1], back = (int64_t)watch[2 * k + 1] * n + watch[2 * k];
        int h = k - w->watched;
        *(h < 0 ? dyads + k : hidden + h) = months[there] / 12;
        *(h < 0 ? crises + 1 + k : hidden + w->hidden + h) = bits_set16(r->crisis_months[there] & YEAR);
        double *two = h < 0 ? trusts + 2 * k : hidden + 2 * w->hidden + 2 * h;
        two[0] = r->trust[there];
        two[1] = r->trust[back];
    }
}

#define SAME 1e-9 /* positions nearer than this are one */

/* E58 */
static double polarisation(const Plan *w, State *r, Scratch *s, int row) {
    int n = w->n;
    double *position = s->other_row, *weight = s->weight, sum = 0, whole = total(r->capability, n);
    alignment_of(w, r, row, s->packed, position);
    for (int j = 0; j < n; j++) weight[j] = r->capability[j] / whole;
    for (int i = 0; i < n; i++) {
        double mass = 0, apart = 0;
        for (int j = 0; j < n; j++) {
            double distance = fabs(position[i] - position[j]);
            mass += distance <= SAME ? weight[j] : 0;
            apart += weight[j] * distance;
        }
        sum += weight[i] * power_of(mass, 1.3) * apart;
    }
    return sum;
}

/* E54: likeness of two states' ties */
static double tie_similarity(const Plan *w, const State *r, int i, int j) {
    int n = w->n;
    int64_t distance = 0;
    for (int k = 0; k < n; k++) {
        int mine = r->tie[(int64_t)i * n + k] + (i == k) * DEFENCE, its = r->tie[(int64_t)j * n + k] + (j == k) * DEFENCE;
        distance += mine > its ? mine - its : its - mine;
    }
    return 1 - 2 * (double)distance / ((double)n * DEFENCE);
}

void read_yearly(const Plan *w, State *r, Scratch *s, int row) {
    double *out = r->measures + w->monthly_hidden;
    const int32_t *watch = w->section.watch.at;
    balance_measures(w, r, s, out);
    out[4] = polarisation(w, r, s, row);
    for (int k = 0; k < w->watched + w->hidden; k++) out[5 + k] = tie_similarity(w, r, watch[2 * k], watch[2 * k + 1]);
}
