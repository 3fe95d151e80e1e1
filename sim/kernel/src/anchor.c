/* Anchor: sim/mechanisms/anchor.py. ODD E44. */

#include "equations.h"
#include "kernel.h"

void anchor(const Plan *w, const anchor_parameters *parameters, State *r) {
    const anchor_parameters p = *parameters;
    int n = w->n;
    for (int i = 0; i < n; i++) {
        const double *restrict base = r->anchor_base + (int64_t)i * n, *restrict position = r->affinity;
        const int8_t *restrict tie = r->tie + (int64_t)i * n;
        double *restrict level = r->anchor + (int64_t)i * n, x = position[i];
        APART
        for (int j = 0; j < n; j++) {
            double allied = tie[j] == DEFENCE ? 1.0 : 0.0;
            level[j] = within(base[j] + anchor_moved(&p, allied, fabs(x - position[j])), -1.0, 1.0);
        }
        level[i] = 0;
    }
}
