/* Counts the calls that change or open something below one folder, and makes one of them fail or kills there.

   Loaded before the C library (LD_PRELOAD), so that Python, HDF5 and Arrow are seen alike. What to do and what was seen lies
   in memory that all processes share; library.py writes and reads it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, RENAME, MKDIR, UNLINK, FSYNC, TRUNCATE, WRITE, KINDS };
enum { MOST = 16384, NAME = 240, FRAMES = 14, KILL = -1 };

struct seen {
    uint64_t site;
    int64_t number;
    int32_t kind, process;
    char path[NAME], other[NAME];
};

struct shared {
    volatile int32_t armed, hit;
    int32_t kind, error, lasting, unused;
    int64_t at, count[KINDS], logged;
    char folder[NAME];
    struct seen log[MOST];
};

static struct shared *shared;

__attribute__((constructor)) static void attach(void) {
    const char *name = getenv("FAULTS_SHARED");
    int file = name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0) : -1;
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) shared = memory;
    syscall(SYS_close, file);
    void *frames[FRAMES];
    backtrace(frames, FRAMES); /* loads what it needs now */
}

/* The place inside the folder that a path means, or NULL. */
static const char *inside(const char *path) {
    size_t length = strlen(shared->folder);
    return path && !strncmp(path, shared->folder, length) && (!path[length] || path[length] == '/') ? path + length : NULL;
}

static void of_number(int number, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", number);
    ssize_t length = syscall(SYS_readlink, link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
}

static void absolute(int folder, const char *name, char *path) {
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    char start[PATH_MAX];
    if (folder == AT_FDCWD) {
        if (syscall(SYS_getcwd, start, sizeof start) < 0) start[0] = 0;
    } else
        of_number(folder, start);
    if (snprintf(path, PATH_MAX, "%s/%s", start, name) >= PATH_MAX) path[0] = 0;
}

/* Who calls, and on what: the return addresses and the name without its digits. */
static uint64_t site_of(const char *place) {
    void *frames[FRAMES];
    int count = backtrace(frames, FRAMES);
    uint64_t hash = 1469598103934665603u;
    for (int k = 0; k < count; k++) hash = (hash ^ (uint64_t)(uintptr_t)frames[k]) * 1099511628211u;
    const char *name = strrchr(place, '/');
    for (name = name ? name : place; *name; name++)
        if (*name < '0' || *name > '9') hash = (hash ^ (uint64_t)*name) * 1099511628211u;
    return hash;
}

/* Count a call; whether it is to fail, with errno set. Does not return where it kills. */
static int fails(int kind, int creates, const char *path, const char *other) {
    const char *place = inside(path), *second = other ? inside(other) : NULL;
    if (!place && !second) return 0;
    int64_t number = __atomic_add_fetch(&shared->count[kind], 1, __ATOMIC_SEQ_CST);
    int64_t row = __atomic_fetch_add(&shared->logged, 1, __ATOMIC_SEQ_CST);
    if (row < MOST) {
        struct seen *seen = &shared->log[row];
        seen->number = number;
        seen->kind = kind;
        seen->process = (int32_t)syscall(SYS_getpid);
        snprintf(seen->path, NAME, "%s", place ? place : "");
        snprintf(seen->other, NAME, "%s", second ? second : "");
        seen->site = site_of(place ? place : second);
    }
    int now = kind == shared->kind && number == shared->at;
    if (now) shared->hit = 1;
    if (!now && !(shared->lasting && shared->hit && creates)) return 0;
    if (shared->error == KILL) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    errno = shared->error;
    return 1;
}

static int fails_at(int kind, int creates, int folder, const char *name) {
    if (!shared || !shared->armed || !name) return 0;
    char path[PATH_MAX];
    absolute(folder, name, path);
    return fails(kind, creates, path, NULL);
}

static int fails_on(int kind, int creates, int number) {
    if (!shared || !shared->armed) return 0;
    char path[PATH_MAX];
    of_number(number, path);
    return fails(kind, creates, path, NULL);
}

static int fails_between(int one_folder, const char *one, int other_folder, const char *other) {
    if (!shared || !shared->armed || !one || !other) return 0;
    char first[PATH_MAX], second[PATH_MAX];
    absolute(one_folder, one, first);
    absolute(other_folder, other, second);
    return fails(RENAME, 0, first, second);
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return fails_at(OPEN, !!(flags & O_CREAT), AT_FDCWD, path) ? -1 : real(path, flags, mode); \
    }
#define OPENS_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(name); \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return fails_at(OPEN, !!(flags & O_CREAT), folder, path) ? -1 : real(folder, path, flags, mode); \
    }
