/* SPDX-License-Identifier: Apache-2.0 */
/* A child of fork() has no chip until it asks for one, and that is a fresh one. */
#include "fixture.h"
#include <sys/wait.h>
#include <unistd.h>
#include "esp_log.h"
#include "etm_objects.h"

struct wired {
    async_memcpy_t trigger;
    async_memcpy_t driver;
    esp_etm_event_handle_t event;
    esp_etm_task_handle_t task;
    esp_etm_channel_handle_t channel;
    unsigned char *memory;
    struct seen seen;
};

static bool wire_up(struct wired *wired)
{
    const esp_etm_channel_config_t channel = {.flags = {.allow_pd = 0}};
    async_memcpy_config_t config = ASYNC_MEMCPY_DEFAULT_CONFIG();
    memset(wired, 0, sizeof *wired);
    wired->memory = heap_caps_malloc(200, MALLOC_CAP_DMA);
    return wired->memory != NULL && esp_async_memcpy_install_gdma_ahb(&config, &wired->trigger) == ESP_OK &&
           esp_async_memcpy_install_gdma_ahb(&config, &wired->driver) == ESP_OK &&
           esp_async_memcpy_new_etm_event(wired->trigger, ASYNC_MEMCPY_ETM_EVENT_COPY_DONE, &wired->event) ==
               ESP_OK &&
           esp_async_memcpy_new_etm_task(wired->driver, wired->memory + 100, wired->memory, 100, see,
                                         &wired->seen, &wired->task) == ESP_OK &&
           esp_etm_new_channel(&channel, &wired->channel) == ESP_OK &&
           esp_etm_channel_connect(wired->channel, wired->event, wired->task) == ESP_OK &&
           esp_etm_channel_enable(wired->channel) == ESP_OK;
}

static bool take_down(struct wired *wired)
{
    bool done = esp_etm_channel_disable(wired->channel) == ESP_OK &&
                esp_etm_del_channel(wired->channel) == ESP_OK && esp_etm_del_event(wired->event) == ESP_OK &&
                esp_etm_del_task(wired->task) == ESP_OK &&
                esp_async_memcpy_uninstall(wired->driver) == ESP_OK &&
                esp_async_memcpy_uninstall(wired->trigger) == ESP_OK;
    heap_caps_free(wired->memory);
    return done;
}

static bool runs(struct wired *wired)
{
    unsigned before = atomic_load(&wired->seen.calls);
    memset(wired->memory, (int)before + 1, 100);
    return esp_memcpy_blocking(wired->trigger, wired->memory + 50, wired->memory, 4, 5000) == ESP_OK &&
           await(&wired->seen.calls, before + 1) && memcmp(wired->memory, wired->memory + 100, 100) == 0;
}

static bool has_own_chip(void)
{
#ifdef __SANITIZE_THREAD__ /* does not let a forked child create threads */
    return true;
#else
    struct wired own;
    return wire_up(&own) && runs(&own) && runs(&own) && take_down(&own);
#endif
}

/* What the child finds; 0: all is well. */
static int live_as_child(struct wired *parents)
{
    struct etm_channel_view view;
    esp_etm_task_handle_t task;
    etm_read_channel(0, &view);
    if (!view.connected || view.event_hardware != 0 || view.source != 0) {
        return 1; /* the parent's event should be inert */
    }
    if (esp_async_memcpy_new_etm_task(parents->trigger, parents->memory, parents->memory + 8, 4, NULL, NULL,
                                      &task) != ESP_FAIL) {
        return 2;
    }
    if (!take_down(parents)) {
        return 3;
    }
    return has_own_chip() ? 0 : 4;
}

static void child_of_fork_begins_anew(void **state)
{
    (void)state;
    struct wired wired;
    assert_true(wire_up(&wired));
    assert_true(runs(&wired));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        esp_log_level_set("*", ESP_LOG_NONE);
        _exit(live_as_child(&wired));
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(runs(&wired));
    assert_true(take_down(&wired));
}

int main(void)
{
    const struct CMUnitTest tests[] = {chip_test(child_of_fork_begins_anew)};
    return cmocka_run_group_tests(tests, switch_chip_on, NULL);
}
