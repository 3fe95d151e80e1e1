/* Trust and its ledger: sim/mechanisms/trust.py. ODD E32 to E35. */

#include "equations.h"
#include "kernel.h"

enum { COOPERATION, CONFRONTATION, CRISES, BALANCE, INSTITUTIONS, EXERCISES, REVERSION, CHANCE, LIMIT };

/* Agreement about third states, T T' or T T. */
static void balance(const Plan *w, const trust_parameters *p, State *r, Scratch *s) {
    int n = w->n, wide = wide_of(n), square = p->balance_product == TRUST_BALANCE_PRODUCT_SQUARE;
    for (int i = 0; i < n; i++) {
        double *a = s->packed + (int64_t)i * wide * 4, *b = s->packed_too + (int64_t)i * wide * 4;
        memcpy(a, r->trust + (int64_t)i * n, n * sizeof(double));
        for (int k = n; k < wide * 4; k++) a[k] = 0;
        if (!square) continue;
        for (int k = 0; k < n; k++) b[k] = r->trust[(int64_t)k * n + i];
        for (int k = n; k < wide * 4; k++) b[k] = 0;
    }
    product(s->product, s->packed, square ? s->packed_too : s->packed, n, wide, !square);
    double step = p->balance / n, *restrict pull = s->product;
    for (int64_t k = 0; k < w->nn; k++) pull[k] = step * pull[k];
    for (int i = 0; i < n; i++) pull[(int64_t)i * n + i] = 0;
}

/* E6: the terms of the starting world, actions replaced by their frequencies and crises by their hazards. */
void trust_expected(const Plan *w, const trust_parameters *parameters, State *r, Scratch *s, const double *cooperates,
                    const double *confronts, const double *hazard, double *out) {
    const trust_parameters p = *parameters;
    int n = w->n;
    int64_t cells = w->nn;
    balance(w, &p, r, s);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            int64_t k = (int64_t)i * n + j, back = (int64_t)j * n + i;
            trust_behavioural(&p, r->trust[k], s->product[k], cooperates[back], confronts[back], hazard[k], hazard[k],
                              r->institutions[k], r->conflict[k], r->exercise[k], out + k, out + cells + k,
                              out + 2 * cells + k, out + 3 * cells + k, out + 4 * cells + k, out + 5 * cells + k);
        }
}

void trust(const Plan *w, const trust_parameters *parameters, State *r, Scratch *s, int row, const Books *books) {
    const trust_parameters p = *parameters;
    int n = w->n;
    int64_t cells = w->nn;
    const double *expected = ROW(w, expected_terms, row);
    balance(w, &p, r, s);
    normals(s->z, s->now[STREAM_TRUST], s->dyad_codes, cells);
    for (int i = 0; i < n; i++) s->z[(int64_t)i * n + i] = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) s->packed[(int64_t)i * n + j] = r->action[(int64_t)j * n + i];
    APART
    for (int64_t k = 0; k < cells; k++) s->packed_too[k] = r->crisis[k];

    const double *restrict t = r->trust, *restrict pull = s->product, *restrict z = s->z, *restrict anchors = r->anchor;
    const double *restrict forced = r->imposed_crisis, *restrict depth = r->institutions;
    const double *restrict conflict = r->conflict, *restrict exercise = r->exercise, *restrict e = expected;
    const double *restrict toward_me = s->packed, *restrict breaks_out = s->packed_too;
    double *restrict b = books->own ? books->own : s->booked, *restrict new = s->matrix;
    int64_t apart = books->own ? books->apart : cells;
    APART
    for (int64_t k = 0; k < cells; k++) {
        double one, two, three, four, five, six;
        double cooperates = toward_me[k] > 0 ? 1.0 : 0.0, confronts = toward_me[k] < 0 ? 1.0 : 0.0;
        double happens = breaks_out[k], severity = forced[k] > 0 ? forced[k] : happens;
        trust_behavioural(&p, t[k], pull[k], cooperates, confronts, happens, severity, depth[k], conflict[k], exercise[k],
                          &one, &two, &three, &four, &five, &six);
        one = one - e[k];
        two = two - e[cells + k];
        three = three - e[2 * cells + k];
        four = four - e[3 * cells + k];
        five = five - e[4 * cells + k];
        six = six - e[5 * cells + k];
        double back = p.reversion * (anchors[k] - t[k]), chance = p.noise * z[k];
        chance = p.saturation != 0.0 ? chance * (1.0 - t[k] * t[k]) : chance;
        double free = t[k] + (((((((one + two) + three) + four) + five) + six) + back) + chance);
        double after = within(free, -p.limit, p.limit);
        b[k] = one;
        b[apart + k] = two;
        b[2 * apart + k] = three;
        b[3 * apart + k] = four;
        b[4 * apart + k] = five;
        b[5 * apart + k] = six;
        b[6 * apart + k] = back;
        b[7 * apart + k] = chance;
        b[8 * apart + k] = after - free;
        new[k] = after;
    }
    memcpy(r->trust, s->matrix, cells * sizeof(double));
    if (books->sum)
        for (int account = 0; account < ACCOUNTS; account++) {
            double *restrict sum = books->sum + account * books->apart;
            const double *restrict term = b + account * apart;
            APART
            for (int64_t k = 0; k < cells; k++) sum[k] += term[k];
        }
}
