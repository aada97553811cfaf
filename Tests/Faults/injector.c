// Makes system calls fail as they may at any time. Loaded in front of other libraries; INJECT_FAULTS says how:
//
//   eintr   a signal came: any of the calls below does nothing
//   short   read and write do less than asked
//   eio     a regular file or standard input cannot be read, standard output cannot be written
//   enospc  standard output cannot be written: there is no room
//   emfile  nothing can be opened: there are no descriptors
//
// INJECT_RATE of a thousand calls fail, chosen by INJECT_SEED; INJECT_COUNT is a file of eight bytes, in which they are
// counted.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool eintr, shorter, eio, enospc, emfile;
static uint64_t seed, rate;
static atomic_uint_fast64_t calls;
static atomic_uint_fast64_t uncounted;
static atomic_uint_fast64_t *failures = &uncounted;

__attribute__((constructor)) static void begin(void) {
    const char *faults = getenv("INJECT_FAULTS"), *number = getenv("INJECT_SEED");
    if (!faults) return;
    eintr = strstr(faults, "eintr");
    shorter = strstr(faults, "short");
    eio = strstr(faults, "eio");
    enospc = strstr(faults, "enospc");
    emfile = strstr(faults, "emfile");
    seed = number ? strtoull(number, NULL, 10) : 0;
    const char *path = getenv("INJECT_COUNT");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file >= 0) {
        void *page = mmap(NULL, sizeof *failures, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (page != MAP_FAILED) failures = page;
        close(file);
    }
    // Last: from here on calls fail.
    number = getenv("INJECT_RATE");
    rate = number ? strtoull(number, NULL, 10) : 0;
}

// 64 random bits for each call (SplitMix64).
static uint64_t dice(void) {
    uint64_t z = seed + (atomic_fetch_add(&calls, 1) + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static bool hits(uint64_t thrown) { return rate && thrown % 1000 < rate; }

static bool fails(int error) {
    atomic_fetch_add(failures, 1);
    errno = error;
    return true;
}

// What may go wrong with any call on a descriptor.
static bool fails_on(int file, bool writes, uint64_t thrown) {
    if (!hits(thrown)) return false;
    int errors[3], count = 0;
    if (eintr) errors[count++] = EINTR;
    struct stat status;
    bool is_data = writes ? file == 1 : file == 0 || (fstat(file, &status) == 0 && S_ISREG(status.st_mode));
    if (eio && is_data) errors[count++] = EIO;
    if (enospc && writes && is_data) errors[count++] = ENOSPC;
    return count > 0 && fails(errors[(thrown >> 32) % (uint64_t)count]);
}

static size_t shortened(size_t count, uint64_t thrown) {
    if (!shorter || count < 2 || !hits(thrown >> 10)) return count;
    atomic_fetch_add(failures, 1);
    return 1 + (thrown >> 40) % (count - 1);
}

#define ORIGINAL(name, ...) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))(__VA_ARGS__)

ssize_t read(int file, void *buffer, size_t count) {
    uint64_t thrown = dice();
    return fails_on(file, false, thrown) ? -1 : ORIGINAL(read, file, buffer, shortened(count, thrown));
}

ssize_t pread(int file, void *buffer, size_t count, off_t offset) {
    uint64_t thrown = dice();
    return fails_on(file, false, thrown) ? -1 : ORIGINAL(pread, file, buffer, shortened(count, thrown), offset);
}

ssize_t pread64(int file, void *buffer, size_t count, off64_t offset) {
    uint64_t thrown = dice();
    return fails_on(file, false, thrown) ? -1 : ORIGINAL(pread64, file, buffer, shortened(count, thrown), offset);
}

ssize_t write(int file, const void *buffer, size_t count) {
    uint64_t thrown = dice();
    return fails_on(file, true, thrown) ? -1 : ORIGINAL(write, file, buffer, shortened(count, thrown));
}

int poll(struct pollfd *files, nfds_t count, int timeout) {
    return eintr && hits(dice()) && fails(EINTR) ? -1 : ORIGINAL(poll, files, count, timeout);
}

static bool cannot_open(void) {
    uint64_t thrown = dice();
    if (!hits(thrown) || !(eintr || emfile)) return false;
    return fails(emfile && (!eintr || thrown >> 63) ? EMFILE : EINTR);
}

// The mode is there if a file may be made.
#define MODE(flags) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) {
    MODE(flags)
    return cannot_open() ? -1 : ORIGINAL(open, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags)
    return cannot_open() ? -1 : ORIGINAL(open64, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return cannot_open() ? -1 : ORIGINAL(openat, folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    MODE(flags)
    return cannot_open() ? -1 : ORIGINAL(openat64, folder, path, flags, mode);
}
