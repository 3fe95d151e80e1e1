/* Crisis: sim/mechanisms/crisis.py. ODD E30, E31. */

#include "equations.h"
#include "kernel.h"

void crisis(const Plan *w, const crisis_parameters *parameters, State *r, Scratch *s, int row) {
    const crisis_parameters p = *parameters;
    int n = w->n;
    const int8_t *land = ROW(w, land, row);
    const double *reference = ROW(w, crisis_reference, row);
    memset(r->crisis, 0, w->nn);
    for (int i = 0; i + 1 < n; i++) {
        const double *restrict mine = r->p_confront + (int64_t)i * n, *restrict theirs = r->p_confront + i;
        const double *restrict usual = reference + (int64_t)i * n;
        const int8_t *restrict rival = r->rivalry + (int64_t)i * n, *restrict near = land + (int64_t)i * n;
        double *restrict u = s->u, *restrict hazard = s->row;
        uniforms(u + i + 1, s->now[STREAM_CRISIS], s->pair_codes + (int64_t)i * n + i + 1, n - i - 1);
        APART
        for (int j = i + 1; j < n; j++) {
            double base = rival[j] == 1 ? p.rival : near[j] == 1 ? p.land : p.other;
            hazard[j] = crisis_hazard_of(&p, base, mine[j], theirs[(int64_t)j * n], usual[j]);
        }
        for (int j = i + 1; j < n; j++)
            if (u[j] < hazard[j]) r->crisis[(int64_t)i * n + j] = r->crisis[(int64_t)j * n + i] = 1;
    }
    if (r->levels[HOLDS_CRISIS])
        for (int64_t k = 0; k < w->nn; k++) r->crisis[k] |= r->imposed_crisis[k] > 0;
}
