/* Products of matrices by rows, A B': each number a sum in four lanes, in one order on every machine. */

#include "kernel.h"

/* Rows are padded with zeros to whole lanes, and their number to a multiple of four. */
int wide_of(int columns) { return (columns + 3) / 4; }

void pack(double *restrict packed, const double *restrict rows, int n, int wide, int columns) {
    for (int i = 0; i < n; i++) memcpy(packed + (int64_t)i * wide * 4, rows + (int64_t)i * columns, columns * sizeof(double));
}

static inline void put(double *restrict out, int i, int j, int n, const lanes *sum, int symmetric) {
    if (i >= n || j >= n) return;
    out[(int64_t)i * n + j] = across(sum);
    if (symmetric) out[(int64_t)j * n + i] = out[(int64_t)i * n + j];
}

void product(double *restrict out, const double *restrict a, const double *restrict b, int n, int wide, int symmetric) {
    const lanes *p = (const lanes *)a, *q = (const lanes *)b;
    int rows = (n + 3) / 4 * 4;
    for (int i = 0; i < rows; i += 4)
        for (int j = 0; j < (symmetric ? i + 4 : rows); j += 2) {
            lanes s00 = {0}, s01 = {0}, s10 = {0}, s11 = {0}, s20 = {0}, s21 = {0}, s30 = {0}, s31 = {0};
            const lanes *a0 = p + (int64_t)i * wide, *a1 = a0 + wide, *a2 = a1 + wide, *a3 = a2 + wide;
            const lanes *b0 = q + (int64_t)j * wide, *b1 = b0 + wide;
            for (int k = 0; k < wide; k++) {
                s00 += a0[k] * b0[k];
                s01 += a0[k] * b1[k];
                s10 += a1[k] * b0[k];
                s11 += a1[k] * b1[k];
                s20 += a2[k] * b0[k];
                s21 += a2[k] * b1[k];
                s30 += a3[k] * b0[k];
                s31 += a3[k] * b1[k];
            }
            put(out, i, j, n, &s00, symmetric);
            put(out, i, j + 1, n, &s01, symmetric);
            put(out, i + 1, j, n, &s10, symmetric);
            put(out, i + 1, j + 1, n, &s11, symmetric);
            put(out, i + 2, j, n, &s20, symmetric);
            put(out, i + 2, j + 1, n, &s21, symmetric);
            put(out, i + 3, j, n, &s30, symmetric);
            put(out, i + 3, j + 1, n, &s31, symmetric);
        }
}
