/* The kernel: one month of the model, and a run of it, for what docs/kernel.md says a plan can hold. Functions name their
   equations in docs/odd.md. Arrays are row by row: x[i * n + j]. Sums run in one order, whatever the machine. */

#pragma once
#include "layout.h"
#include "numbers.h"

#define FINE 0
#define STOPPED 1       /* somebody asked for it */
#define BAD_BLOCK (-1)  /* a block of another version, or too short */
#define NO_ROOM (-2)    /* memory is full */
#define NOT_FINITE (-3) /* section fault says where */

enum { NO_TIE, CONSULTATION, DEFENCE };
enum { NON_ALIGNED, EAST, WEST };
enum { COOPERATE = 1, NEUTRAL = 0, CONFRONT = -1 };
enum { PREFIX_NONE, PREFIX_PAST, PREFIX_EXPECTATION, PREFIXES };
enum { HOLDS_AGREEMENT, HOLDS_CRISIS, HOLDS_EXERCISE, HELD };

/* A section of a block: where it starts, rows, and numbers a row. One row serves all replicates. */
#define X(name, type) typedef struct { const type *at; int64_t rows, each; } section_##name;
FOR_PLAN(X)
#undef X

typedef struct { /* a plan, read */
    int n, a, o, sets, watched, hidden, booking, e, conditions, replicates, start, steps, bloc_past, past, yearly_always;
    int spillover, mechanisms;
    int64_t nn, no, an, na, xnn, en; /* numbers a row of arrays */
    int monthly, monthly_hidden, yearly, yearly_hidden; /* columns of a row of measures, without and with hidden dyads */
    int holds[HELD], renews, exchanges, clamps; /* whether the scenario has such events */
#define X(name, type) section_##name name;
    struct { FOR_PLAN(X) } section;
#undef X
} Plan;

typedef struct { /* one replicate between months */
#define X(name, type, size, low, high) type *name;
    FOR_STATE(X)
#undef X
    uint64_t *keys, *event_keys; /* of each stream and event, before the month is mixed in */
    uint64_t *past_keys;
    double *measures;            /* the row read last */
    int8_t *levels;              /* whether an array that events hold is not zero */
} State;

typedef struct { /* what a month needs and forgets, one a thread */
    uint64_t now[STREAMS], event_now;
    uint64_t *dyad_codes, *pair_codes, *own_codes /* actor, state */;
    double *u, *z, *row, *other_row, *product, *packed, *packed_too, *booked, *parameters;
    double *weight, *months, *group, *matrix, *matrix_too, *start_trust;
    double *onset, *pact_odds; /* as probabilities of a month */
    int32_t *neighbours, *first_neighbour, *who, *places;
    uint8_t *pact, *hostile;
    int8_t *toward_me, *sides;
    uint64_t *friends, *enemies;
} Scratch;

typedef struct { /* where a month's changes of trust by events are booked: sums over replicates, and one replicate's own */
    double *sum, *own;       /* of account 0, this month; accounts are `apart` numbers apart */
    int64_t apart;
} Books;

/* the row of a section, or of a state, that a replicate uses */
#define ROW(w, name, r) ((w)->section.name.at + ((w)->section.name.rows > 1 ? (int64_t)(r) * (w)->section.name.each : 0))
#define INFO(w, k) ((w)->section.event_table.at + (int64_t)(k) * EVENT_COLUMNS)

/* the number of the replicate of a row: the plan has that of each, or of the first */
static inline uint64_t number_of_row(const Plan *w, int row) {
    return w->section.replicate.each > 1 ? w->section.replicate.at[row] : w->section.replicate.at[0] + (uint64_t)row;
}

/* draws.c */
extern void prepare_draws(void);
extern uint64_t mix(uint64_t z);
extern double uniform(uint64_t now, uint64_t cell);
extern void uniforms(double *u, uint64_t now, const uint64_t *cells, int64_t count);
extern void normals(double *z, uint64_t now, const uint64_t *cells, int64_t count);
extern void turn_month(const uint64_t *keys, uint64_t *now, int count, int month);
extern void replicate_keys(const uint64_t *streams, uint64_t *keys, int64_t count, uint64_t replicate);
extern void codes(const Plan *w, Scratch *s);
extern int turns(const Plan *w, const Scratch *s, int opportunity, int order, double rate, int32_t *who);

