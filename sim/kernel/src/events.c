/* Events: sim/events. ODD E10 to E15, E63, E64, E72. What a type does to a replicate is one case below. */

#include "equations.h"
#include "kernel.h"

enum { /* positions among STATE, by the names of the arrays */
#define X(name, type, size, low, high) AT_##name,
    FOR_STATE(X)
#undef X
};
static const double LOW[STATE_ARRAYS] = {
#define X(name, type, size, low, high) low,
    FOR_STATE(X)
#undef X
};
static const double HIGH[STATE_ARRAYS] = {
#define X(name, type, size, low, high) high,
    FOR_STATE(X)
#undef X
};
static const int WHOLE[STATE_ARRAYS] = { /* whether it is of one-byte whole numbers; else of real numbers */
#define X(name, type, size, low, high) sizeof(type) == 1,
    FOR_STATE(X)
#undef X
};

static void *array_of(State *r, int variable) {
    switch (variable) {
#define X(name, type, size, low, high) case AT_##name: return r->name;
    FOR_STATE(X)
#undef X
    default: return 0;
    }
}

typedef struct { /* an event, and its numbers in a replicate */
    const int32_t *about;
    const double *numbers;
    int start;
} Event;

static Event event_of(const Plan *w, const State *r, int row, int k) {
    Event e = {INFO(w, k), ROW(w, event_numbers, row), r->event_start[k]};
    return e;
}

/* Where a dated event can be passed over: not yet begun, or over. */
static int idle(const Event *e, int month) {
    const int32_t *a = e->about;
    if (a[EVENT_ON] < 0) return 0;
    return month < a[EVENT_ON] || (a[EVENT_UNTIL] >= 0 && month >= a[EVENT_UNTIL]) ||
           (month > a[EVENT_ON] &&
            (a[EVENT_MOMENTARY] || (a[EVENT_MONTHS] >= 0 && month >= a[EVENT_ON] + a[EVENT_MONTHS])));
}

/* Whether it has taken effect and still holds; one with a start that is yet to come has been taken away. */
static int running(const Event *e, int month) {
    const int32_t *a = e->about;
    if (a[EVENT_UNTIL] >= 0 && month >= a[EVENT_UNTIL]) return 0;
    return e->start >= 0 && e->start <= month && (a[EVENT_MONTHS] < 0 || month < e->start + a[EVENT_MONTHS]);
}

static double amount_of(const Event *e, int month) {
    const int32_t *a = e->about;
    int last = a[EVENT_COURSE] - 1, age = month - (a[EVENT_ON] >= 0 ? a[EVENT_ON] : e->start);
    if (last < 0) return e->numbers[a[EVENT_AMOUNT]];
    return e->numbers[a[EVENT_AMOUNT] + (age < 0 ? 0 : age > last ? last : age)];
}

/* ---- conditions */

static int met(const Plan *w, const State *r, int row, int month) {
    const int32_t *c = w->section.condition_table.at + (int64_t)row * CONDITION_COLUMNS;
    if ((c[CONDITION_AFTER] >= 0 && month < c[CONDITION_AFTER]) || (c[CONDITION_UNTIL] >= 0 && month >= c[CONDITION_UNTIL]))
        return 0;
    if (c[CONDITION_KIND] == 0) {
        double value = r->measures[c[CONDITION_COLUMN]], limit = w->section.condition_limits.at[row];
        return c[CONDITION_BELOW] ? value < limit : value > limit;
    }
    int all = c[CONDITION_KIND] == 1;
    for (int part = 0; part < c[CONDITION_PARTS]; part++)
        if (met(w, r, c[CONDITION_FIRST] + part, month) != all) return !all;
    return all;
}

/* Mark the events that take effect this month. */
void events_begin(const Plan *w, State *r, Scratch *s, int row, int month) {
    for (int k = 0; k < w->e; k++) {
        Event e = event_of(w, r, row, k);
        const int32_t *a = e.about;
        int waiting = e.start < 0, now;
        if (a[EVENT_ON] >= 0) {
            now = waiting && a[EVENT_ON] == month;
        } else if (a[EVENT_WHEN] >= 0) {
            const int32_t *c = w->section.condition_table.at + (int64_t)a[EVENT_WHEN] * CONDITION_COLUMNS;
            r->event_held[k] = met(w, r, a[EVENT_WHEN], month) ? r->event_held[k] + 1 : 0;
            now = waiting && r->event_held[k] >= c[CONDITION_MONTHS];
        } else {
            turn_month(r->event_keys + k, &s->event_now, 1, month);
            now = waiting && uniform(s->event_now, 0) < e.numbers[a[EVENT_HAZARD]];
        }
        if (now) r->event_start[k] = month;
    }
}

