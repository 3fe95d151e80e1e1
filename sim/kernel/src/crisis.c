/* Crisis: sim/mechanisms/crisis.py. ODD E30, E31, E67. */

#include "equations.h"
#include "kernel.h"

static double base_of(const crisis_parameters *p, int rival, int land) { return rival ? p->rival : land ? p->land : p->other; }

/* The hazards of the dyads of state i with those from `first` on, before what they would do counts: a number by class, or
   each dyad's own. */
static void bases_of(const Plan *w, const crisis_parameters *p, const State *r, const Scratch *s, const int8_t *land, int i,
                     int first, double *restrict out) {
    const int8_t *restrict rival = r->rivalry + (int64_t)i * w->n, *restrict near = land + (int64_t)i * w->n;
    const double *restrict own = s->onset + (int64_t)i * w->n;
    if (p->hazards == CRISIS_HAZARDS_DYADS)
        for (int j = first; j < w->n; j++) out[j] = own[j];
    else
        for (int j = first; j < w->n; j++) out[j] = base_of(p, rival[j] == 1, near[j] == 1);
}

/* E7: the mean propensity to confront of each dyad's class, rivals before land neighbours before others; or its
   own (E67). */
void crisis_references(const Plan *w, const crisis_parameters *p, const State *r, int row, double *out) {
    int n = w->n;
    const int8_t *land = ROW(w, land, row);
    double sum[3] = {0, 0, 0}, count[3] = {0, 0, 0};
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                int64_t there = (int64_t)i * n + j, back = (int64_t)j * n + i;
                int class = r->rivalry[there] == 1 ? 0 : land[there] == 1 ? 1 : 2;
                if (pass == 0 && i != j) {
                    sum[class] += 0.5 * (r->p_confront[there] + r->p_confront[back]);
                    count[class] += 1;
                }
                if (pass == 1) out[there] = i == j ? 0 : sum[class] / larger(count[class], 1);
                if (p->hazards == CRISIS_HAZARDS_DYADS) out[there] = 0.5 * (r->p_confront[there] + r->p_confront[back]);
            }
}

/* E30 for every dyad. */
void crisis_hazards(const Plan *w, const crisis_parameters *p, const State *r, const Scratch *s, int row,
                    const double *reference, double *out) {
    int n = w->n;
    const int8_t *land = ROW(w, land, row);
    for (int i = 0; i < n; i++) {
        double *hazard = out + (int64_t)i * n;
        bases_of(w, p, r, s, land, i, 0, hazard);
        for (int j = 0; j < n; j++) {
            int64_t there = (int64_t)i * n + j, back = (int64_t)j * n + i;
            hazard[j] = crisis_hazard_of(p, hazard[j], r->p_confront[there], r->p_confront[back], reference[there]);
        }
        hazard[i] = 0;
    }
}

void crisis(const Plan *w, const crisis_parameters *parameters, State *r, Scratch *s, int row) {
    const crisis_parameters p = *parameters;
    int n = w->n;
    const int8_t *land = ROW(w, land, row);
    const double *reference = ROW(w, crisis_reference, row);
    memset(r->crisis, 0, w->nn);
    for (int i = 0; i + 1 < n; i++) {
        const double *restrict mine = r->p_confront + (int64_t)i * n, *restrict theirs = r->p_confront + i;
        const double *restrict usual = reference + (int64_t)i * n;
        double *restrict u = s->u, *restrict hazard = s->row;
        uniforms(u + i + 1, s->now[STREAM_CRISIS], s->pair_codes + (int64_t)i * n + i + 1, n - i - 1);
        bases_of(w, &p, r, s, land, i, i + 1, hazard);
        APART
        for (int j = i + 1; j < n; j++)
            hazard[j] = crisis_hazard_of(&p, hazard[j], mine[j], theirs[(int64_t)j * n], usual[j]);
        for (int j = i + 1; j < n; j++)
            if (u[j] < hazard[j]) r->crisis[(int64_t)i * n + j] = r->crisis[(int64_t)j * n + i] = 1;
    }
    if (r->levels[HOLDS_CRISIS])
        for (int64_t k = 0; k < w->nn; k++) r->crisis[k] |= r->imposed_crisis[k] > 0;
}
