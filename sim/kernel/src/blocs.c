/* Blocs: sim/mechanisms/blocs.py. ODD E47 to E49, E70. */

#include "equations.h"
#include "kernel.h"

#define TINY (0x1p-1022 * 0x1p20) /* dividing by it does not overflow */

/* The side that each state is bound to: of its core, else of the one core with which it has a pact. */
static void commit(const Plan *w, const State *r, const int8_t *core, int8_t *side) {
    int n = w->n;
    for (int i = 0; i < n; i++) {
        int with[3] = {0, 0, 0};
        for (int j = 0; j < n; j++) with[core[j]] |= r->tie[(int64_t)i * n + j] == DEFENCE;
        side[i] = core[i] != NON_ALIGNED ? core[i] : with[EAST] == with[WEST] ? NON_ALIGNED : with[EAST] ? EAST : WEST;
    }
}

/* E70 */
void blocs_regard(const Plan *w, const blocs_parameters *p, const State *r, Scratch *s, const int8_t *core, double *out) {
    int n = w->n;
    int8_t *side = s->sides;
    commit(w, r, core, side);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            int64_t there = (int64_t)i * n + j, back = (int64_t)j * n + i;
            double pact = r->tie[there] == DEFENCE, consultation = r->tie[there] == CONSULTATION;
            double apart = side[i] * side[j] == EAST * WEST;
            out[there] = blocs_regarded(p, r->trust[there], r->trust[back], pact, consultation, apart);
        }
        out[(int64_t)i * n + i] = 0;
    }
}

/* The pull of each other on state i, toward being on one side with it. */
static void pulls_on(const Plan *w, const blocs_parameters *p, const State *r, int i, double whole, double *pull) {
    int n = w->n, by_commitment = p->regard == BLOCS_REGARD_COMMITMENT;
    for (int j = 0; j < n; j++) {
        int64_t there = (int64_t)i * n + j, back = (int64_t)j * n + i;
        double toward = by_commitment ? r->regard[there] - p->threshold : 0.5 * (r->trust[there] + r->trust[back]);
        pull[j] = toward * (r->capability[j] / whole);
    }
    pull[i] = 0;
}

void blocs(const Plan *w, const blocs_parameters *p, State *r, Scratch *s, int row) {
    int n = w->n, count = turns(w, s, STREAM_BLOCS_OPPORTUNITY, STREAM_BLOCS_ORDER, p->rate, s->who);
    const int8_t *core = ROW(w, core, row);
    int by_commitment = p->regard == BLOCS_REGARD_COMMITMENT;
    if (by_commitment) blocs_regard(w, p, r, s, core, r->regard);
    if (count == 0) return;
    double whole = total(r->capability, n), *pull = s->row;
    for (int turn = 0; turn < count; turn++) {
        int i = s->who[turn], chosen = 0;
        double side[3] = {0, 0, 0}, cost[3], ladder[3], least = INFINITY, sum = 0;
        if (by_commitment && core[i] != NON_ALIGNED) continue;
        pulls_on(w, p, r, i, whole, pull);
        for (int j = 0; j < n; j++) side[r->bloc[j]] += pull[j];
        cost[NON_ALIGNED] = 0.5 * (side[NON_ALIGNED] + side[EAST] + side[WEST]) - p->non_alignment; /* E47 */
        cost[EAST] = 0.5 * side[NON_ALIGNED] + side[WEST];
        cost[WEST] = 0.5 * side[NON_ALIGNED] + side[EAST];
        for (int k = 0; k < 3; k++) {
            if (k != r->bloc[i]) cost[k] += p->switching;
            if (k == NON_ALIGNED && p->third_way == 0) cost[k] = INFINITY;
            least = smaller(least, cost[k]);
        }
        for (int k = 0; k < 3; k++) ladder[k] = sum += exp_of(-(cost[k] - least) / larger(p->temperature, TINY)); /* E49 */
        double luck = uniform(s->now[STREAM_BLOCS_CHOICE], w->section.state_codes.at[i]) * sum;
        for (int k = 0; k < 3; k++) chosen += luck > ladder[k];
        r->bloc[i] = (int8_t)chosen;
    }
}
