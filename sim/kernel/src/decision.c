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

void decision(const Plan *w, const decision_parameters *parameters, State *r, Scratch *s) {
    const decision_parameters p = *parameters;
    int n = w->n;
    double most = 0;
    for (int i = 0; i < n; i++) most = larger(most, r->capability[i]);
    for (int i = 0; i < n; i++) {
        const double *restrict t = r->trust + i * n, *restrict m = r->common_threat + i * n;
        const double *restrict f = r->institutions + i * n, *restrict d = r->conflict + i * n;
        const double *restrict position = r->affinity;
        const int8_t *restrict tie = r->tie + i * n;
        double *restrict confront = r->p_confront + i * n, *restrict score = s->row, *restrict u = s->u, x = position[i];
        int8_t *restrict action = r->action + i * n;
        uniforms(u, s->now[STREAM_DECISION], s->dyad_codes + (int64_t)i * n, n);
        for (int j = 0; j < n; j++) { /* E24 to E27 */
            double cooperate, against, odds, chance, excess;
            double allied = tie[j] == DEFENCE ? 1.0 : 0.0;
            decision_exponents(&p, t[j], m[j], f[j], fabs(x - position[j]), d[j], allied, &cooperate, &against);
            excess = larger(larger(cooperate, against) - LARGEST, 0.0);
            decision_weighed(exp_of(cooperate - excess), exp_of(against - excess), &odds, &chance);
            confront[j] = chance;
            score[j] = odds * (1.0 / u[j] - 1.0);
        }
        int offers = 0;
        double *offered = s->other_row;
        for (int j = 0; j < n; j++) { /* E28 */
            int confronts = (u[j] > 1.0 - confront[j]) & (j != i), offer = (score[j] > 1.0) & !confronts & (j != i);
            offered[offers] = score[j];
            offers += offer;
            action[j] = (int8_t)(offer - confronts);
        }
        confront[i] = 0;
        double rank = sqrt(r->capability[i] / most); /* E29 */
        double budget = rounded((p.attention_base + p.attention_span * rank) * ((n - 1) / 19.0));
        if (offers > budget) {
            double least = budget > 0 ? kth_largest(offered, offers, (int)budget - 1) : INFINITY;
            for (int j = 0; j < n; j++) action[j] = (int8_t)((action[j] > 0) & (score[j] < least) ? 0 : action[j]);
        }
    }
}
