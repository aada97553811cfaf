#define _GNU_SOURCE
#include "linux_calls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Either call sets glibc's allocator up where nothing has used it before (where a sanitizer stands in for it), and two
   threads that do so at once leave it counting one thread where there are two: the second to end stops the process. */
static pthread_mutex_t allocator = PTHREAD_MUTEX_INITIALIZER;

void linux_give_back_memory(void) {
    pthread_mutex_lock(&allocator);
    malloc_trim(0);
    pthread_mutex_unlock(&allocator);
}

void linux_share_memory(int parts) {
    pthread_mutex_lock(&allocator);
    mallopt(M_ARENA_MAX, parts);
    pthread_mutex_unlock(&allocator);
}

size_t linux_ensure_stacks(size_t least) {
    pthread_attr_t attributes;
    size_t size = 0;
    if (pthread_getattr_default_np(&attributes)) return least;
    pthread_attr_getstacksize(&attributes, &size);
    if (size < least && pthread_attr_setstacksize(&attributes, least) == 0 && pthread_setattr_default_np(&attributes) == 0)
        size = least;
    pthread_attr_destroy(&attributes);
    return size;
}

/* landlock(7). Spelled out, as headers may be older than the kernel. */
enum {
    create_ruleset = 444,
    add_rule = 445,
    restrict_self = 446,
    ask_version = 1,
    rule_path_beneath = 1,
};

static const uint64_t execute = 1 << 0, write_file = 1 << 1, read_file = 1 << 2, read_dir = 1 << 3, remove_file = 1 << 5,
                      make_regular = 1 << 8, refer = 1 << 13, truncate_file = 1 << 14, ioctl_device = 1 << 15;
/* What version 1 knows: the bits below `refer`. */
static const uint64_t first_rights = (1 << 13) - 1;
static const uint64_t bind_and_connect = 3, sockets_and_signals = 3;

struct ruleset {
    uint64_t files, net, scoped;
};

struct path_beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

int linux_landlock_version(void) {
    long version = syscall(create_ruleset, NULL, 0, ask_version);
    return version > 0 ? (int)version : 0;
}

static uint64_t rights_of(int version) {
    return first_rights | (version >= 2 ? refer : 0) | (version >= 3 ? truncate_file : 0) |
           (version >= 5 ? ioctl_device : 0);
}

static int allow(int rules, const int *descriptors, size_t count, uint64_t rights) {
    const uint64_t of_files = execute | write_file | read_file | truncate_file | ioctl_device;
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        if (fstat(descriptors[i], &status) != 0) return errno;
        struct path_beneath rule = {S_ISDIR(status.st_mode) ? rights : rights & of_files, descriptors[i]};
        if (syscall(add_rule, rules, rule_path_beneath, &rule, 0) == 0) continue;
        /* A pipe lies beneath no path and needs no rule. */
        if (errno != EBADFD) return errno;
    }
    return 0;
}

int linux_restrict_files(
    const int *readable, size_t readable_count, const int *writable, size_t writable_count) {
    int version = linux_landlock_version();
    if (version == 0) return ENOSYS;
    struct ruleset handled = {
        rights_of(version), version >= 4 ? bind_and_connect : 0, version >= 6 ? sockets_and_signals : 0};
    /* An older kernel wants the struct as short as it knows it. */
    size_t size = version >= 6 ? sizeof handled : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
    int rules = (int)syscall(create_ruleset, &handled, size, 0);
    if (rules < 0) return errno;
    const uint64_t writing = write_file | remove_file | make_regular | truncate_file | read_file | read_dir;
    int failure = allow(rules, readable, readable_count, read_file | read_dir);
    if (failure == 0) failure = allow(rules, writable, writable_count, writing & handled.files);
    if (failure == 0 && syscall(restrict_self, rules, 0) != 0) failure = errno;
    close(rules);
    return failure;
}

#if defined(__x86_64__)
#define THIS_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_MACHINE AUDIT_ARCH_AARCH64
#endif

#define DENY(name)                                                                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1),                                                                     \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA))

int linux_restrict_calls(void) {
#ifdef THIS_MACHINE
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        /* Calls of another machine's numbering (32 bits) are none of ours. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_MACHINE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        DENY(execve),
        DENY(execveat),
        DENY(socket),
        DENY(socketpair),
        DENY(ptrace),
        DENY(process_vm_readv),
        DENY(process_vm_writev),
        DENY(mount),
        DENY(bpf),
        DENY(perf_event_open),
        DENY(keyctl),
        DENY(unshare),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0) return 0;
    return errno ? errno : EPERM;
#else
    return ENOSYS;
#endif
}

int linux_gain_nothing(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }
