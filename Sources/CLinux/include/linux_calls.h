/* What Linux offers and Swift's Glibc module leaves out. */
#ifndef LINUX_CALLS_H
#define LINUX_CALLS_H

#include <stddef.h>
#include <sys/types.h>

/* Gives free memory of the allocator back to the system. */
void linux_give_back_memory(void);

/* Lets all threads share so many parts of the allocator's memory, in place of one of its own for each. */
void linux_share_memory(int parts);

/* Gives threads that are started from here on a stack of at least so many bytes; returns how large it is. By itself it is what
   `ulimit -s` says. */
size_t linux_ensure_stacks(size_t least);

/* The version of Landlock that the kernel has in force; 0 where it has none. */
int linux_landlock_version(void);

/* Takes from the calling thread, and from those that it starts later, all access to files but this: reading what lies at
   or beneath `readable`, and writing, making and removing files beneath `writable` (descriptors, opened with O_PATH). From
   version 4 on no TCP either, from 6 on no signals to other processes and no abstract sockets. Descriptors that are open stay
   as they are.

   Returns 0, or what the system said. */
int linux_restrict_files(const int *readable, size_t readable_count, const int *writable, size_t writable_count);

/* Takes from all threads of the process the calls that start programs, open sockets, or look into other processes: they fail
   with EPERM. Needs linux_gain_nothing. Returns 0, or what the system said. */
int linux_restrict_calls(void);

/* No program that is started from here on gains a privilege (no_new_privs). Returns 0, or what the system said. */
int linux_gain_nothing(void);

/* Starts a command line with /bin/sh, in a process group of its own, with these descriptors as standard input and output, no
   other but standard error, and no signal blocked or ignored. Returns 0, or what the system said. */
int linux_start_shell(const char *command, int input, int output, pid_t *pid);

#endif
