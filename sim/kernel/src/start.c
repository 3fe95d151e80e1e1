/* The starting world at rest, and its past: sim/start/expectation.py. ODD E5 to E8, A13. */

#include "kernel.h"

static void schedule_of(const Plan *w, int *has) {
    for (int k = 0; k < MECHANISMS; k++) has[k] = 0;
    for (int k = 0; k < w->mechanisms; k++) has[w->section.schedule.at[k]] = 1;
}

/* What states perceive where trust rests, at its anchor, which their usual choices need. */
void perceive(const Plan *w, State *r, Scratch *s, int row) {
    const Parameters *p = (const Parameters *)(const void *)ROW(w, parameters, row);
    int has[MECHANISMS];
    schedule_of(w, has);
    for (int64_t k = 0; k < w->nn; k++) r->trust[k] = within(r->anchor[k], -TRUST_LIMIT, TRUST_LIMIT);
    if (has[MECHANISM_THREAT]) threat(w, &p->threat, r, s, row);
    if (has[MECHANISM_INSTITUTIONS]) institutions(w, &p->institutions, r, s);
}

/* Where a plan's row keeps an array, to be filled. */
#define FILL(name) ((double *)(uintptr_t)ROW(w, name, row))

/* Put a row of a plan to rest: perceptions, propensities, joint effort (E8), references of crises (E7) and expected terms of
   trust (E6), from how often each state cooperates and confronts. */
void rest(const Plan *w, State *r, Scratch *s, int row, const double *cooperates, const double *confronts) {
    const Parameters *p = (const Parameters *)(const void *)ROW(w, parameters, row);
    int n = w->n, has[MECHANISMS];
    double *hazard = s->months, *reference = FILL(crisis_reference), *expected = FILL(expected_terms);
    schedule_of(w, has);
    perceive(w, r, s, row);
    if (has[MECHANISM_DECISION]) {
        decision_weigh(w, &p->decision, r, s, row);
        for (int j = 0; j < n; j++) {
            int first = s->first_neighbour[j], count = s->first_neighbour[j + 1] - first;
            double sum = 0;
            for (int k = 0; k < count; k++) sum += cooperates[(int64_t)s->neighbours[first + k] * n + j];
            r->joint_effort[j] = sum / (count > 1 ? count : 1);
        }
    }
    memset(hazard, 0, w->nn * sizeof(double));
    if (has[MECHANISM_CRISIS]) {
        crisis_references(w, &p->crisis, r, row, reference);
        crisis_hazards(w, &p->crisis, r, s, row, reference, hazard);
    }
    if (has[MECHANISM_TRUST] && p->trust.centring != 0)
        trust_expected(w, &p->trust, r, s, cooperates, confronts, hazard, expected);
    memcpy(FILL(threat), r->threat, w->nn * sizeof(double));
    memcpy(FILL(actor_threat), r->actor_threat, w->na * sizeof(double));
    memcpy(FILL(common_threat), r->common_threat, w->nn * sizeof(double));
    memcpy(FILL(institutions), r->institutions, w->nn * sizeof(double));
    memcpy(FILL(p_confront), r->p_confront, w->nn * sizeof(double));
    memcpy(FILL(joint_effort), r->joint_effort, n * sizeof(double));
}

/* The starting world's own past: turns of sides with trust held, then the months that fill the memory. */
void past(const Plan *w, State *r, Scratch *s, int row) {
    const Parameters *p = (const Parameters *)(const void *)ROW(w, parameters, row);
    int has[MECHANISMS];
    schedule_of(w, has);
    for (int month = w->start - w->bloc_past; has[MECHANISM_BLOCS] && month < w->start; month++) {
        turn_month(r->past_keys, s->now, STREAMS, month);
        blocs(w, &p->blocs, r, s, row);
    }
    for (int month = w->start - w->past; month < w->start; month++) {
        turn_month(r->past_keys, s->now, STREAMS, month);
        if (has[MECHANISM_DECISION]) decision(w, &p->decision, r, s, row);
        if (has[MECHANISM_CRISIS]) crisis(w, &p->crisis, r, s, row);
        if (has[MECHANISM_RECORD]) record(w, r);
    }
}