/* ---- changes of arrays */

enum { PUT, ADD };

static void change_at(State *r, int variable, int cell, int how, double amount) {
    void *array = array_of(r, variable);
    double old = WHOLE[variable] ? ((int8_t *)array)[cell] : ((double *)array)[cell];
    double changed = within(how == ADD ? old + amount : old * 0 + amount, LOW[variable], HIGH[variable]);
    if (WHOLE[variable]) ((int8_t *)array)[cell] = (int8_t)changed;
    else ((double *)array)[cell] = changed;
}

static void book(const Plan *w, const Books *books, int account, int64_t cell, double change) {
    int64_t at = (ACCOUNTS + account) * books->apart + cell;
    (void)w;
    if (account < 0 || change == 0) return;
    if (books->sum) books->sum[at] += change;
    if (books->own) books->own[at] += change;
}

/* Change a variable where an event points; what it does to trust is booked. */
static void change(const Plan *w, State *r, const Event *e, int variable, int how, double amount, const Books *books) {
    const int32_t *cells = w->section.event_cells.at + e->about[EVENT_CELLS];
    for (int k = 0; k < e->about[EVENT_CELL_COUNT]; k++) {
        double before = variable == STATE_TRUST ? r->trust[cells[k]] : 0;
        change_at(r, variable, cells[k], how, amount);
        if (variable == STATE_TRUST) book(w, books, e->about[EVENT_ACCOUNT], cells[k], r->trust[cells[k]] - before);
    }
}

/* E64: ties between a new member and all others, of at least the organisation's level; `leaving`: those of at most its
   level fall to what another organisation of both still promises. Membership is that after the change. */
static void promise(const Plan *w, State *r, const Event *e, int leaving) {
    const int32_t *cells = w->section.event_cells.at + e->about[EVENT_CELLS], *levels = w->section.commitments.at;
    int n = w->n, organisations = w->o, organisation = e->about[EVENT_ORGANISATION];
    int8_t level = (int8_t)levels[organisation];
    if (!level) return;
    for (int k = 0; k < e->about[EVENT_CELL_COUNT]; k++) {
        int i = cells[k] / organisations;
        for (int j = 0; j < n; j++) {
            if (j == i || r->membership[j * organisations + organisation] != 1) continue;
            int8_t kept = NO_TIE;
            for (int o = 0; o < organisations; o++)
                if (o != organisation && r->membership[i * organisations + o] == 1 &&
                    r->membership[j * organisations + o] == 1 && levels[o] > kept)
                    kept = (int8_t)levels[o];
            for (int back = 0; back < 2; back++) {
                int8_t *tie = r->tie + (back ? (int64_t)j * n + i : (int64_t)i * n + j);
                if (!leaving) *tie = *tie > level ? *tie : level;
                else if (*tie <= level) *tie = *tie < kept ? *tie : kept;
            }
        }
    }
}

