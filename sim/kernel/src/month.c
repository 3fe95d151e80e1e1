/* One month, and the months before the start: sim/engine.py, sim/start/expectation.py. ODD section 3, A13. */

#include "kernel.h"

static void mechanism(const Plan *w, int which, const Parameters *p, State *r, Scratch *s, int row, const Books *books) {
    switch (which) {
    case MECHANISM_INSURGENCY: insurgency(w, &p->insurgency, r, s, row); break;
    case MECHANISM_THREAT: threat(w, &p->threat, r, s, row); break;
    case MECHANISM_INSTITUTIONS: institutions(w, &p->institutions, r, s); break;
    case MECHANISM_DECISION: decision(w, &p->decision, r, s); break;
    case MECHANISM_CRISIS: crisis(w, &p->crisis, r, s, row); break;
    case MECHANISM_TRUST: trust(w, &p->trust, r, s, row, books); break;
    case MECHANISM_TIES: ties(w, &p->ties, r, s, row); break;
    case MECHANISM_AFFINITY: affinity(w, &p->affinity, r, s, row); break;
    case MECHANISM_ANCHOR: anchor(w, &p->anchor, r); break;
    case MECHANISM_BLOCS: blocs(w, &p->blocs, r, s); break;
    case MECHANISM_RECORD: record(w, r); break;
    default: break;
    }
}

/* Events, then the mechanisms of the schedule; clamps are put back after each. `imposed` has an action for each dyad, or
   BY_ITSELF, that takes the place of the decision's; or it is null. */
void month_passes(const Plan *w, State *r, Scratch *s, int row, int month, const Books *books, const int8_t *imposed) {
    turn_month(r->keys, s->now, STREAMS, month);
    events_begin(w, r, s, row, month);
    const Parameters *p = events_apply(w, r, s, row, month, books);
    for (int k = 0; k < w->mechanisms; k++) {
        int which = w->section.schedule.at[k];
        mechanism(w, which, p, r, s, row, books);
        if (which == MECHANISM_DECISION && imposed)
            for (int64_t k = 0; k < w->nn; k++) r->action[k] = imposed[k] == BY_ITSELF ? r->action[k] : imposed[k];
        events_hold(w, r, row, month, WRITES[which], books);
    }
}

/* The starting world's own past: turns of sides with trust held, then the months that fill the memory. */
void past(const Plan *w, State *r, Scratch *s, int row) {
    const Parameters *p = (const Parameters *)(const void *)ROW(w, parameters, row);
    const Books none = {0, 0, 0};
    int has[MECHANISMS] = {0};
    for (int k = 0; k < w->mechanisms; k++) has[w->section.schedule.at[k]] = 1;
    for (int month = w->start - w->bloc_past; has[MECHANISM_BLOCS] && month < w->start; month++) {
        turn_month(r->past_keys, s->now, STREAMS, month);
        blocs(w, &p->blocs, r, s);
    }
    static const int filling[] = {MECHANISM_DECISION, MECHANISM_CRISIS, MECHANISM_RECORD};
    for (int month = w->start - w->past; month < w->start; month++) {
        turn_month(r->past_keys, s->now, STREAMS, month);
        for (int k = 0; k < 3; k++)
            if (has[filling[k]]) mechanism(w, filling[k], p, r, s, row, &none);
    }
}
