/* SPDX-License-Identifier: Apache-2.0 */
/* esp_etm_dump(): line by line what the table prints, also of objects that have gone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "etm_fixture.h"

static char *dumped; /* the last dump */
static size_t dumped_size;

static void dump(void)
{
    free(dumped);
    dumped = NULL;
    FILE *stream = open_memstream(&dumped, &dumped_size);
    assert_non_null(stream);
    assert_ok(esp_etm_dump(stream));
    assert_int_equal(fclose(stream), 0);
}

static int free_dump(void **state)
{
    free(dumped);
    dumped = NULL;
    return fixture_teardown(state);
}

static unsigned count_lines(void)
{
    unsigned count = 0;
    for (const char *c = dumped; *c != '\0'; c++) {
        count += *c == '\n';
    }
    return count;
}

/* Is there a line that begins with this channel and reads so, whatever the spaces between the columns? */
static bool has_line(unsigned number, const char *switched, const char *event, const char *task)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%u %s %s %s", number, switched, event, task);
    char line[128];
    size_t used = 0;
    for (const char *c = dumped; *c != '\0'; c++) {
        if (*c == '\n') {
            line[used] = '\0';
            if (strcmp(line, wanted) == 0) {
                return true;
            }
            used = 0;
        } else if (used + 1 < sizeof line && (*c != ' ' || (used > 0 && line[used - 1] != ' '))) {
            line[used++] = *c; /* several spaces as one, none at the beginning */
        }
    }
    return false;
}

static const char *of_source(const struct etm_source *source)
{
    static char text[64];
    snprintf(text, sizeof text, "source 0x%" PRIxPTR, (uintptr_t)source);
    return text;
}

static const char *of_function(etm_function function)
{
    static char text[64];
    snprintf(text, sizeof text, "function 0x%" PRIxPTR, (uintptr_t)function);
    return text;
}

static void test_null_stream(void **state)
{
    (void)state;
    assert_refused(esp_etm_dump(NULL), ESP_ERR_INVALID_ARG, "esp_etm_dump: out_stream is NULL");
}

static void test_empty_table(void **state)
{
    (void)state;
    dump();
    assert_int_equal(count_lines(), 2);
    assert_ptr_equal(strstr(dumped, "channel"), dumped);
    const char *titles[] = {"channel", "state", "event", "task\n"};
    const char *from = dumped;
    for (unsigned i = 0; i < 4; i++) {
        from = strstr(from, titles[i]);
        assert_non_null(from);
    }
    assert_string_equal(strchr(dumped, '\n') + 1, "0 of 50 ETM channels in use\n");
}

static void test_columns(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[] = {wire(event, task), wire(event, NULL), wire(NULL, task),
                                           new_channel()};
    dump();
    assert_int_equal(count_lines(), 6);
    assert_true(has_line(0, "enabled", of_source(&source), of_function(count_run)));
    assert_true(has_line(1, "enabled", of_source(&source), "none"));
    assert_true(has_line(2, "enabled", "none", of_function(count_run)));
    assert_true(has_line(3, "disabled", "none", "none"));
    assert_non_null(strstr(dumped, "\n4 of 50 ETM channels in use\n"));

    for (unsigned i = 0; i < 3; i++) {
        assert_ok(esp_etm_channel_disable(channels[i]));
    }
    assert_ok(esp_etm_del_channel(channels[1]));
    dump();
    assert_int_equal(count_lines(), 5);
    assert_true(has_line(0, "disabled", of_source(&source), of_function(count_run)));
    assert_true(has_line(2, "disabled", "none", of_function(count_run)));
    assert_non_null(strstr(dumped, "\n3 of 50 ETM channels in use\n"));
    assert_ok(esp_etm_del_channel(channels[0]));
    assert_ok(esp_etm_del_channel(channels[2]));
    assert_ok(esp_etm_del_channel(channels[3]));
    assert_ok(esp_etm_del_event(event));
    assert_ok(esp_etm_del_task(task));
}

/* Under AddressSanitizer this also shows that nothing freed is read. */
static void test_deleted_objects_are_not_shown(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    assert_ok(esp_etm_del_task(task));
    dump();
    assert_true(has_line(0, "enabled", of_source(&source), "none"));
    assert_ok(esp_etm_del_event(event));
    dump();
    assert_true(has_line(0, "enabled", "none", "none"));
    unwire(channel);
}

static void test_inert_events_are_shown_as_such(void **state)
{
    (void)state;
    struct etm_source *source = calloc(1, sizeof *source);
    assert_non_null(source);
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channel = wire(event, task);
    etm_retire(source);
    free(source);
    dump();
    assert_true(has_line(0, "enabled", "inert", of_function(count_run)));
    unwire(channel);
    assert_ok(esp_etm_del_event(event));
    assert_ok(esp_etm_del_task(task));
}

static void test_full_table(void **state)
{
    (void)state;
    struct etm_source source = {0};
    atomic_uint runs = 0;
    esp_etm_event_handle_t event = new_event(&source);
    esp_etm_task_handle_t task = new_task(count_run, &runs);
    esp_etm_channel_handle_t channels[ALL_CHANNELS];
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        channels[i] = wire(event, task);
    }
    dump();
    assert_int_equal(count_lines(), ALL_CHANNELS + 2);
    for (unsigned i = 0; i < ALL_CHANNELS; i++) {
        assert_true(has_line(i, "enabled", of_source(&source), of_function(count_run)));
        unwire(channels[i]);
    }
    assert_non_null(strstr(dumped, "\n50 of 50 ETM channels in use\n"));
    assert_ok(esp_etm_del_event(event));
    assert_ok(esp_etm_del_task(task));
}

#define dump_test(function) cmocka_unit_test_setup_teardown(function, fixture_setup, free_dump)

int main(void)
{
    const struct CMUnitTest tests[] = {
        dump_test(test_null_stream),
        dump_test(test_empty_table),
        dump_test(test_columns),
        dump_test(test_deleted_objects_are_not_shown),
        dump_test(test_inert_events_are_shown_as_such),
        dump_test(test_full_table),
    };
    return cmocka_run_group_tests_name("etm dump", tests, NULL, NULL);
}