/* What a momentary event does in the month in which it takes effect. */
static void act(const Plan *w, State *r, const Event *e, const Parameters *p, const Books *books) {
    const int32_t *a = e->about, *cells = w->section.event_cells.at + a[EVENT_CELLS];
    double amount = e->numbers[a[EVENT_AMOUNT]];
    int n = w->n;
    switch (a[EVENT_TYPE]) {
    case TYPE_JOIN:
    case TYPE_LEAVE:
        change(w, r, e, STATE_MEMBERSHIP, PUT, amount, books);
        promise(w, r, e, a[EVENT_TYPE] == TYPE_LEAVE);
        break;
    case TYPE_TIE:
        change(w, r, e, STATE_TIE, PUT, amount, books);
        break;
    case TYPE_RIVALRY: {
        double begins = amount != 0 ? 1 : -1, worth = -p->anchor.rivalry * begins;
        change(w, r, e, STATE_RIVALRY, PUT, amount, books);
        change(w, r, e, STATE_CONFLICT, ADD, p->decision.conflict_rivalry * begins, books);
        change(w, r, e, STATE_ANCHOR_BASE, ADD, worth, books);
        change(w, r, e, STATE_ANCHOR, ADD, worth, books);
        break;
    }
    case TYPE_SHOCK: {
        double lasting = e->numbers[a[EVENT_LASTING]];
        change(w, r, e, a[EVENT_VARIABLE], ADD, amount, books);
        if (a[EVENT_VARIABLE] == STATE_TRUST && lasting != 0) {
            change(w, r, e, STATE_ANCHOR_BASE, ADD, amount * lasting, books);
            change(w, r, e, STATE_ANCHOR, ADD, amount * lasting, books);
        }
        break;
    }
    case TYPE_SET:
        if (a[EVENT_VARIABLE] == STATE_ANCHOR)
            for (int k = 0; k < a[EVENT_CELL_COUNT]; k++) {
                int i = cells[k] / n, j = cells[k] % n;
                double allied = r->tie[cells[k]] == DEFENCE ? 1.0 : 0.0;
                double moved = anchor_moved(&p->anchor, allied, fabs(r->affinity[i] - r->affinity[j]));
                r->anchor_base[cells[k]] = amount - moved;
            }
        change(w, r, e, a[EVENT_VARIABLE], PUT, amount, books);
        break;
    default:
        break;
    }
}

/* ---- wars */

/* By how much each state holds more to the attacked than to the attacker, in the month before the war (E72). */
static void stances(const Plan *w, const State *r, Scratch *s, const Parameters *p, int row, const int32_t *part,
                    double *stance) {
    int n = w->n;
    double *regard = s->matrix;
    blocs_regard(w, &p->blocs, r, s, ROW(w, core, row), regard);
    for (int j = 0; j < n; j++) {
        double to[PARTS] = {0}, count[PARTS] = {0};
        int bound = part[j] == PART_SUPPORTER;
        for (int k = 0; k < n; k++) {
            to[part[k]] += regard[(int64_t)j * n + k];
            count[part[k]] += 1;
            bound |= part[k] == PART_ATTACKER && r->tie[(int64_t)j * n + k] == DEFENCE;
        }
        double q = to[PART_ATTACKED] / count[PART_ATTACKED] - to[PART_ATTACKER] / count[PART_ATTACKER];
        int takes_part = part[j] != PART_ATTACKER && part[j] != PART_ATTACKED && (q > 0 || bound);
        stance[j] = takes_part ? q : 0;
    }
}

/* E72: trust between third states and the two sides, after a month of the war. */
static void solidarity(const Plan *w, State *r, Scratch *s, const Event *e, int k, int row, int month, const Parameters *p,
                       const Books *books) {
    int n = w->n;
    const int32_t *part = w->section.event_cells.at + e->about[EVENT_PARTS];
    double *stance = r->stance + (int64_t)k * n;
    if (p->trust.solidarity == 0 || !running(e, month)) return;
    if (e->start == month) stances(w, r, s, p, row, part, stance);
    for (int j = 0; j < n; j++)
        for (int side = 0; side < n; side++) {
            double pull = p->trust.solidarity * stance[j];
            if (part[side] == PART_ATTACKER) pull = -larger(pull, 0);
            else if (part[side] != PART_ATTACKED) continue;
            if (pull == 0) continue;
            for (int back = 0; back < 2; back++) {
                int64_t cell = back ? (int64_t)side * n + j : (int64_t)j * n + side;
                double before = r->trust[cell];
                r->trust[cell] = before + pull * (pull > 0 ? 1 - before : 1 + before);
                book(w, books, e->about[EVENT_ACCOUNT], cell, r->trust[cell] - before);
            }
        }
}

/* ---- levels that hold while events last */

static int held_by(int type) {
    return type == TYPE_AGREEMENT ? HOLDS_AGREEMENT : type == TYPE_EXERCISE ? HOLDS_EXERCISE
           : type == TYPE_CRISIS || type == TYPE_WAR ? HOLDS_CRISIS : -1;
}

