/* A run: replicates one after the other within a month, so that the month's sums stay in the cache; and what is recorded of
   them (sim/engine.py, Recorder). Sums over replicates are taken in the order of the replicates. */

#include "kernel.h"
#include <stdlib.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#include <malloc.h>
#define ROOM(bytes) _aligned_malloc((size_t)(bytes), 64)
#define GIVE_BACK _aligned_free
#else
#define EXPORT __attribute__((visibility("default")))
#define ROOM(bytes) aligned_alloc(64, ((size_t)(bytes) + 63) / 64 * 64)
#define GIVE_BACK free
#endif

#define CACHE 1500000 /* bytes of replicates that are carried forward together */
#define MOST_TOGETHER 32

#define X(name, type) typedef struct { type *at; int64_t rows, each; } result_##name;
FOR_RESULTS(X)
#undef X
typedef struct { /* a block of results, read */
#define X(name, type) result_##name name;
    FOR_RESULTS(X)
#undef X
} Results;

typedef struct { /* watched by whoever called: he may ask to stop, and sees how many replicate-months are done */
    int32_t stop, reserved;
    int64_t done;
} Control;

static int results_open(Results *out, const Plan *w, uint8_t *block, int64_t bytes, int count) {
    const Header *head = (const Header *)(const void *)block;
    if (!block_is(block, bytes, "ENTRSLT", RESULT_SECTIONS)) return BAD_BLOCK;
    const Entry *entry = (const Entry *)(const void *)(block + sizeof(Header));
#define X(name, type)                                                                                          \
    if (entry->offset > head->bytes || (entry->each && entry->rows > (head->bytes - entry->offset) / sizeof(type) / entry->each)) \
        return BAD_BLOCK;                                                                                      \
    out->name.at = (type *)(void *)(block + entry->offset);                                                    \
    out->name.rows = (int64_t)entry->rows;                                                                     \
    out->name.each = (int64_t)entry->each;                                                                     \
    entry++;
    FOR_RESULTS(X)
#undef X
    int64_t bounds = w->steps + 1, years = (w->steps + 11) / 12 + 1, accounts = ACCOUNTS + w->booking;
    const int64_t wanted[RESULT_SECTIONS] = {
        bounds * w->monthly, years * w->yearly, bounds * w->n, bounds * w->n, bounds * w->n, w->e,
        bounds * w->nn, bounds * w->nn, bounds * w->nn, bounds * w->nn, accounts * w->steps * w->nn,
        accounts * w->steps * w->nn, bounds * w->nn, w->nn, 3};
    const int once[RESULT_SECTIONS] = {[RESULT_LEDGER_SUM] = 1, [RESULT_TRUST_SUM] = 1, [RESULT_RISING] = 1,
                                       [RESULT_FAULT] = 1};
    const int optional[RESULT_SECTIONS] = {[RESULT_DYADS_TRUST] = 1, [RESULT_DYADS_ACTION] = 1, [RESULT_DYADS_TIE] = 1,
                                           [RESULT_DYADS_CRISIS] = 1, [RESULT_LEDGER] = 1};
    entry -= RESULT_SECTIONS;
    for (int k = 0; k < RESULT_SECTIONS; k++, entry++) {
        if (optional[k] && entry->rows == 0) continue;
        if ((int64_t)entry->each != wanted[k] || (int64_t)entry->rows < (once[k] ? 1 : count)) return BAD_BLOCK;
    }
    return FINE;
}

/* What is read off a replicate at a bound; k is its place in the results, `year` that of a yearly row, or -1. */
static void read_bound(const Plan *w, State *r, Scratch *s, Results *out, int row, int64_t k, int bound, int year) {
    int64_t bounds = w->steps + 1, cells = w->nn, at = k * bounds + bound;
    int n = w->n;
    read_monthly(w, r, s, row);
    memcpy(out->monthly.at + at * w->monthly, r->measures, w->monthly * sizeof(double));
    if (year >= 0 || w->yearly_always) read_yearly(w, r, s, row);
    if (year >= 0)
        memcpy(out->yearly.at + k * out->yearly.each + (int64_t)year * w->yearly, r->measures + w->monthly_hidden,
               w->yearly * sizeof(double));
    for (int i = 0; i < n; i++) {
        int pacts = 0;
        for (int j = 0; j < n; j++) pacts += r->tie[(int64_t)i * n + j] == DEFENCE;
        out->affinity.at[at * n + i] = (float)r->affinity[i];
        out->capability.at[at * n + i] = (float)r->capability[i];
        out->pacts.at[at * n + i] = (float)pacts;
    }
    double *restrict sum = out->trust_sum.at + bound * cells;
    const double *restrict t = r->trust;
    for (int64_t c = 0; c < cells; c++) sum[c] += t[c];
    if (out->dyads_trust.rows) {
        memcpy(out->dyads_trust.at + at * cells, r->trust, cells * sizeof(double));
        memcpy(out->dyads_action.at + at * cells, r->action, cells);
        memcpy(out->dyads_tie.at + at * cells, r->tie, cells);
        memcpy(out->dyads_crisis.at + at * cells, r->crisis, cells);
    }
}

