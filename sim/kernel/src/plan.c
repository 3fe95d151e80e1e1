/* A plan read, and the memory of a replicate and of a thread. The layout is that of sim/kernel/layout.py. */

#include "equations.h"
#include "kernel.h"

/* Whether a block is one of this version, and all of it there. */
int block_is(const uint8_t *block, int64_t bytes, const char *magic, uint32_t sections) {
    const Header *head = (const Header *)(const void *)block;
    return bytes >= (int64_t)(sizeof(Header) + sections * sizeof(Entry)) && memcmp(head->magic, magic, 8) == 0 &&
           head->version == LAYOUT_VERSION && head->sections == sections && head->bytes <= (uint64_t)bytes &&
           head->digest == LAYOUT_DIGEST;
}

static int section_lies(const uint8_t *block, const Entry *entry, uint64_t size) {
    uint64_t bytes = ((const Header *)(const void *)block)->bytes;
    return entry->offset <= bytes && entry->offset % 64 == 0 && entry->rows <= bytes && entry->each <= bytes &&
           (entry->each == 0 || entry->rows <= (bytes - entry->offset) / size / entry->each);
}

int plan_open(Plan *w, const uint8_t *block, int64_t bytes) {
    if (!block_is(block, bytes, "ENTPLAN", PLAN_SECTIONS)) return BAD_BLOCK;
    const Entry *entry = (const Entry *)(const void *)(block + sizeof(Header));
#define X(name, type)                                                  \
    if (!section_lies(block, entry, sizeof(type))) return BAD_BLOCK;   \
    w->section.name.at = (const type *)(const void *)(block + entry->offset); \
    w->section.name.rows = (int64_t)entry->rows;                       \
    w->section.name.each = (int64_t)entry->each;                       \
    entry++;
    FOR_PLAN(X)
#undef X
    if (w->section.counts.each != COUNTS) return BAD_BLOCK;
    const int32_t *count = w->section.counts.at;
    w->n = count[COUNT_STATES];
    w->a = count[COUNT_ACTORS];
    w->o = count[COUNT_ORGANISATIONS];
    w->sets = count[COUNT_SETS];
    w->watched = count[COUNT_WATCHED];
    w->hidden = count[COUNT_HIDDEN];
    w->booking = count[COUNT_BOOKING];
    w->e = count[COUNT_EVENTS];
    w->conditions = count[COUNT_CONDITIONS];
    w->replicates = count[COUNT_REPLICATES];
    w->start = count[COUNT_START];
    w->steps = count[COUNT_STEPS];
    w->bloc_past = count[COUNT_BLOC_PAST];
    w->past = count[COUNT_PAST];
    w->yearly_always = count[COUNT_YEARLY_ALWAYS];
    w->spillover = count[COUNT_SPILLOVER];
    w->mechanisms = (int)w->section.schedule.each;
    if (w->n < 1 || w->n > 20000 || w->a < 0 || w->o < 0 || w->e < 0 || w->steps < 0) return BAD_BLOCK;
    int64_t n = w->n;
    w->nn = n * n;
    w->no = n * w->o;
    w->an = w->na = n * w->a;
    w->xnn = ACCOUNTS * w->nn;
    int groups = w->o + w->sets, a = w->a;
    w->monthly = 4 * w->n + 3 + 3 * groups + 4 + 4 * w->watched + w->n * a + a;
    w->monthly_hidden = w->monthly + 4 * w->hidden;
    w->yearly = 5 + w->watched;
    w->yearly_hidden = w->yearly + w->hidden;
    w->en = (int64_t)w->e * w->n;
    if (w->section.parameters.each * (int64_t)sizeof(double) != (int64_t)sizeof(Parameters)) return BAD_BLOCK;
    if (w->section.event_table.rows * w->section.event_table.each != (int64_t)w->e * EVENT_COLUMNS) return BAD_BLOCK;
#define X(name, type, size, low, high) \
    if (w->section.name.each != (int64_t)w->size || (w->section.name.rows != 1 && w->section.name.rows != w->replicates)) \
        return BAD_BLOCK;
    FOR_FIXED(X)
    FOR_STATE(X)
#undef X
    if (w->section.onset.rows != 1 || w->section.pact_odds.rows != 1) return BAD_BLOCK; /* no number of grounds is uncertain */
    if (w->section.replicate.each != 1 && w->section.replicate.each != w->replicates) return BAD_BLOCK;
    memset(w->holds, 0, sizeof w->holds);
    w->renews = w->exchanges = w->clamps = 0;
    for (int k = 0; k < w->e; k++) {
        const int32_t *e = INFO(w, k);
        w->holds[HOLDS_AGREEMENT] |= e[EVENT_TYPE] == TYPE_AGREEMENT;
        w->holds[HOLDS_EXERCISE] |= e[EVENT_TYPE] == TYPE_EXERCISE;
        w->holds[HOLDS_CRISIS] |= e[EVENT_TYPE] == TYPE_CRISIS || e[EVENT_TYPE] == TYPE_WAR;
        w->renews |= e[EVENT_TYPE] == TYPE_INTERVENTION || e[EVENT_RENEWS];
        w->exchanges |= e[EVENT_PARAMETER] >= 0;
        w->clamps |= e[EVENT_TYPE] == TYPE_CLAMP;
    }
    return FINE;
}

static uint8_t *take(uint8_t **at, int64_t bytes) {
    uint8_t *here = *at;
    *at += (bytes + 63) / 64 * 64;
    return here;
}

/* A state is a block of its own, so that it can be saved and read by name. */
typedef struct { uint8_t *block, *at; Entry *entry; } Laying;

