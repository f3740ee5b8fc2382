/* SPDX-License-Identifier: Apache-2.0 */
/* The polling part of a port with one core: nobody else gets on while somebody looks. What each part is:
 * ../port.h. */
#ifndef NO_POLLS_H
#define NO_POLLS_H

#include <stdbool.h>

#define PORT_POLLS false

static inline void port_relax(void)
{
}

struct port_poll {
    char none;
};

static inline void port_poll_begin(struct port_poll *poll, bool patient)
{
    (void)poll;
    (void)patient;
}

static inline bool port_poll_goes_on(struct port_poll *poll)
{
    (void)poll;
    return false;
}

#endif
