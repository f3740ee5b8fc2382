/* SPDX-License-Identifier: Apache-2.0 */
/* Critical sections on one core: interrupts are off from the first entry into any of them to the last exit.
 */
#include "freertos/FreeRTOS.h"
#include "port.h"
#include "stop.h"

static uint32_t depth;   /* of all locks together; written masked */
static unsigned outside; /* the state before the first */

void vPortMutexInitialize(portMUX_TYPE *mux)
{
    *mux = (portMUX_TYPE)portMUX_INITIALIZER_UNLOCKED;
}

void vPortEnterCritical(portMUX_TYPE *mux)
{
    unsigned state = port_irq_mask();
    if (depth == 0) {
        outside = state;
    }
    depth++;
    mux->depth++;
}

void vPortExitCritical(portMUX_TYPE *mux)
{
    if (mux->depth == 0) {
        compat_stop("portEXIT_CRITICAL() of a lock that this task has not entered");
    }
    mux->depth--;
    depth--;
    if (depth == 0) {
        port_irq_unmask(outside);
    }
}
