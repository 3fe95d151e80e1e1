/* Ties: sim/mechanisms/ties.py. ODD E36 to E43, E69. */

#include "kernel.h"

static int both(const uint8_t *a, const uint8_t *b, int n) { /* in how many places both are 1 */
    int count = 0;
    for (int k = 0; k < n; k++) count += a[k] & b[k];
    return count;
}

/* E37: worth of a pact of i with each other. */
static void worth_of(const Plan *w, const ties_parameters *p, const State *r, Scratch *s, const int8_t *land, int i) {
    int n = w->n;
    for (int j = 0; j < n; j++) {
        int64_t cell = (int64_t)i * n + j;
        int enemies = both(s->hostile + (int64_t)i * n, s->hostile + (int64_t)j * n, n);
        int shared = both(s->pact + (int64_t)i * n, s->pact + (int64_t)j * n, n);
        double worth = p->constant + p->trust * r->trust[cell] + p->threat * r->common_threat[cell];
        worth = worth + p->distance * fabs(r->affinity[j] - r->affinity[i]) + p->land * land[cell];
        s->weight[j] = worth + p->enemies * log1p_of(enemies) + p->shared * log1p_of(shared);
    }
}

static void take_turns(const Plan *w, const ties_parameters *p, State *r, Scratch *s, const int8_t *land) {
    int n = w->n, count = turns(w, s, STREAM_TIES_OPPORTUNITY, STREAM_TIES_ORDER, p->rate, s->who);
    int consent = p->consent != 0 && p->directed == 0;
    const double *worth = s->weight;
    if (count == 0) return;
    for (int64_t k = 0; k < w->nn; k++) {
        s->pact[k] = r->tie[k] == DEFENCE;
        s->hostile[k] = r->trust[k] < p->hostile;
    }
    for (int turn = 0; turn < count; turn++) {
        int i = s->who[turn], partner = -1, wants;
        const uint64_t *cells = s->dyad_codes + (int64_t)i * n;
        const uint8_t *has = s->pact + (int64_t)i * n;
        double best = -INFINITY;
        worth_of(w, p, r, s, land, i);
        uniforms(s->u, s->now[STREAM_TIES_CHOICE], cells, n);
        if (p->mode == TIES_MODE_ACTOR_ORIENTED) { /* E38, E39 */
            for (int j = 0; j < n; j++) {
                double value = j == i ? 0 : has[j] ? -(worth[j] + p->keep) : worth[j];
                value = value - log_of(-log_of(s->u[j]));
                if (value > best || partner < 0) {
                    best = value;
                    partner = j;
                }
            }
            wants = partner != i;
        } else { /* E41 */
            for (int j = 0; j < n; j++)
                if (j != i && s->u[j] > best) {
                    best = s->u[j];
                    partner = j;
                }
            if (partner < 0) continue;
            double would = worth[partner] + (has[partner] ? p->keep : 0);
            int holds = uniform(s->now[STREAM_TIES_HOLD], cells[i]) < logistic_of(would);
            wants = holds != has[partner];
        }
        if (!wants) continue;
        int making = !has[partner];
        int64_t there = (int64_t)i * n + partner, back = (int64_t)partner * n + i;
        if (making && consent) { /* E40: all of the worth is common to both but the trust */
            double theirs = worth[partner] + p->trust * (r->trust[back] - r->trust[there]);
            if (!(uniform(s->now[STREAM_TIES_CONSENT], cells[partner]) < logistic_of(theirs))) continue;
        }
        r->tie[there] = making ? DEFENCE : NO_TIE;
        s->pact[there] = (uint8_t)making;
        if (p->directed == 0) {
            r->tie[back] = r->tie[there];
            s->pact[back] = s->pact[there];
        }
    }
}

/* E42, E43: formation and dissolution by the pooled yearly dyad logits. */
static void by_hazard(const Plan *w, State *r, Scratch *s, const int8_t *land) {
    int n = w->n;
    uint8_t *rivals = s->hostile;
    for (int64_t k = 0; k < w->nn; k++) {
        s->pact[k] = r->tie[k] == DEFENCE;
        rivals[k] = r->rivalry[k] == 1;
    }
    uint8_t *pact_of = (uint8_t *)s->matrix, *rivals_of = pact_of + w->nn; /* columns as rows: ties may point one way */
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            pact_of[(int64_t)i * n + j] = s->pact[(int64_t)j * n + i];
            rivals_of[(int64_t)i * n + j] = rivals[(int64_t)j * n + i];
        }
    for (int i = 0; i < n; i++) {
        uniforms(s->u, s->now[STREAM_TIES_HAZARD], s->pair_codes + (int64_t)i * n, n);
        for (int j = 0; j < n; j++) {
            int64_t cell = (int64_t)i * n + j;
            if (i == j) continue;
            int allies = both(s->pact + (int64_t)i * n, pact_of + (int64_t)j * n, n);
            int enemies = both(rivals + (int64_t)i * n, rivals_of + (int64_t)j * n, n);
            int mine = both(s->pact + (int64_t)i * n, rivals_of + (int64_t)j * n, n);
            int theirs = both(s->pact + (int64_t)j * n, rivals_of + (int64_t)i * n, n), cross = mine > theirs ? mine : theirs;
            double apart = fabs(r->affinity[i] - r->affinity[j]), logit;
            if (s->pact[cell])
                logit = -5.54 + 2.44 * (allies > 0) - 2.13 * log1p_of(allies) + 0.80 * log1p_of(cross) + 0.47 * apart +
                        0.77 * rivals[cell] + 1.32 * (r->tie[cell] == CONSULTATION);
            else
                logit = -6.98 - 0.45 * (allies > 0) + 0.27 * log1p_of(allies) + 1.01 * log1p_of(enemies) +
                        0.44 * log1p_of(cross) - 0.92 * (r->crisis_months[cell] > 0) + 1.16 * land[cell] - 1.56 * apart -
                        0.15 * log_of(r->capability[i] + r->capability[j]) + 2.37 * (r->tie[cell] == CONSULTATION) +
                        0.34 * rivals[cell];
            double monthly = 1 - power_of(1 - logistic_of(logit), 1.0 / 12);
            if (s->u[j] < monthly) s->sides[cell] = 1;
            else s->sides[cell] = 0;
        }
        s->sides[(int64_t)i * n + i] = 0;
    }
    for (int64_t k = 0; k < w->nn; k++)
        if (s->sides[k]) r->tie[k] = s->pact[k] ? NO_TIE : DEFENCE;
}

/* E69: whoever has no pact makes one at the hazard that the world's grounds give. */
static void by_logit(const Plan *w, State *r, Scratch *s) {
    int n = w->n;
    for (int i = 0; i < n; i++) {
        const double *chance = s->pact_odds + (int64_t)i * n;
        int8_t *tie = r->tie + (int64_t)i * n;
        uniforms(s->u, s->now[STREAM_TIES_LOGIT], s->pair_codes + (int64_t)i * n, n);
        for (int j = 0; j < n; j++)
            if (j != i && s->u[j] < chance[j]) tie[j] = DEFENCE;
    }
}

void ties(const Plan *w, const ties_parameters *p, State *r, Scratch *s, int row) {
    const int8_t *land = ROW(w, land, row);
    if (p->mode == TIES_MODE_OFF) return;
    if (p->mode == TIES_MODE_HAZARD) by_hazard(w, r, s, land);
    else if (p->mode == TIES_MODE_LOGIT) by_logit(w, r, s);
    else take_turns(w, p, r, s, land);
}
