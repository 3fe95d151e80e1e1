/* Affinity: sim/mechanisms/affinity.py. ODD E45, E46. */

#include "equations.h"
#include "kernel.h"

void affinity(const Plan *w, const affinity_parameters *p, State *r, Scratch *s, int row) {
    int n = w->n, by_trust = p->influence == AFFINITY_INFLUENCE_TRUSTED;
    const double *start = ROW(w, affinity_start, row);
    double *next = s->row, *friendly = s->other_row, *heard_of = s->weight, social = 0;
    normals(s->z, s->now[STREAM_AFFINITY], w->section.state_codes.at, n);
    for (int j = 0; j < n; j++) heard_of[j] = r->capability[j] * r->affinity[j];
    for (int i = 0; i < n; i++) {
        double x = r->affinity[i];
        if (by_trust) {
            const double *restrict t = r->trust + (int64_t)i * n;
            for (int j = 0; j < n; j++) friendly[j] = larger(t[j], 0.0);
            double sum = dot(friendly, r->capability, n), heard = dot(friendly, heard_of, n);
            social = sum > 0 ? heard / sum : x; /* E45 */
        }
        next[i] = affinity_drifted(p, x, affinity_pull_of(p, x, social, start[i]), s->z[i]); /* E46 */
    }
    memcpy(r->affinity, next, n * sizeof(double));
}
