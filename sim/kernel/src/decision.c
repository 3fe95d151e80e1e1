/* Decision: sim/mechanisms/decision.py. ODD E23 to E29, E68. */

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

#define COUNTED 64    /* up to so many states it is quicker to count who is keener than to select */
#define TOGETHER 1024 /* cells whose weights are worked out together: many enough for wide registers, few enough to stay near */

/* E24 to E27 for `cells` dyads from `first` on: the odds of cooperation, and P(D). */
static void weigh(const decision_parameters *p, const State *r, const double *distance, const double *allied, double *odds,
                  const double *exposure, int64_t first, int64_t cells) {
    const double *t = r->trust + first, *m = r->common_threat + first, *f = r->institutions + first;
    const double *d = r->conflict + first;
    double *confront = r->p_confront + first;
    APART
    for (int64_t k = 0; k < cells; k++) {
        double cooperate, against, excess;
        decision_exponents(p, t[k], m[k], f[k], distance[k], d[k], allied[k], &cooperate, &against);
        decision_drawn_together(p, cooperate, against, exposure[first + k], allied[k], &cooperate, &against);
        excess = larger(larger(cooperate, against) - LARGEST, 0.0);
        decision_weighed(exp_of(cooperate - excess), exp_of(against - excess), odds + k, confront + k);
    }
}

/* The choices of one state (E28): its offers by how keen they are, of which it keeps the best that its budget allows; `mark`
   is 1 for an offer, -1 for a confrontation. */
static void keep(int n, double budget, const double *keen, double *mark, double *offered) {
    if (!(above(keen, 0.0, n) > budget)) return;
    if (n <= COUNTED)
        for (int j = 0; j < n; j++) {
            if (keen[j] == 0.0) continue;
            if (above(keen, keen[j], n) >= budget) mark[j] = 0;
        }
    else {
        int count = 0;
        for (int j = 0; j < n; j++) {
            offered[count] = keen[j];
            count += keen[j] > 0.0;
        }
        double least = budget > 0 ? kth_largest(offered, count, (int)budget - 1) : INFINITY;
        for (int j = 0; j < n; j++) mark[j] = mark[j] > 0.0 && keen[j] < least ? 0.0 : mark[j];
    }
}

/* One draw of all choices (E28) from odds and P(D) of the rows `from` to `till` - 1. */
static void draw(const Plan *w, State *r, Scratch *s, const double *odds, const double *budget, int from, int till) {
    int n = w->n;
    int64_t first = (int64_t)from * n, cells = (int64_t)(till - from) * n;
    const double *chance = r->p_confront + first;
    double *u = s->z, *keen = s->packed, *mark = s->packed_too;
    int8_t *action = r->action + first;
    uniforms(u, s->now[STREAM_DECISION], s->dyad_codes + first, cells);
    for (int i = from; i < till; i++) u[(int64_t)(i - from) * n + i] = 1.0; /* nobody meets himself: his P(D) is 0 */
    APART
    for (int64_t k = 0; k < cells; k++) {
        double score = odds[k] * (1.0 / u[k] - 1.0), against = u[k] > 1.0 - chance[k] ? 1.0 : 0.0;
        double offer = score > 1.0 ? 1.0 - against : 0.0;
        keen[k] = offer * score;
        mark[k] = offer - against;
    }
    for (int i = from; i < till; i++)
        keep(n, budget[i], keen + (int64_t)(i - from) * n, mark + (int64_t)(i - from) * n, s->other_row);
    APART
    for (int64_t k = 0; k < cells; k++) action[k] = (int8_t)mark[k];
}

static int rows_of(int n) { return n < TOGETHER ? TOGETHER / n : 1; }

/* How many partners each state can work with in a month (E29). */
static void budgets(const Plan *w, const decision_parameters *p, const State *r, double *budget) {
    double most = 0;
    for (int i = 0; i < w->n; i++) most = larger(most, r->capability[i]);
    for (int i = 0; i < w->n; i++) {
        double rank = sqrt(r->capability[i] / most);
        budget[i] = rounded((p->attention_base + p->attention_span * rank) * ((w->n - 1) / 19.0));
    }
}

