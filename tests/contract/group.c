/* SPDX-License-Identifier: Apache-2.0 */
#include "group.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

static bool is_group(const struct group *group, const char *wish)
{
    return wish == NULL || strcmp(group->name, wish) == 0;
}

static bool has_match(const struct group *group, const char *pattern)
{
    for (size_t i = 0; i < group->count; i++) {
        if (fnmatch(pattern, group->tests[i].name, 0) == 0) {
            return true;
        }
    }
    return false;
}

static int run_group(const char *suite, const struct group *group)
{
    char name[80];
    snprintf(name, sizeof name, "%s.%s", suite, group->name);
    return _cmocka_run_group_tests(name, group->tests, group->count, NULL, NULL);
}

int run_groups(const char *suite, const struct group *const *groups, size_t count, int argc, char **argv)
{
    const char *wish = argc > 1 ? argv[1] : NULL;
    bool group_named = wish == NULL;
    for (size_t i = 0; i < count; i++) {
        group_named |= is_group(groups[i], wish);
    }
    if (!group_named) {
        cmocka_set_test_filter(wish);
    }
    int failed = 0;
    unsigned ran = 0;
    for (size_t i = 0; i < count; i++) {
        if (group_named ? is_group(groups[i], wish) : has_match(groups[i], wish)) {
            failed += run_group(suite, groups[i]);
            ran++;
        }
    }
    if (ran == 0) {
        fprintf(stderr, "%s: no group and no test is called %s\n", suite, wish);
    }
    return failed != 0 || ran == 0;
}