#define OPENS_STREAM(name) \
    FILE *name(const char *path, const char *how) { \
        REAL(name); \
        return fails_at(OPEN, how[0] != 'r', AT_FDCWD, path) ? NULL : real(path, how); \
    }
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
OPENS_STREAM(fopen)
OPENS_STREAM(fopen64)

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    return fails_at(MKDIR, 1, AT_FDCWD, path) ? -1 : real(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(mkdirat);
    return fails_at(MKDIR, 1, folder, path) ? -1 : real(folder, path, mode);
}
int unlink(const char *path) {
    REAL(unlink);
    return fails_at(UNLINK, 0, AT_FDCWD, path) ? -1 : real(path);
}
int rmdir(const char *path) {
    REAL(rmdir);
    return fails_at(UNLINK, 0, AT_FDCWD, path) ? -1 : real(path);
}
int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    return fails_at(UNLINK, 0, folder, path) ? -1 : real(folder, path, flags);
}
int rename(const char *one, const char *other) {
    REAL(rename);
    return fails_between(AT_FDCWD, one, AT_FDCWD, other) ? -1 : real(one, other);
}
int renameat(int from, const char *one, int to, const char *other) {
    REAL(renameat);
    return fails_between(from, one, to, other) ? -1 : real(from, one, to, other);
}
int renameat2(int from, const char *one, int to, const char *other, unsigned int flags) {
    REAL(renameat2);
    return fails_between(from, one, to, other) ? -1 : real(from, one, to, other, flags);
}
int link(const char *one, const char *other) {
    REAL(link);
    return fails_between(AT_FDCWD, one, AT_FDCWD, other) ? -1 : real(one, other);
}
int linkat(int from, const char *one, int to, const char *other, int flags) {
    REAL(linkat);
    return fails_between(from, one, to, other) ? -1 : real(from, one, to, other, flags);
}
int fsync(int number) {
    REAL(fsync);
    return fails_on(FSYNC, 0, number) ? -1 : real(number);
}
int fdatasync(int number) {
    REAL(fdatasync);
    return fails_on(FSYNC, 0, number) ? -1 : real(number);
}

#define TRUNCATES(name, offset) \
    int name(int number, offset length) { \
        REAL(name); \
        return fails_on(TRUNCATE, 1, number) ? -1 : real(number, length); \
    }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

ssize_t write(int number, const void *bytes, size_t count) {
    REAL(write);
    return fails_on(WRITE, 1, number) ? -1 : real(number, bytes, count);
}
#define WRITES_AT(name, offset) \
    ssize_t name(int number, const void *bytes, size_t count, offset at) { \
        REAL(name); \
        return fails_on(WRITE, 1, number) ? -1 : real(number, bytes, count, at); \
    }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)
ssize_t writev(int number, const struct iovec *parts, int count) {
    REAL(writev);
    return fails_on(WRITE, 1, number) ? -1 : real(number, parts, count);
}
#define WRITES_PARTS_AT(name, offset) \
    ssize_t name(int number, const struct iovec *parts, int count, offset at) { \
        REAL(name); \
        return fails_on(WRITE, 1, number) ? -1 : real(number, parts, count, at); \
    }
WRITES_PARTS_AT(pwritev, off_t)
WRITES_PARTS_AT(pwritev64, off64_t)
