/* SPDX-License-Identifier: Apache-2.0 */
/* A theme of the contract suite: one file, one group of tests. */
#ifndef GROUP_H
#define GROUP_H

#include "scene.h"

struct group {
    const char *name;
    const struct CMUnitTest *tests;
    size_t count;
};

/* At the end of a theme's file: GROUP(name, cmocka_unit_test(…), …) */
#define GROUP(theme, ...)                                                                                    \
    static const struct CMUnitTest theme##_tests[] = {__VA_ARGS__};                                          \
    extern const struct group theme##_group;                                                                 \
    const struct group theme##_group = {#theme, theme##_tests, sizeof theme##_tests / sizeof *theme##_tests}

/* Run the groups: all, the one that argv[1] names, or the tests whose names fit the pattern argv[1]. */
int run_groups(const char *suite, const struct group *const *groups, size_t count, int argc, char **argv);

#endif