static void *section_next(Laying *l, int64_t each, int64_t size) {
    uint8_t *here = take(&l->at, each * size);
    if (l->entry) {
        l->entry->offset = (uint64_t)(here - l->block);
        l->entry->rows = 1;
        l->entry->each = (uint64_t)each;
        l->entry++;
    }
    return here;
}

static int64_t state_sections(const Plan *w, State *r, uint8_t *block, int begin) {
    uint8_t *at = block;
    take(&at, sizeof(Header) + STATE_SECTIONS * sizeof(Entry));
    Laying l = {block, at, begin ? (Entry *)(void *)(block + sizeof(Header)) : 0};
#define X(name, type, size, low, high) r->name = (type *)section_next(&l, (int64_t)w->size, sizeof(type));
    FOR_STATE(X)
#undef X
    r->keys = (uint64_t *)section_next(&l, STREAMS, 8);
    r->past_keys = (uint64_t *)section_next(&l, STREAMS, 8);
    r->event_keys = (uint64_t *)section_next(&l, w->e, 8);
    r->measures = (double *)section_next(&l, w->monthly_hidden + w->yearly_hidden, 8);
    r->levels = (int8_t *)section_next(&l, HELD, 1);
    return l.at - block;
}

/* Lay a state out in memory, all of it zero but its header. */
void state_lay(const Plan *w, State *r, uint8_t *block) {
    Header head = {"ENTSTAT", LAYOUT_VERSION, STATE_SECTIONS, (uint64_t)state_bytes(w), LAYOUT_DIGEST};
    state_sections(w, r, block, 1);
    memcpy(block, &head, sizeof head);
}

/* Read a state that was saved. */
int state_open(const Plan *w, State *r, uint8_t *block, int64_t bytes) {
    int64_t wanted = state_sections(w, r, block, 0);
    int fits = block_is(block, bytes, "ENTSTAT", STATE_SECTIONS) && ((const Header *)(void *)block)->bytes == (uint64_t)wanted;
    return fits ? FINE : BAD_BLOCK;
}

int64_t state_bytes(const Plan *w) {
    static uint8_t nothing[1];
    State r;
    return state_sections(w, &r, nothing, 0);
}

/* The world of the plan as a replicate's, its luck at hand. */
void state_begin(const Plan *w, State *r, int row) {
    uint64_t replicate = number_of_row(w, row);
#define X(name, type, size, low, high) memcpy(r->name, ROW(w, name, row), (size_t)w->size * sizeof(type));
    FOR_STATE(X)
#undef X
    replicate_keys(w->section.streams.at, r->keys, STREAMS, replicate);
    replicate_keys(w->section.streams.at + PREFIX_PAST * STREAMS, r->past_keys, STREAMS, replicate);
    replicate_keys(w->section.event_streams.at, r->event_keys, w->e, replicate);
    memset(r->levels, 0, HELD);
}

static void scratch_take(const Plan *w, Scratch *s, uint8_t *block, uint8_t **end) {
    uint8_t *at = block;
    int64_t n = w->n, row = (n + 8) * 8, square = (n + 8) * (n + w->a + 8) * 8, words = (n + 63) / 64;
#define ROOM(name, bytes) s->name = (void *)take(&at, bytes)
    ROOM(dyad_codes, w->nn * 8);
    ROOM(pair_codes, w->nn * 8);
    ROOM(own_codes, w->an * 8);
    ROOM(u, row);
    ROOM(z, square);
    ROOM(row, row);
    ROOM(other_row, row);
    ROOM(weight, row);
    ROOM(group, row);
    ROOM(product, square);
    ROOM(packed, square);
    ROOM(packed_too, square);
    ROOM(months, square);
    ROOM(matrix, square);
    ROOM(matrix_too, square);
    ROOM(onset, w->nn * 8);
    ROOM(pact_odds, w->nn * 8);
    ROOM(booked, ACCOUNTS * w->nn * 8);
    ROOM(parameters, (int64_t)sizeof(Parameters));
    ROOM(neighbours, w->nn * 4);
    ROOM(first_neighbour, (n + 1) * 4);
    ROOM(who, row);
    ROOM(places, row);
    ROOM(pact, w->nn);
    ROOM(hostile, w->nn);
    ROOM(toward_me, w->nn);
    ROOM(sides, w->nn + 2 * n);
    ROOM(friends, n * words * 8);
    ROOM(enemies, n * words * 8);
#undef ROOM
    *end = at;
}

int64_t scratch_bytes(const Plan *w) {
    Scratch s;
    uint8_t *end;
    scratch_take(w, &s, 0, &end);
    return (int64_t)(uintptr_t)end;
}

/* Lay out a thread's memory, all zeros, and fill what does not change: codes, neighbours, and hazards by dyad. */
void scratch_lay(const Plan *w, Scratch *s, uint8_t *block) {
    uint8_t *end;
    const int8_t *land = w->section.land.at;
    int n = w->n, count = 0;
    scratch_take(w, s, block, &end);
    codes(w, s);
    for (int64_t k = 0; k < w->nn; k++) s->onset[k] = hazards_monthly(w->section.onset.at[k]);
    for (int64_t k = 0; k < w->nn; k++) s->pact_odds[k] = hazards_monthly(w->section.pact_odds.at[k]);
    for (int i = 0; i < n; i++) {
        s->first_neighbour[i] = count;
        for (int j = 0; j < n; j++)
            if (land[(int64_t)i * n + j]) s->neighbours[count++] = j;
    }
    s->first_neighbour[n] = count;
}
