/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"
#include <err.h>
#include <fcntl.h>
#include <unistd.h>

static bool check(const struct source *source)
{
    const char *path = source->path;
    char byte;
    if (S_ISDIR(source->stat.st_mode)) {
        warnx("'%s' is a folder; only files can be copied", path);
    } else if (!S_ISREG(source->stat.st_mode)) {
        warnx("'%s' is not a regular file", path);
    } else if (source->stat.st_size == 0 && pread(source->fd, &byte, 1, 0) != 0) {
        warnx("'%s' does not tell its size, as files in /proc do; it cannot be mapped", path);
    } else {
        return true;
    }
    return false;
}

bool source_open(struct source *source, const char *path)
{
    source->path = path;
    /* O_NONBLOCK: a pipe without a writer is to be refused, not waited for. */
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source->fd < 0) {
        warn("cannot open '%s'", path);
        return false;
    }
    if (fstat(source->fd, &source->stat) != 0) {
        warn("cannot examine '%s'", path);
    } else if (check(source)) {
        return true;
    }
    close(source->fd);
    return false;
}

bool source_unchanged(const struct source *source)
{
    struct stat now;
    const struct stat *then = &source->stat;
    if (fstat(source->fd, &now) != 0) {
        warn("cannot examine '%s'", source->path);
        return false;
    }
    if (now.st_size != then->st_size || now.st_mtim.tv_sec != then->st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != then->st_mtim.tv_nsec) {
        warnx("'%s' changed while it was being copied", source->path);
        return false;
    }
    return true;
}

void source_close(struct source *source)
{
    close(source->fd);
}
