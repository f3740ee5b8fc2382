/* SPDX-License-Identifier: Apache-2.0 */
/* esp_log.h: levels, lines, and where they go. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "child.h"
#include "esp_log.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"

static char caught[1024];
static int lines;

static int catch (const char *format, va_list arguments)
{
    size_t length = strlen(caught);
    lines++;
    return vsnprintf(caught + length, sizeof caught - length, format, arguments);
}

static vprintf_like_t usual;

static int set_up(void **state)
{
    (void)state;
    caught[0] = '\0';
    lines = 0;
    usual = esp_log_set_vprintf(catch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    esp_log_set_vprintf(usual);
    esp_log_level_set("*", ESP_LOG_INFO);
    return 0;
}

static void log_at_each_level(const char *tag)
{
    ESP_LOGE(tag, "error");
    ESP_LOGW(tag, "warning");
    ESP_LOGI(tag, "information");
    ESP_LOGD(tag, "detail");
    ESP_LOGV(tag, "everything");
}

static void a_line_has_letter_time_tag_and_text(void **state)
{
    (void)state;
    TickType_t before = xTaskGetTickCount();
    ESP_LOGW("here", "%d of %s", 3, "four");
    TickType_t after = xTaskGetTickCount();
    unsigned time = 0;
    char text[64] = "";
    assert_int_equal(sscanf(caught, "W (%u) here: %63[^\n]", &time, text), 2);
    assert_string_equal(text, "3 of four");
    assert_in_range(time, before, after);
    assert_int_equal(caught[strlen(caught) - 1], '\n');
    assert_int_equal(lines, 1);
}

static void the_default_level_is_info(void **state)
{
    (void)state;
    assert_int_equal(esp_log_level_get("anything"), ESP_LOG_INFO);
    log_at_each_level("anything");
    assert_int_equal(lines, 3);
    assert_null(strstr(caught, "detail"));
}

static void each_level_lets_through_itself_and_those_before_it(void **state)
{
    (void)state;
    for (esp_log_level_t level = ESP_LOG_NONE; level <= ESP_LOG_VERBOSE; level++) {
        lines = 0;
        esp_log_level_set("stepwise", level);
        assert_int_equal(esp_log_level_get("stepwise"), level);
        log_at_each_level("stepwise");
        assert_int_equal(lines, level);
    }
}

static void a_tag_has_its_own_level_until_all_are_set(void **state)
{
    (void)state;
    esp_log_level_set("loud", ESP_LOG_VERBOSE);
    esp_log_level_set("mute", ESP_LOG_NONE);
    esp_log_level_set("mute", ESP_LOG_ERROR);
    assert_int_equal(esp_log_level_get("loud"), ESP_LOG_VERBOSE);
    assert_int_equal(esp_log_level_get("mute"), ESP_LOG_ERROR);
    assert_int_equal(esp_log_level_get("other"), ESP_LOG_INFO);
    esp_log_level_set("*", ESP_LOG_WARN);
    assert_int_equal(esp_log_level_get("loud"), ESP_LOG_WARN);
    assert_int_equal(esp_log_level_get("mute"), ESP_LOG_WARN);
    assert_int_equal(esp_log_level_get("other"), ESP_LOG_WARN);
    assert_int_equal(esp_log_level_get("*"), ESP_LOG_WARN);
}

static void write_prints_as_it_stands(void **state)
{
    (void)state;
    esp_log_write(ESP_LOG_INFO, "tag", "%s!", "as is");
    esp_log_write(ESP_LOG_DEBUG, "tag", "not at this level");
    assert_string_equal(caught, "as is!");
}

static void null_brings_the_first_output_back(void **state)
{
    (void)state;
    assert_ptr_equal(esp_log_set_vprintf(NULL), catch);
    assert_ptr_equal(esp_log_set_vprintf(catch), usual);
}

static int log_to_stderr(void)
{
    esp_log_set_vprintf(NULL);
    ESP_LOGI("out", "ordinary");
    esp_log_set_vprintf(catch);
    ESP_EARLY_LOGE("out", "early %d", 1);
    ESP_EARLY_LOGW("out", "early %d", 2);
    ESP_EARLY_LOGI("out", "early %d", 3);
    ESP_EARLY_LOGD("out", "hidden");
    ESP_DRAM_LOGE("out", "dram");
    ESP_DRAM_LOGV("out", "hidden");
    esp_log_level_set("*", ESP_LOG_NONE);
    ESP_EARLY_LOGE("out", "hidden");
    return lines;
}

static void lines_go_to_stderr_and_early_ones_past_the_function(void **state)
{
    (void)state;
    char said[1024];
    int status = child_run(log_to_stderr, said, sizeof said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    for (int i = 0; i < 5; i++) {
        static const char *const texts[] = {"out: ordinary\n", "out: early 1\n", "out: early 2\n",
                                            "out: early 3\n", "out: dram\n"};
        assert_non_null(strstr(said, texts[i]));
    }
    assert_null(strstr(said, "hidden"));
}

static void *log_and_set_levels(void *argument)
{
    const char *tag = argument;
    for (int i = 0; i < 500; i++) {
        esp_log_level_set(tag, i % 2 == 0 ? ESP_LOG_ERROR : ESP_LOG_WARN);
        ESP_LOGE(tag, "%s%s%s", "aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc");
    }
    return NULL;
}

/* The result goes through stderr, a pipe here, whose lines the parent counts. */
static int log_from_threads(void)
{
    esp_log_set_vprintf(NULL);
    pthread_t threads[4];
    static char *const tags[] = {"one", "two", "three", "four"};
    for (int i = 0; i < 4; i++) {
        if (pthread_create(&threads[i], NULL, log_and_set_levels, tags[i]) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}

static void lines_of_several_threads_do_not_mix(void **state)
{
    (void)state;
    static char said[256 * 1024];
    int status = child_run(log_from_threads, said, sizeof said);
    assert_int_equal(status, 0);
    int count = 0;
    for (char *line = strtok(said, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        unsigned time = 0;
        char tag[16] = "";
        char rest[64] = "";
        assert_int_equal(sscanf(line, "E (%u) %15[a-z]: %63s", &time, tag, rest), 3);
        assert_string_equal(rest, "aaaaaaaaaabbbbbbbbbbcccccccccc");
        count++;
    }
    assert_int_equal(count, 4 * 500);
}

static _Atomic bool enough;

static void *set_levels_until_enough(void *tag)
{
    while (!atomic_load(&enough)) {
        esp_log_level_set(tag, ESP_LOG_ERROR);
        esp_log_level_set("*", ESP_LOG_INFO);
    }
    return NULL;
}

static int use_log(void)
{
    esp_log_level_set("child", ESP_LOG_DEBUG);
    return esp_log_level_get("child") == ESP_LOG_DEBUG ? 0 : 1;
}

static void the_log_works_in_a_child_forked_while_others_use_it(void **state)
{
    (void)state;
    atomic_store(&enough, false);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, set_levels_until_enough, "busy"), 0);
    for (int i = 0; i < 50; i++) {
        assert_child_passes(use_log);
    }
    atomic_store(&enough, true);
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_has_letter_time_tag_and_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_default_level_is_info, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_level_lets_through_itself_and_those_before_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_tag_has_its_own_level_until_all_are_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(write_prints_as_it_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(null_brings_the_first_output_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_go_to_stderr_and_early_ones_past_the_function, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(lines_of_several_threads_do_not_mix, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_log_works_in_a_child_forked_while_others_use_it, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("compat: esp_log.h", tests, NULL, NULL);
}