/* Where a replicate first had a number that is not finite: carried out once more, and looked at after every mechanism. */
static void find_fault(const Plan *w, State *r, Scratch *s, Results *out, int row) {
    const Books none = {0, 0, 0};
    int32_t *fault = out->fault.at;
    state_begin(w, r, row);
    past(w, r, s, row);
    fault[0] = row;
    for (int t = 0; t < w->steps; t++) {
        fault[1] = w->start + t;
        fault[2] = month_passes(w, r, s, row, w->start + t, &none, 0, 1);
        if (fault[2] >= 0) return;
        read_monthly(w, r, s, row);
        if (w->yearly_always) read_yearly(w, r, s, row);
    }
}

static int run(const Plan *w, Results *out, Control *control, int first, int count, uint8_t *room, int together) {
    Scratch s;
    State states[MOST_TOGETHER];
    int64_t each = state_bytes(w), cells = w->nn, accounts = ACCOUNTS + w->booking, apart = (int64_t)w->steps * cells;
    scratch_lay(w, &s, room);
    room += scratch_bytes(w);
    double *starts = (double *)(void *)(room + together * each);
    for (int k = 0; k < together; k++) state_lay(w, states + k, room + k * each);
    for (int from = 0; from < count; from += together) {
        int size = count - from < together ? count - from : together;
        for (int k = 0; k < size; k++) {
            state_begin(w, states + k, first + from + k);
            past(w, states + k, &s, first + from + k);
            read_bound(w, states + k, &s, out, first + from + k, from + k, 0, 0);
            memcpy(starts + k * cells, states[k].trust, cells * sizeof(double));
        }
        for (int t = 0; t < w->steps; t++) {
            int bound = t + 1, year = bound % 12 == 0 ? bound / 12 : bound == w->steps ? bound / 12 + 1 : -1;
            for (int k = 0; k < size; k++) {
                double *own = out->ledger.rows ? out->ledger.at + (int64_t)(from + k) * accounts * apart + t * cells : 0;
                Books books = {out->ledger_sum.at + t * cells, own, apart};
                for (int64_t account = ACCOUNTS; own && account < accounts; account++)
                    memset(own + account * apart, 0, cells * sizeof(double));
                month_passes(w, states + k, &s, first + from + k, w->start + t, &books, 0, 0);
                read_bound(w, states + k, &s, out, first + from + k, from + k, bound, year);
                if (!are_finite(states[k].trust, cells) || !are_finite(states[k].affinity, w->n)) {
                    find_fault(w, states + k, &s, out, first + from + k);
                    return NOT_FINITE;
                }
            }
            __atomic_fetch_add(&control->done, size, __ATOMIC_RELAXED);
            if (__atomic_load_n(&control->stop, __ATOMIC_RELAXED)) return STOPPED;
        }
        for (int k = 0; k < size; k++) {
            const double *now = states[k].trust, *before = starts + k * cells;
            for (int64_t c = 0; c < cells; c++) out->rising.at[c] += now[c] > before[c];
            memcpy(out->started.at + (int64_t)(from + k) * w->e, states[k].event_start, w->e * sizeof(int32_t));
        }
    }
    return FINE;
}

static int together_of(const Plan *w) {
    int64_t many = CACHE / state_bytes(w);
    return many < 1 ? 1 : many > MOST_TOGETHER ? MOST_TOGETHER : (int)many;
}

/* Memory for blocks, for a front end that has none of its own; a multiple of 64, or 0. */
EXPORT void *entente_room(int64_t bytes) { return ROOM(bytes); }
EXPORT void entente_give_back(void *room) { GIVE_BACK(room); }

