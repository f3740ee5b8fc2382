/* SPDX-License-Identifier: Apache-2.0 */
/* Waits inside a critical section, where no interrupt can end the wait. */
#include <stdint.h>
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

static portMUX_TYPE mux = portMUX_INITIALIZER_UNLOCKED;

void app_main(void);

void app_main(void)
{
    portENTER_CRITICAL(&mux);
    vTaskDelay(10);
    portEXIT_CRITICAL(&mux);
}
