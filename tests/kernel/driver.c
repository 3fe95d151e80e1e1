/* driver PLAN RESULTS COUNT: puts a plan to rest whose rows all decide alike, carries out COUNT replicates, and writes both
   blocks back: the kernel without Python, for machines that are emulated. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { int32_t stop, reserved; int64_t done; } Control;
extern void entente_prepare(void);
extern void *entente_room(int64_t);
extern int32_t entente_frequencies(const uint8_t *, int64_t, int32_t, uint64_t, int32_t, int32_t, double *, double *, Control *);
extern int32_t entente_rest(uint8_t *, int64_t, int32_t, const double *, const double *);
extern int32_t entente_run(const uint8_t *, int64_t, int32_t, int32_t, uint8_t *, int64_t, Control *);

static uint8_t *read_file(const char *name, int64_t *bytes) {
    FILE *file = fopen(name, "rb");
    if (!file) exit(2);
    fseek(file, 0, SEEK_END);
    *bytes = ftell(file);
    rewind(file);
    uint8_t *room = entente_room(*bytes);
    if (fread(room, 1, (size_t)*bytes, file) != (size_t)*bytes) exit(2);
    fclose(file);
    return room;
}

static void write_file(const char *name, const uint8_t *room, int64_t bytes) {
    FILE *file = fopen(name, "wb");
    if (!file || fwrite(room, 1, (size_t)bytes, file) != (size_t)bytes) exit(2);
    fclose(file);
}

int main(int count, char **words) {
    int64_t plan_bytes, result_bytes;
    Control control = {0, 0, 0};
    if (count != 4) return 2;
    uint8_t *plan = read_file(words[1], &plan_bytes), *results = read_file(words[2], &result_bytes);
    int states = *(int32_t *)(void *)(plan + *(uint64_t *)(void *)(plan + 32)); /* the first of the counts */
    int64_t cells = (int64_t)states * states;
    double *cooperates = calloc((size_t)cells, 8), *confronts = calloc((size_t)cells, 8);
    entente_prepare();
    int said = entente_frequencies(plan, plan_bytes, 0, 0, 256, 16, cooperates, confronts, &control);
    for (int64_t k = 0; k < cells; k++) {
        cooperates[k] /= 16 * 256;
        confronts[k] /= 16 * 256;
    }
    if (!said) said = entente_rest(plan, plan_bytes, 0, cooperates, confronts);
    if (!said) said = entente_run(plan, plan_bytes, 0, atoi(words[3]), results, result_bytes, &control);
    write_file(words[1], plan, plan_bytes);
    write_file(words[2], results, result_bytes);
    return said;
}