/* Once, before anything else. */
EXPORT void entente_prepare(void) { prepare_draws(); }

/* What a kernel understands: its version and the digest of its layout. */
EXPORT uint64_t entente_layout(void) { return LAYOUT_DIGEST; }

/* Carry out replicates first to first + count - 1 of a plan; the k-th of them is row k of the results, sums are added to. */
EXPORT int32_t entente_run(const uint8_t *plan, int64_t plan_bytes, int32_t first, int32_t count, uint8_t *results,
                           int64_t result_bytes, Control *control) {
    Plan w;
    Results out;
    int fault = plan_open(&w, plan, plan_bytes);
    if (fault) return fault;
    if (first < 0 || count < 0 || (int64_t)first + count > w.replicates) return BAD_BLOCK;
    fault = results_open(&out, &w, results, result_bytes, count);
    if (fault) return fault;
    int together = together_of(&w);
    int64_t bytes = scratch_bytes(&w) + together * (state_bytes(&w) + (int64_t)(w.nn * sizeof(double)));
    uint8_t *room = ROOM(bytes);
    if (!room) return NO_ROOM;
    memset(room, 0, (size_t)bytes);
    int said = run(&w, &out, control, first, count, room, together);
    GIVE_BACK(room);
    return said;
}

/* The bytes of a saved state, or what is wrong with the plan. */
EXPORT int64_t entente_state_bytes(const uint8_t *plan, int64_t plan_bytes) {
    Plan w;
    int fault = plan_open(&w, plan, plan_bytes);
    return fault ? fault : state_bytes(&w);
}

/* Room for a thread and a state, the latter that of a row of a plan. */
static int one_state(Plan *w, State *r, Scratch *s, uint8_t **room, const uint8_t *plan, int64_t plan_bytes, int32_t row) {
    int fault = plan_open(w, plan, plan_bytes);
    if (fault) return fault;
    if (row < 0 || row >= w->replicates) return BAD_BLOCK;
    int64_t bytes = scratch_bytes(w) + state_bytes(w);
    *room = ROOM(bytes);
    if (!*room) return NO_ROOM;
    memset(*room, 0, (size_t)bytes);
    scratch_lay(w, s, *room);
    state_lay(w, r, *room + scratch_bytes(w));
    state_begin(w, r, row);
    return FINE;
}

/* The state of a plan's row at its start, its past behind it. */
EXPORT int32_t entente_begin(const uint8_t *plan, int64_t plan_bytes, int32_t row, uint8_t *state, int64_t bytes) {
    Plan w;
    State r;
    Scratch s;
    uint8_t *room = 0;
    int fault = one_state(&w, &r, &s, &room, plan, plan_bytes, row);
    if (fault) return fault;
    if (bytes >= state_bytes(&w)) {
        memset(state, 0, (size_t)state_bytes(&w));
        state_lay(&w, &r, state);
        state_begin(&w, &r, row);
        past(&w, &r, &s, row);
        read_monthly(&w, &r, &s, row);
        read_yearly(&w, &r, &s, row);
    } else
        fault = BAD_BLOCK;
    GIVE_BACK(room);
    return fault;
}

/* One month of a state, which becomes that of a month later. `imposed` is null, or an action for each dyad (or BY_ITSELF);
   `booked` is null, or where the month's terms of trust go, (accounts, n, n). */
EXPORT int32_t entente_step(const uint8_t *plan, int64_t plan_bytes, int32_t row, int32_t month, uint8_t *state, int64_t bytes,
                            const int8_t *imposed, double *booked) {
    Plan w;
    State r;
    Scratch s;
    uint8_t *room = 0;
    int fault = one_state(&w, &r, &s, &room, plan, plan_bytes, row);
    if (fault) return fault;
    fault = state_open(&w, &r, state, bytes);
    if (fault == FINE) {
        Books books = {0, booked, w.nn};
        if (booked) memset(booked, 0, (size_t)((ACCOUNTS + w.booking) * w.nn) * sizeof(double));
        month_passes(&w, &r, &s, row, month, &books, imposed, 0);
        read_monthly(&w, &r, &s, row);
        read_yearly(&w, &r, &s, row);
        if (!are_finite(r.trust, w.nn) || !are_finite(r.affinity, w.n)) fault = NOT_FINITE;
    }
    GIVE_BACK(room);
    return fault;
}

