#define _GNU_SOURCE
#include "linux_calls.h"

#include <signal.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

int linux_start_shell(const char *command, int input, int output, pid_t *pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char *const words[] = {"sh", "-c", (char *)command, NULL};
    int result = posix_spawn_file_actions_init(&files);
    if (result) return result;
    if ((result = posix_spawnattr_init(&attributes))) {
        posix_spawn_file_actions_destroy(&files);
        return result;
    }
    sigemptyset(&none);
    sigfillset(&all);
    if (!(result = posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO)) &&
        !(result = posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO)) &&
        !(result = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1)) &&
        !(result = posix_spawnattr_setsigmask(&attributes, &none)) &&
        !(result = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(result = posix_spawnattr_setpgroup(&attributes, 0)) &&
        !(result = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                             POSIX_SPAWN_SETPGROUP)))
        result = posix_spawn(pid, "/bin/sh", &files, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return result;
}
