/* Threat: sim/mechanisms/threat.py. ODD E19 to E21. */

#include "equations.h"
#include "kernel.h"

void threat(const Plan *w, const threat_parameters *p, State *r, Scratch *s, int row) {
    int n = w->n, actors = w->a, wide = wide_of(n + actors);
    const double *proximity = ROW(w, proximity, row), *reach = ROW(w, reach, row), *bias = ROW(w, bias, row);
    for (int i = 0; i < n; i++) { /* E19 */
        const double *restrict near = proximity + i * n, *restrict c = r->capability, *restrict t = r->trust + i * n;
        double *restrict fear = r->threat + i * n, mine = c[i];
        APART
        for (int j = 0; j < n; j++) fear[j] = threat_perceived_threat(near[j], mine, c[j], t[j]);
    }
    for (int a = 0; a < actors; a++) { /* E20 */
        double strength = total(r->strength + a * n, n);
        for (int i = 0; i < n; i++) {
            double perceived = bias[i * actors + a] * strength;
            r->actor_threat[i * actors + a] = reach[i * actors + a] * perceived / (perceived + p->half_strength);
        }
    }
    for (int i = 0; i < n; i++) { /* E21 */
        double *packed = s->packed + (int64_t)i * wide * 4;
        memcpy(packed, r->threat + i * n, n * sizeof(double));
        for (int a = 0; a < actors; a++) packed[n + a] = r->actor_threat[i * actors + a];
        for (int k = n + actors; k < wide * 4; k++) packed[k] = 0;
    }
    product(s->product, s->packed, s->packed, n, wide, 1);
    double *restrict common = r->common_threat;
    const double *restrict shared = s->product;
    APART
    for (int64_t k = 0; k < w->nn; k++) common[k] = threat_overlap(shared[k]);
    for (int i = 0; i < n; i++) common[i * n + i] = 0;
}
