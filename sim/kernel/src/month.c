/* One month: sim/engine.py. ODD section 3. */

#include "kernel.h"

static void mechanism(const Plan *w, int which, const Parameters *p, State *r, Scratch *s, int row, const Books *books) {
    switch (which) {
    case MECHANISM_INSURGENCY: insurgency(w, &p->insurgency, r, s, row); break;
    case MECHANISM_THREAT: threat(w, &p->threat, r, s, row); break;
    case MECHANISM_INSTITUTIONS: institutions(w, &p->institutions, r, s); break;
    case MECHANISM_DECISION: decision(w, &p->decision, r, s, row); break;
    case MECHANISM_CRISIS: crisis(w, &p->crisis, r, s, row); break;
    case MECHANISM_TRUST: trust(w, &p->trust, r, s, row, books); break;
    case MECHANISM_TIES: ties(w, &p->ties, r, s, row); break;
    case MECHANISM_AFFINITY: affinity(w, &p->affinity, r, s, row); break;
    case MECHANISM_ANCHOR: anchor(w, &p->anchor, r); break;
    case MECHANISM_BLOCS: blocs(w, &p->blocs, r, s, row); break;
    case MECHANISM_RECORD: record(w, r); break;
    default: break;
    }
}

/* Whether all of so many numbers are finite. */
int are_finite(const double *x, int64_t count) {
    double sum = 0;
    for (int64_t k = 0; k < count; k++) sum += x[k] * 0; /* 0, unless one is infinite or no number */
    return sum == 0;
}

/* Whether the real numbers that a mechanism may have written are finite. */
static int all_finite(const Plan *w, const State *r, uint64_t written) {
    const double *arrays[STATE_ARRAYS] = {
#define X(name, type, size, low, high) _Generic(*r->name, double: (const double *)(const void *)r->name, default: 0),
        FOR_STATE(X)
#undef X
    };
    const int64_t sizes[STATE_ARRAYS] = {
#define X(name, type, size, low, high) w->size,
        FOR_STATE(X)
#undef X
    };
    for (int k = 0; k < STATE_ARRAYS; k++)
        if ((written >> k & 1) && arrays[k] && !are_finite(arrays[k], sizes[k])) return 0;
    return 1;
}

/* Events, then the mechanisms of the schedule; clamps are put back after each. `imposed` has an action for each dyad, or
   BY_ITSELF, that takes the place of the decision's; or it is null. Where it is `checked`, the first mechanism after which a
   number is not finite is given (MECHANISMS: the events); else -1. */
int month_passes(const Plan *w, State *r, Scratch *s, int row, int month, const Books *books, const int8_t *imposed,
                 int checked) {
    turn_month(r->keys, s->now, STREAMS, month);
    events_begin(w, r, s, row, month);
    const Parameters *p = events_apply(w, r, s, row, month, books);
    if (checked && !all_finite(w, r, ~0ull)) return MECHANISMS;
    for (int k = 0; k < w->mechanisms; k++) {
        int which = w->section.schedule.at[k];
        mechanism(w, which, p, r, s, row, books);
        if (which == MECHANISM_DECISION && imposed)
            for (int64_t c = 0; c < w->nn; c++) r->action[c] = imposed[c] == BY_ITSELF ? r->action[c] : imposed[c];
        events_hold(w, r, row, month, WRITES[which], books);
        if (checked && !all_finite(w, r, WRITES[which])) return which;
    }
    return -1;
}
