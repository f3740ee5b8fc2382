/* SPDX-License-Identifier: Apache-2.0 */
/* Executes what is no instruction. */
void app_main(void);

void app_main(void)
{
    __asm__ volatile(".4byte 0xffffffff");
}
