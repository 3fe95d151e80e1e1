/* Decision: sim/mechanisms/decision.py. ODD E23 to E29. */

#include "equations.h"
#include "kernel.h"

#define LARGEST 354.891356446692 /* weights beyond its exponential are scaled down */

static double kth_largest(double *x, int count, int k) { /* quickselect; puts x into another order */
    int low = 0, high = count - 1;
    while (low < high) {
        double pivot = x[(low + high) / 2];
        int i = low, j = high;
        while (i <= j) {
            while (x[i] > pivot) i++;
            while (x[j] < pivot) j--;
            if (i <= j) {
                double t = x[i];
                x[i++] = x[j];
                x[j--] = t;
            }
        }
        if (k <= j) high = j;
        else if (k >= i) low = i;
        else break;
    }
    return x[k];
}

#define TOGETHER 1024 /* cells whose weights are worked out together: many enough for wide registers, few enough to stay near */

/* E24 to E27 for `cells` dyads from `first` on: the score of cooperation (above 1 it is an offer), and P(D). */
static void weigh(const decision_parameters *p, const State *r, const double *distance, const double *allied,
                  const double *u, double *score, int64_t first, int64_t cells) {
    const double *t = r->trust + first, *m = r->common_threat + first, *f = r->institutions + first;
    const double *d = r->conflict + first;
    double *confront = r->p_confront + first;
    APART
    for (int64_t k = 0; k < cells; k++) {
        double cooperate, against, odds, chance, excess;
        decision_exponents(p, t[k], m[k], f[k], distance[k], d[k], allied[k], &cooperate, &against);
        excess = larger(larger(cooperate, against) - LARGEST, 0.0);
        decision_weighed(exp_of(cooperate - excess), exp_of(against - excess), &odds, &chance);
        confront[k] = chance;
        score[k] = odds * (1.0 / u[k] - 1.0);
    }
}

/* E28: confrontations and offers of one state; it keeps the best offers that its budget allows. */
static void choose(int n, int i, const double *confront, const double *u, const double *score, double budget, double *offered,
                   int8_t *action) {
    int offers = 0;
    for (int j = 0; j < n; j++) {
        int confronts = (u[j] > 1.0 - confront[j]) & (j != i), offer = (score[j] > 1.0) & !confronts & (j != i);
        offered[offers] = score[j];
        offers += offer;
        action[j] = (int8_t)(offer - confronts);
    }
    if (offers > budget) {
        double least = budget > 0 ? kth_largest(offered, offers, (int)budget - 1) : INFINITY;
        for (int j = 0; j < n; j++) action[j] = (int8_t)((action[j] > 0) & (score[j] < least) ? 0 : action[j]);
    }
}

void decision(const Plan *w, const decision_parameters *parameters, State *r, Scratch *s) {
    const decision_parameters p = *parameters;
    int n = w->n, rows = n < TOGETHER ? TOGETHER / n : 1;
    const double *position = r->affinity;
    double most = 0, *distance = s->product, *u = s->z, *score = s->matrix, *allied = s->packed;
    for (int i = 0; i < n; i++) most = larger(most, r->capability[i]);
    for (int from = 0; from < n; from += rows) {
        int till = from + rows < n ? from + rows : n;
        int64_t first = (int64_t)from * n, cells = (int64_t)(till - from) * n;
        uniforms(u, s->now[STREAM_DECISION], s->dyad_codes + first, cells);
        for (int i = from; i < till; i++) {
            double x = position[i], *row = distance + (int64_t)(i - from) * n;
            APART
            for (int j = 0; j < n; j++) row[j] = fabs(x - position[j]);
        }
        const int8_t *tie = r->tie + first;
        APART
        for (int64_t k = 0; k < cells; k++) allied[k] = tie[k] == DEFENCE ? 1.0 : 0.0;
        weigh(&p, r, distance, allied, u, score, first, cells);
        for (int i = from; i < till; i++) {
            int64_t row = (int64_t)(i - from) * n;
            double rank = sqrt(r->capability[i] / most); /* E29 */
            double budget = rounded((p.attention_base + p.attention_span * rank) * ((n - 1) / 19.0));
            choose(n, i, r->p_confront + (int64_t)i * n, u + row, score + row, budget, s->other_row, r->action + (int64_t)i * n);
            r->p_confront[(int64_t)i * n + i] = 0;
        }
    }
}
