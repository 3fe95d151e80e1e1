/* One month: sim/engine.py. ODD section 3. */

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