/* Odds and P(D) of the rows `from` to `till` - 1, the former at `odds`. */
static void weigh_rows(const Plan *w, const decision_parameters *p, State *r, Scratch *s, int row, double *odds, int from,
                       int till) {
    int n = w->n;
    int64_t first = (int64_t)from * n, cells = (int64_t)(till - from) * n;
    const double *position = r->affinity;
    const int8_t *tie = r->tie + first;
    double *distance = s->product, *allied = s->packed;
    for (int i = from; i < till; i++) {
        double x = position[i], *apart = distance + (int64_t)(i - from) * n;
        APART
        for (int j = 0; j < n; j++) apart[j] = fabs(x - position[j]);
    }
    APART
    for (int64_t k = 0; k < cells; k++) allied[k] = tie[k] == DEFENCE ? 1.0 : 0.0;
    weigh(p, r, distance, allied, odds, ROW(w, exposure, row), first, cells);
    for (int i = from; i < till; i++) r->p_confront[(int64_t)i * n + i] = 0;
}

void decision(const Plan *w, const decision_parameters *parameters, State *r, Scratch *s, int row) {
    const decision_parameters p = *parameters;
    int n = w->n, rows = rows_of(n);
    budgets(w, &p, r, s->weight);
    for (int from = 0; from < n; from += rows) {
        int till = from + rows < n ? from + rows : n;
        weigh_rows(w, &p, r, s, row, s->matrix, from, till);
        draw(w, r, s, s->matrix, s->weight, from, till);
    }
}

/* Many months of the same world: weigh once, then draw each month. */
void decision_weigh(const Plan *w, const decision_parameters *p, State *r, Scratch *s, int row) {
    int n = w->n, rows = rows_of(n);
    budgets(w, p, r, s->weight);
    for (int from = 0; from < n; from += rows)
        weigh_rows(w, p, r, s, row, s->matrix + (int64_t)from * n, from, from + rows < n ? from + rows : n);
}

void decision_draw(const Plan *w, State *r, Scratch *s) {
    int n = w->n, rows = rows_of(n);
    for (int from = 0; from < n; from += rows)
        draw(w, r, s, s->matrix + (int64_t)from * n, s->weight, from, from + rows < n ? from + rows : n);
}

/* Adds so many times the chances of cooperating and of confronting after the budget, from what decision_weigh left: `expected`
   of decision.py. */
void decision_expected(const Plan *w, const State *r, Scratch *s, double times, double *cooperates, double *confronts) {
    int n = w->n;
    double *above = s->row, *keener = s->other_row;
    for (int64_t c = 0; c < w->nn; c++) confronts[c] += times * r->p_confront[c];
    for (int i = 0; i < n; i++) {
        double *odds = s->matrix + (int64_t)i * n, *chance = cooperates + (int64_t)i * n, most = 1.0;
        odds[i] = 0.0;
        for (int j = 0; j < n; j++) {
            most = larger(most, odds[j]);
            above[j] = odds[j] / (odds[j] + 1.0);
        }
        double step = (log_of(most) + TAIL) / LEVELS;
        for (int level = 0; level < LEVELS; level++) {
            double middle = exp_of((level + 0.5) * step), next = exp_of((level + 1) * step), total = 0, whole = 0;
            for (int j = 0; j < n; j++) {
                keener[j] = odds[j] / (odds[j] + middle);
                total += keener[j];
                whole += keener[j] * (1 - keener[j]);
            }
            for (int j = 0; j < n; j++) {
                double k = keener[j], after = level + 1 < LEVELS ? odds[j] / (odds[j] + next) : 0.0;
                chance[j] += times * (above[j] - after) * decision_has_attention(s->weight[i], total - k, whole - k * (1 - k));
                above[j] = after;
            }
        }
    }
}