/* products.c */
extern void pack(double *packed, const double *rows, int n, int wide, int columns);
extern int wide_of(int columns);
extern void product(double *out, const double *a, const double *b, int n, int wide, int symmetric);

/* one file a mechanism */
extern void insurgency(const Plan *w, const insurgency_parameters *p, State *r, Scratch *s, int row);
extern void threat(const Plan *w, const threat_parameters *p, State *r, Scratch *s, int row);
extern void institutions(const Plan *w, const institutions_parameters *p, State *r, Scratch *s);
extern void decision(const Plan *w, const decision_parameters *p, State *r, Scratch *s, int row);
extern void decision_weigh(const Plan *w, const decision_parameters *p, State *r, Scratch *s, int row);
extern void decision_draw(const Plan *w, State *r, Scratch *s);
extern void decision_expected(const Plan *w, const State *r, Scratch *s, double times, double *cooperates, double *confronts);
extern void crisis(const Plan *w, const crisis_parameters *p, State *r, Scratch *s, int row);
extern void crisis_references(const Plan *w, const crisis_parameters *p, const State *r, int row, double *out);
extern void crisis_hazards(const Plan *w, const crisis_parameters *p, const State *r, const Scratch *s, int row,
                           const double *reference, double *out);
extern void trust_expected(const Plan *w, const trust_parameters *p, State *r, Scratch *s, const double *cooperates,
                           const double *confronts, const double *hazard, double *out);
extern void trust(const Plan *w, const trust_parameters *p, State *r, Scratch *s, int row, const Books *books);
extern void ties(const Plan *w, const ties_parameters *p, State *r, Scratch *s, int row);
extern void affinity(const Plan *w, const affinity_parameters *p, State *r, Scratch *s, int row);
extern void anchor(const Plan *w, const anchor_parameters *p, State *r);
extern void blocs(const Plan *w, const blocs_parameters *p, State *r, Scratch *s, int row);
extern void blocs_regard(const Plan *w, const blocs_parameters *p, const State *r, Scratch *s, const int8_t *core, double *out);
extern void record(const Plan *w, State *r);

/* events.c */
extern void events_begin(const Plan *w, State *r, Scratch *s, int row, int month);
extern const Parameters *events_apply(const Plan *w, State *r, Scratch *s, int row, int month, const Books *books);
extern void events_hold(const Plan *w, State *r, int row, int month, uint64_t written, const Books *books);

/* measures.c and balance.c */
extern void read_monthly(const Plan *w, State *r, Scratch *s, int row);
extern void read_yearly(const Plan *w, State *r, Scratch *s, int row);
extern void alignment_of(const Plan *w, const State *r, int row, double *lean, double *out);
extern void balance_measures(const Plan *w, const State *r, Scratch *s, double *out);

/* plan.c */
typedef struct { char magic[8]; uint32_t version, sections; uint64_t bytes, digest; } Header;
typedef struct { uint64_t offset, rows, each; } Entry;
extern int block_is(const uint8_t *block, int64_t bytes, const char *magic, uint32_t sections);
extern int plan_open(Plan *w, const uint8_t *block, int64_t bytes);
extern int64_t state_bytes(const Plan *w);
extern void state_lay(const Plan *w, State *r, uint8_t *block);
extern int state_open(const Plan *w, State *r, uint8_t *block, int64_t bytes);
extern void state_begin(const Plan *w, State *r, int row);
extern int64_t scratch_bytes(const Plan *w);
extern void scratch_lay(const Plan *w, Scratch *s, uint8_t *block);

/* month.c and start.c */
extern int month_passes(const Plan *w, State *r, Scratch *s, int row, int month, const Books *books, const int8_t *imposed,
                        int checked);
extern int are_finite(const double *x, int64_t count);
extern void perceive(const Plan *w, State *r, Scratch *s, int row);
extern void rest(const Plan *w, State *r, Scratch *s, int row, const double *cooperates, const double *confronts);
extern void past(const Plan *w, State *r, Scratch *s, int row);
