/* Record: sim/mechanisms/record.py. ODD E50. */

#include "kernel.h"

void record(const Plan *w, State *r) {
    int n = w->n;
    for (int i = 0; i < n; i++) {
        const int8_t *mine = r->action + (int64_t)i * n;
        uint16_t *months = r->cooperation_months + (int64_t)i * n;
        APART
        for (int j = 0; j < n; j++) {
            unsigned mutual = (mine[j] == COOPERATE) & (r->action[(int64_t)j * n + i] == COOPERATE);
            months[j] = (uint16_t)(((months[j] << 1) | mutual) & 0xFFF);
        }
    }
    uint64_t *restrict crises = r->crisis_months;
    const int8_t *restrict now = r->crisis;
    for (int64_t k = 0; k < w->nn; k++) crises[k] = ((crises[k] << 1) | (uint64_t)now[k]) & ((1ull << 60) - 1);
}
