/* Blocs: sim/mechanisms/blocs.py. ODD E47 to E49. */

#include "kernel.h"

#define TINY (0x1p-1022 * 0x1p20) /* dividing by it does not overflow */

void blocs(const Plan *w, const blocs_parameters *p, State *r, Scratch *s) {
    int n = w->n, count = turns(w, s, STREAM_BLOCS_OPPORTUNITY, STREAM_BLOCS_ORDER, p->rate, s->who);
    if (count == 0) return;
    double whole = total(r->capability, n);
    for (int turn = 0; turn < count; turn++) {
        int i = s->who[turn], chosen = 0;
        double side[3] = {0, 0, 0}, cost[3], ladder[3], least = INFINITY, sum = 0;
        for (int j = 0; j < n; j++)
            side[r->bloc[j]] += 0.5 * (r->trust[(int64_t)i * n + j] + r->trust[(int64_t)j * n + i]) *
                                (r->capability[j] / whole);
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
