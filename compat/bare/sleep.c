/* SPDX-License-Identifier: Apache-2.0 */
/* Ticks of the system timer, and sleeping. */
#include "sleep.h"
#include "esp_log.h"
#include "freertos/task.h"
#include "port.h"
#include "stop.h"

#define COUNTS_PER_TICK (PORT_COUNTS_PER_MS * 1000 / configTICK_RATE_HZ)

static struct port_event changed;

int64_t compat_deadline(TickType_t ticks)
{
    return ticks == portMAX_DELAY ? PORT_FOREVER : port_now() + (int64_t)ticks * COUNTS_PER_TICK;
}

void compat_wake(void)
{
    port_event_signal(&changed);
}

bool compat_sleep_until(bool (*ready)(void *what), void *what, int64_t deadline)
{
    for (;;) {
        uint32_t key = port_event_key(&changed);
        if (ready(what)) {
            port_event_cancel(&changed);
            return true;
        }
        if (!port_event_wait(&changed, key, deadline)) {
            return ready(what);
        }
    }
}

static bool never(void *unused)
{
    (void)unused;
    return false;
}

void vTaskDelay(TickType_t xTicksToDelay)
{
    compat_task_only("vTaskDelay()");
    compat_sleep_until(never, NULL, port_now() + (int64_t)xTicksToDelay * COUNTS_PER_TICK);
}

BaseType_t xTaskDelayUntil(TickType_t *pxPreviousWakeTime, TickType_t xTimeIncrement)
{
    compat_task_only("xTaskDelayUntil()");
    int64_t now = port_now() / COUNTS_PER_TICK;
    *pxPreviousWakeTime += xTimeIncrement;
    /* Signed, for the tick count wraps around. */
    int32_t ahead = (int32_t)(*pxPreviousWakeTime - (TickType_t)now);
    if (ahead <= 0) {
        return pdFALSE;
    }
    compat_sleep_until(never, NULL, (now + ahead) * COUNTS_PER_TICK);
    return pdTRUE;
}

TickType_t xTaskGetTickCount(void)
{
    return (TickType_t)(port_now() / COUNTS_PER_TICK);
}

TickType_t xTaskGetTickCountFromISR(void)
{
    return xTaskGetTickCount();
}

uint32_t esp_log_timestamp(void)
{
    return pdTICKS_TO_MS(xTaskGetTickCount());
}

/* There is nobody else to run. */
void vPortYield(void)
{
}

BaseType_t xPortGetCoreID(void)
{
    return 0;
}
