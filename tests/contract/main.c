/* SPDX-License-Identifier: Apache-2.0 */
/* The contract suite: contract_ENGINE [GROUP | PATTERN]. */
#include "group.h"

#define GROUPS(g)                                                                                            \
    g(installing) g(refusals) g(copies) g(alignment) g(order) g(backlog) g(batch) g(callbacks) g(waiting)    \
        g(blocking) g(uninstalling) g(etm) g(leaks) g(forking) g(worker) g(caller) g(psram) g(huge) g(idle)

#define DECLARE(theme) extern const struct group theme##_group;
#define LIST(theme)    &theme##_group,

GROUPS(DECLARE)

int main(int argc, char **argv)
{
    static const struct group *const groups[] = {GROUPS(LIST)};
    return run_groups(row.name, groups, sizeof groups / sizeof *groups, argc, argv);
}
