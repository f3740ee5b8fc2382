/* SPDX-License-Identifier: Apache-2.0 */
#include "target.h"
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "stop.h"

/* May what stands at the destination be replaced? */
static bool replaceable(const char *path, const struct stat *existing, const struct stat *source)
{
    if (S_ISDIR(existing->st_mode)) {
        warnx("'%s' is a folder; name the file to write", path);
    } else if (!S_ISREG(existing->st_mode)) {
        warnx("'%s' is not a regular file", path);
    } else if (existing->st_dev == source->st_dev && existing->st_ino == source->st_ino) {
        warnx("'%s' is the source itself", path);
    } else if (access(path, W_OK) != 0) {
        warn("cannot write '%s'", path);
    } else {
        return true;
    }
    return false;
}

/* Look at the destination; *exists tells whether there is one. */
static bool look(const char *path, const struct stat *source, struct stat *existing, bool *exists)
{
    *exists = stat(path, existing) == 0;
    if (*exists) {
        return replaceable(path, existing, source);
    }
    if (errno != ENOENT || path[0] == '\0') {
        warn("cannot write '%s'", path);
        return false;
    }
    if (lstat(path, existing) == 0) {
        warnx("'%s' is a symbolic link to nothing", path);
        return false;
    }
    return true;
}

/* The name of a temporary file beside the destination, for mkstemp(). */
static char *temporary_beside(const char *path)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    char *name;
    return asprintf(&name, "%.*s.async-memcpy-XXXXXX", folder, path) < 0 ? NULL : name;
}

/* Permissions as cp gives them: of a new file the source's less the umask, of an existing one its own. */
static bool give_permissions(int fd, const struct stat *source, const struct stat *existing)
{
    if (existing == NULL) {
        mode_t mask = umask(0);
        umask(mask);
        return fchmod(fd, source->st_mode & 0777 & ~mask) == 0;
    }
    /* Owner first: a change of owner takes set-user-ID away. */
    bool same_owner = existing->st_uid == geteuid() && existing->st_gid == getegid();
    return (same_owner || fchown(fd, existing->st_uid, existing->st_gid) == 0) &&
           fchmod(fd, existing->st_mode & 07777) == 0;
}

/* A mapped write that finds the disk full is a SIGBUS, so the space is taken now. */
static bool reserve(int fd, off_t size)
{
    errno = size == 0 ? 0 : posix_fallocate(fd, 0, size);
    return errno == 0;
}

bool target_create(struct target *target, const char *path, const struct stat *source)
{
    struct stat existing;
    bool exists;
    if (!look(path, source, &existing, &exists)) {
        return false;
    }
    *target = (struct target){.path = exists ? realpath(path, NULL) : strdup(path), .fd = -1};
    target->temporary = target->path == NULL ? NULL : temporary_beside(target->path);
    if (target->temporary == NULL) {
        warn("cannot write '%s'", path);
    } else if ((target->fd = stop_mkstemp(target->temporary)) < 0) {
        warn("cannot create a file beside '%s'", path);
    } else if (!give_permissions(target->fd, source, exists ? &existing : NULL)) {
        warn("cannot give the copy the owner and permissions of '%s'", path);
    } else if (!reserve(target->fd, source->st_size)) {
        warn("cannot reserve %jd bytes for '%s'", (intmax_t)source->st_size, path);
    } else {
        return true;
    }
    target_close(target);
    return false;
}

bool target_keep(struct target *target)
{
    if (rename(target->temporary, target->path) != 0) {
        warn("cannot put the copy in the place of '%s'", target->path);
        return false;
    }
    stop_forget();
    free(target->temporary);
    target->temporary = NULL;
    return true;
}

void target_close(struct target *target)
{
    if (target->fd >= 0) {
        if (target->temporary != NULL) {
            unlink(target->temporary);
            stop_forget();
        }
        close(target->fd);
    }
    free(target->temporary);
    free(target->path);
}