/* A state carried on from the start of `month` to that of `stop`. `sum` is null, or the measure of `column` at the end of each
   month from `since` on is added to it; `quiet` is null, or (n, n) numbers, each of which is multiplied by the chance that no
   crisis breaks out in that month. */
EXPORT int32_t entente_carry(const uint8_t *plan, int64_t plan_bytes, int32_t row, int32_t month, int32_t stop, uint8_t *state,
                             int64_t bytes, int32_t column, int32_t since, double *sum, double *quiet, Control *control) {
    Plan w;
    State r;
    Scratch s;
    uint8_t *room = 0;
    int fault = one_state(&w, &r, &s, &room, plan, plan_bytes, row);
    if (fault) return fault;
    const Books none = {0, 0, 0};
    const Parameters *p = (const Parameters *)(const void *)ROW(&w, parameters, row);
    fault = state_open(&w, &r, state, bytes);
    if (sum && (column < 0 || column >= w.monthly_hidden + w.yearly_hidden)) fault = BAD_BLOCK;
    for (; fault == FINE && month < stop; month++) {
        int asked = sum && month >= since, last = month == stop - 1;
        month_passes(&w, &r, &s, row, month, &none, 0, 0);
        if (asked || last || w.conditions) read_monthly(&w, &r, &s, row);
        if ((asked && column >= w.monthly_hidden) || last || w.yearly_always) read_yearly(&w, &r, &s, row);
        if (asked) *sum += r.measures[column];
        if (quiet) {
            crisis_hazards(&w, &p->crisis, &r, &s, row, ROW(&w, crisis_reference, row), s.product);
            for (int64_t k = 0; k < w.nn; k++) quiet[k] *= 1 - s.product[k];
        }
        if (last && (!are_finite(r.trust, w.nn) || !are_finite(r.affinity, w.n))) fault = NOT_FINITE;
        __atomic_fetch_add(&control->done, 1, __ATOMIC_RELAXED);
        if (__atomic_load_n(&control->stop, __ATOMIC_RELAXED)) fault = STOPPED;
    }
    GIVE_BACK(room);
    return fault;
}

/* In how many months each state cooperates with and confronts each other in the starting world (E6): added to `cooperates` and
   `confronts`, (n, n) each, for `count` replicates from `number` on; world and parameters are those of the plan's row. */
EXPORT int32_t entente_frequencies(const uint8_t *plan, int64_t plan_bytes, int32_t row, uint64_t number, int32_t count,
                                   int32_t months, double *cooperates, double *confronts, Control *control) {
    Plan w;
    State r;
    Scratch s;
    uint8_t *room = 0;
    int fault = one_state(&w, &r, &s, &room, plan, plan_bytes, row);
    if (fault) return fault;
    const Parameters *p = (const Parameters *)(const void *)ROW(&w, parameters, row);
    perceive(&w, &r, &s, row);
    decision_weigh(&w, &p->decision, &r, &s, row);
    if (p->decision.expected == DECISION_EXPECTED_COMPUTED) {
        decision_expected(&w, &r, &s, (double)count * months, cooperates, confronts);
        count = 0;
    }
    for (int k = 0; k < count && fault == FINE; k++) {
        replicate_keys(w.section.streams.at + PREFIX_EXPECTATION * STREAMS, r.keys, STREAMS, number + (uint64_t)k);
        for (int month = 0; month < months; month++) {
            turn_month(r.keys, s.now, STREAMS, month);
            decision_draw(&w, &r, &s);
            for (int64_t c = 0; c < w.nn; c++) {
                cooperates[c] += r.action[c] == COOPERATE;
                confronts[c] += r.action[c] == CONFRONT;
            }
        }
        if (__atomic_load_n(&control->stop, __ATOMIC_RELAXED)) fault = STOPPED;
    }
    GIVE_BACK(room);
    return fault;
}

/* Put a row of a plan to rest: what it expects is written into it. `cooperates` and `confronts` are shares of months. */
EXPORT int32_t entente_rest(uint8_t *plan, int64_t plan_bytes, int32_t row, const double *cooperates, const double *confronts) {
    Plan w;
    State r;
    Scratch s;
    uint8_t *room = 0;
    int fault = one_state(&w, &r, &s, &room, plan, plan_bytes, row);
    if (fault) return fault;
    rest(&w, &r, &s, row, cooperates, confronts);
    GIVE_BACK(room);
    return FINE;
}
