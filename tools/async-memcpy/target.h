/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file to copy to: a temporary file in the same folder, which takes the destination's place when all is
 * well. Until then an existing destination stays as it is. Every failure prints its message.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <sys/stat.h>

struct target {
    char *path;      /* the destination, an existing symbolic link followed */
    char *temporary; /* the file that is open */
    int fd;
};

/* The temporary file, with the permissions that the copy will have and all its space reserved. */
bool target_create(struct target *target, const char *path, const struct stat *source);
/* Put it in its place. After a failure the temporary file is still there. */
bool target_keep(struct target *target);
/* Give everything back; a file that has not been kept is removed. */
void target_close(struct target *target);

#endif