/* Depths of agreements and sizes of exercises add up, the gravest crisis counts (E11, E12, E63). */
static void level(const Plan *w, State *r, int row, int month, int which, double *array, double most) {
    int n = w->n, any = 0;
    for (int k = 0; k < w->e; k++) {
        Event e = event_of(w, r, row, k);
        const int32_t *a = e.about, *cells = w->section.event_cells.at + a[EVENT_CELLS];
        if (held_by(a[EVENT_TYPE]) != which || idle(&e, month) || !running(&e, month)) continue;
        if (!any && r->levels[which]) memset(array, 0, w->nn * sizeof(double));
        any = 1;
        double amount = amount_of(&e, month);
        if (a[EVENT_ORGANISATION] < 0)
            for (int c = 0; c < a[EVENT_CELL_COUNT]; c++) {
                double *x = array + cells[c];
                *x = which == HOLDS_CRISIS ? larger(*x, amount) : *x + amount;
            }
        else
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) {
                    const int8_t *member = r->membership + a[EVENT_ORGANISATION];
                    double *x = array + (int64_t)i * n + j;
                    if (i == j || member[i * w->o] != 1 || member[j * w->o] != 1) continue;
                    *x = which == HOLDS_CRISIS ? larger(*x, amount) : *x + amount;
                }
    }
    if (!any && r->levels[which]) memset(array, 0, w->nn * sizeof(double));
    r->levels[which] = (int8_t)any;
    if (any && most < INFINITY)
        for (int64_t k = 0; k < w->nn; k++) array[k] = smaller(array[k], most);
}

/* Foreign effort against each actor: the latest intervention under way, else the start's (E10). */
static void renew_effort(const Plan *w, State *r, int row, int month) {
    for (int a = 0; a < w->a; a++) {
        int latest = -1;
        r->effort[a] = r->effort_start[a];
        for (int k = 0; k < w->e; k++) {
            Event e = event_of(w, r, row, k);
            if (e.about[EVENT_TYPE] != TYPE_INTERVENTION || idle(&e, month) || !running(&e, month)) continue;
            if (w->section.event_cells.at[e.about[EVENT_CELLS]] != a || e.start < latest) continue;
            r->effort[a] = e.numbers[e.about[EVENT_AMOUNT]];
            latest = e.start;
        }
    }
}

/* Put clamped variables back to their value, where one of `written` (a bit each) is held. */
void events_hold(const Plan *w, State *r, int row, int month, uint64_t written, const Books *books) {
    if (!w->clamps) return;
    for (int k = 0; k < w->e; k++) {
        Event e = event_of(w, r, row, k);
        const int32_t *a = e.about;
        if (a[EVENT_TYPE] != TYPE_CLAMP || !(written >> a[EVENT_VARIABLE] & 1) || idle(&e, month) || !running(&e, month))
            continue;
        change(w, r, &e, a[EVENT_VARIABLE], PUT, e.numbers[a[EVENT_AMOUNT]], books);
    }
}

/* What the events do to this month, after events_begin; gives the parameters of the month. */
const Parameters *events_apply(const Plan *w, State *r, Scratch *s, int row, int month, const Books *books) {
    const double *usual = ROW(w, parameters, row);
    const Parameters *p = (const Parameters *)(const void *)usual;
    if (w->exchanges) {
        memcpy(s->parameters, usual, sizeof(Parameters));
        p = (const Parameters *)(const void *)s->parameters;
    }
    for (int k = 0; k < w->e; k++) {
        Event e = event_of(w, r, row, k);
        if (idle(&e, month)) continue;
        if (e.about[EVENT_PARAMETER] >= 0) {
            if (running(&e, month)) s->parameters[e.about[EVENT_PARAMETER]] = e.numbers[e.about[EVENT_AMOUNT]];
        } else if (e.about[EVENT_PARTS] >= 0) {
            solidarity(w, r, s, &e, k, row, month, p, books);
        } else if (e.start == month) {
            act(w, r, &e, p, books);
        }
    }
    if (w->holds[HOLDS_AGREEMENT])
        level(w, r, row, month, HOLDS_AGREEMENT, r->agreement, HIGH[STATE_AGREEMENT]);
    if (w->holds[HOLDS_CRISIS])
        level(w, r, row, month, HOLDS_CRISIS, r->imposed_crisis, HIGH[STATE_IMPOSED_CRISIS]);
    if (w->holds[HOLDS_EXERCISE])
        level(w, r, row, month, HOLDS_EXERCISE, r->exercise, HIGH[STATE_EXERCISE]);
    if (w->renews) renew_effort(w, r, row, month);
    events_hold(w, r, row, month, ~0ull, books);
    return p;
}
