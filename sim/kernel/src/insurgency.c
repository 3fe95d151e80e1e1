/* Insurgency: sim/mechanisms/insurgency.py. ODD E16 to E18. */

#include "equations.h"
#include "kernel.h"

void insurgency(const Plan *w, const insurgency_parameters *p, State *r, Scratch *s, int row) {
    int n = w->n;
    (void)row;
    for (int j = 0; j < n; j++) { /* E16 */
        int first = s->first_neighbour[j], neighbours = s->first_neighbour[j + 1] - first, toward = 0;
        for (int k = 0; k < neighbours; k++) toward += r->action[s->neighbours[first + k] * n + j] == COOPERATE;
        double share = (double)toward / (neighbours > 1 ? neighbours : 1);
        r->joint_effort[j] = insurgency_remembered(p, r->joint_effort[j], share);
    }
    double growth = exp_of(p->growth);
    for (int a = 0; a < w->a; a++)
        for (int j = 0; j < n; j++) { /* E17 */
            double strength = r->strength[a * n + j], z;
            if (strength == 0) continue;
            normals(&z, s->now[STREAM_INSURGENCY], s->own_codes + a * n + j, 1);
            strength = insurgency_grown(p, strength, growth);
            double attrition = insurgency_attrition_of(p, r->effort[a], r->joint_effort[j]);
            r->strength[a * n + j] = strength * exp_of(p->noise * z - attrition);
        }
    if (!w->spillover) return;
    for (int a = 0; a < w->a; a++) { /* E18 */
        double *strength = r->strength + a * n, *moving = s->row, *arriving = s->other_row;
        for (int j = 0; j < n; j++) {
            moving[j] = s->first_neighbour[j + 1] > s->first_neighbour[j] ? strength[j] * p->spillover : 0;
            arriving[j] = 0;
        }
        for (int i = 0; i < n; i++) {
            int first = s->first_neighbour[i], neighbours = s->first_neighbour[i + 1] - first;
            for (int k = 0; k < neighbours; k++) arriving[s->neighbours[first + k]] += moving[i] * (1.0 / neighbours);
        }
        for (int j = 0; j < n; j++) strength[j] = strength[j] - moving[j] + arriving[j];
    }
}
