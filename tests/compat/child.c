/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "child.h"

static _Noreturn void be_child(int (*body)(void), int out)
{
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    alarm(20);
    dup2(out, STDERR_FILENO);
    _exit(body());
}

static void read_all(int in, char *said, size_t size)
{
    size_t length = 0;
    ssize_t got;
    char rest[256];
    do {
        bool room = length + 1 < size;
        got = room ? read(in, said + length, size - 1 - length) : read(in, rest, sizeof rest);
        length += room && got > 0 ? (size_t)got : 0;
    } while (got > 0);
    said[length] = '\0';
}

int child_run(int (*body)(void), char *said, size_t size)
{
    int pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(pipe_ends[0]);
        be_child(body, pipe_ends[1]);
    }
    close(pipe_ends[1]);
    read_all(pipe_ends[0], said, size);
    close(pipe_ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

void assert_stops(int (*body)(void), const char *const *expected)
{
    char said[4096];
    int status = child_run(body, said, sizeof said);
    for (; *expected != NULL; expected++) {
        if (strstr(said, *expected) == NULL) {
            fail_msg("\"%s\" is missing in: %s", *expected, said);
        }
    }
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

void assert_child_passes(int (*body)(void))
{
    char said[4096];
    int status = child_run(body, said, sizeof said);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail_msg("the child ended with status %#x, saying: %s", (unsigned)status, said);
    }
}
