/* SPDX-License-Identifier: Apache-2.0 */
/* On a chip the start-up code calls app_main(); here this does. */
void app_main(void);

int main(void)
{
    app_main();
    return 0;
}
