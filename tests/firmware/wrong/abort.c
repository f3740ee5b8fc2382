/* SPDX-License-Identifier: Apache-2.0 */
/* Calls abort(). */
#include <stdlib.h>

void app_main(void);

void app_main(void)
{
    abort();
}
