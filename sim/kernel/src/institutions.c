/* Institutions: sim/mechanisms/institutions.py. ODD E22. */

#include "equations.h"
#include "kernel.h"

void institutions(const Plan *w, const institutions_parameters *p, State *r, Scratch *s) {
    int n = w->n, *members = s->who;
    double *shared = r->institutions;
    memset(shared, 0, w->nn * sizeof(double));
    for (int o = 0; o < w->o; o++) {
        int count = 0, hostile = 0;
        for (int i = 0; i < n; i++)
            if (r->membership[i * w->o + o]) members[count++] = i;
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++) hostile += a != b && r->trust[members[a] * n + members[b]] < p->hostile;
        double dyads = (double)count * (count - 1);
        double working = institutions_working_of(p, r->depth[o], hostile, dyads);
        for (int a = 0; a < count; a++)
            for (int b = 0; b < count; b++) shared[members[a] * n + members[b]] += working;
    }
    const double *restrict agreement = r->agreement;
    for (int64_t k = 0; k < w->nn; k++) shared[k] += agreement[k];
    for (int i = 0; i < n; i++) shared[i * n + i] = 0;
}
