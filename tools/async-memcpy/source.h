/* SPDX-License-Identifier: Apache-2.0 */
/* The file to copy from. Every failure prints its message. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <sys/stat.h>

struct source {
    const char *path;
    int fd;
    struct stat stat; /* when it was opened */
};

bool source_open(struct source *source, const char *path);
/* Is it still as it was when it was opened? */
bool source_unchanged(const struct source *source);
void source_close(struct source *source);

#endif
