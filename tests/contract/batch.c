/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: several copies accepted as one, or not at all. */
#include "group.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#define MOST 20

/* Copies with buffers of their own, any run of which may be a batch. */
struct crowd {
    async_memcpy_t driver;
    struct areas areas[MOST];
    struct record records[MOST];
    async_memcpy_copy_t copies[MOST];
};

static void gather(struct crowd *crowd, async_memcpy_t driver)
{
    crowd->driver = driver;
    for (unsigned i = 0; i < MOST; i++) {
        areas_open(&crowd->areas[i], 64 + i % 3 * 16);
        crowd->records[i] = (struct record){.calls = 0};
        const struct oracle *oracle = &crowd->areas[i].oracle;
        crowd->copies[i] =
            (async_memcpy_copy_t){oracle->dst, oracle->src, oracle->n, record_completion, &crowd->records[i]};
    }
}

static void disperse(struct crowd *crowd)
{
    for (unsigned i = 0; i < MOST; i++) {
        areas_close(&crowd->areas[i]);
    }
    uninstall(crowd->driver);
}

/* These have been copied, once; all others never. */
static void check_crowd(struct crowd *crowd, unsigned first, unsigned end)
{
    for (unsigned i = 0; i < MOST; i++) {
        bool copied = i >= first && i < end;
        assert_int_equal(atomic_load(&crowd->records[i].calls), copied);
        if (copied) {
            areas_check(&crowd->areas[i]);
        } else {
            areas_check_untouched(&crowd->areas[i]);
        }
    }
}

static void batches_of_every_size_are_copied_exactly(void **state)
{
    (void)state;
    for (unsigned count = 1; count <= MOST; count++) {
        struct crowd crowd;
        gather(&crowd, install(MOST));
        assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies + MOST - count, count));
        assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
        check_crowd(&crowd, MOST - count, MOST);
        const async_memcpy_result_t *result = &crowd.records[MOST - 1].result;
        assert_int_equal(result->status, ESP_OK);
        assert_ptr_equal(result->dst, crowd.copies[MOST - 1].dst);
        assert_ptr_equal(result->src, crowd.copies[MOST - 1].src);
        assert_int_equal(result->size, crowd.copies[MOST - 1].n);
        disperse(&crowd);
    }
}

static void batch_may_be_without_callbacks(void **state)
{
    (void)state;
    struct crowd crowd;
    gather(&crowd, install(MOST));
    for (unsigned i = 0; i < MOST; i++) {
        crowd.copies[i].cb_isr = i % 3 == 0 ? record_completion : NULL;
    }
    assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies, MOST));
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    for (unsigned i = 0; i < MOST; i++) {
        assert_int_equal(atomic_load(&crowd.records[i].calls), i % 3 == 0);
        areas_check(&crowd.areas[i]);
    }
    disperse(&crowd);
}

/* The first byte goes from place to place, each copy reading what the one before it has written. */
static void copies_of_a_batch_see_each_others_results(void **state)
{
    (void)state;
    enum { PLACES = MOST + 1, SIZE = 200 };
    async_memcpy_t driver = install(MOST);
    async_memcpy_copy_t copies[MOST];
    unsigned char *places = row.alloc(PLACES * SIZE, 64);
    memset(places, 0, PLACES * SIZE);
    memset(places, 0x5A, SIZE);
    for (unsigned i = 0; i < MOST; i++) {
        copies[i] = (async_memcpy_copy_t){places + (i + 1) * SIZE, places + i * SIZE, SIZE, NULL, NULL};
    }
    assert_ok(esp_async_memcpy_batch(driver, copies, MOST));
    assert_ok(esp_async_memcpy_wait(driver, -1));
    for (unsigned i = 0; i < PLACES * SIZE; i++) {
        assert_int_equal(places[i], 0x5A);
    }
    row.free(places);
    uninstall(driver);
}

/* ---- All or nothing ---- */

/* With `used` copies in flight, a batch of `count` more: accepted whole if they fit, otherwise not at all. */
static void check_whole_or_not(uint32_t backlog, unsigned used, unsigned count)
{
    struct crowd crowd;
    bool fits = used + count <= backlog;
    gather(&crowd, install(backlog));
    row.hold(crowd.driver);
    for (unsigned i = 0; i < used; i++) {
        assert_ok(submit(crowd.driver, &crowd.areas[i], &crowd.records[i]));
    }
    assert_mute(esp_async_memcpy_batch(crowd.driver, crowd.copies + used, count), fits ? ESP_OK : ESP_FAIL);
    unsigned end = fits ? used + count : used;
    while (end < backlog) { /* each slot that is left is there, and no more */
        assert_ok(submit(crowd.driver, &crowd.areas[end], &crowd.records[end]));
        end++;
    }
    assert_mute(submit(crowd.driver, &crowd.areas[MOST - 1], &crowd.records[MOST - 1]), ESP_FAIL);
    row.release();
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, 0, end);
    disperse(&crowd);
}

static void batch_is_accepted_whole_or_not_at_all(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    const uint32_t backlogs[] = {1, 2, 5, 8};
    for (size_t i = 0; i < sizeof backlogs / sizeof *backlogs; i++) {
        for (unsigned used = 0; used <= backlogs[i]; used++) {
            for (unsigned count = 1; count <= backlogs[i]; count++) {
                check_whole_or_not(backlogs[i], used, count);
            }
        }
    }
}

/* Round after round, with the ring's end anywhere in the batch. */
static void batch_of_the_whole_backlog_fits_again_and_again(void **state)
{
    (void)state;
    struct crowd crowd;
    const unsigned backlog = 7;
    gather(&crowd, install(backlog));
    for (unsigned long round = 1; round <= times(2000, 200); round++) {
        unsigned count = round % 5 == 0 ? 3 : backlog;
        assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies, count));
        assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
        assert_int_equal(atomic_load(&crowd.records[count - 1].calls),
                         count == 3 ? round : round - round / 5);
    }
    disperse(&crowd);
}

static void array_may_go_when_the_call_has_returned(void **state)
{
    (void)state;
    if (row.hold == NULL) {
        skip();
    }
    struct crowd crowd;
    gather(&crowd, install(MOST));
    row.hold(crowd.driver);
    assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies, 5));
    memset(crowd.copies, 0xEE, sizeof crowd.copies);
    row.release();
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, 0, 5);
    disperse(&crowd);
}

/* ---- Refusals ---- */

/* Refused with this word; then the whole backlog is there, and none of the batch has been copied. */
static void assert_batch_refused(struct crowd *crowd, size_t count, const char *name, const char *word)
{
    assert_refused(esp_async_memcpy_batch(crowd->driver, crowd->copies, count), ESP_ERR_INVALID_ARG, name,
                   word);
    assert_ok(esp_async_memcpy_wait(crowd->driver, -1));
    check_crowd(crowd, 0, 0);
}

static void batch_refuses_null_and_counts_that_never_fit(void **state)
{
    (void)state;
    struct crowd crowd;
    gather(&crowd, install(4));
    assert_refused(esp_async_memcpy_batch(NULL, crowd.copies, 1), ESP_ERR_INVALID_ARG, "batch",
                   "handle (nil)");
    assert_refused(esp_async_memcpy_batch(crowd.driver, NULL, 1), ESP_ERR_INVALID_ARG, "batch",
                   "copies (nil)");
    assert_batch_refused(&crowd, 0, "batch", "count 0");
    assert_batch_refused(&crowd, 5, "count 5", "backlog, 4");
    assert_batch_refused(&crowd, MOST, "count 20", "backlog, 4");
    assert_batch_refused(&crowd, SIZE_MAX, "batch", "backlog, 4");
    assert_batch_refused(&crowd, (size_t)1 << 32 | 1, "batch", "backlog, 4");
    assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies, 4));
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, 0, 4);
    disperse(&crowd);
}

/* What a single copy would be refused for, as the copy of this number, the others being good. */
static void check_each_fault(struct crowd *crowd, unsigned number)
{
    char name[20];
    snprintf(name, sizeof name, "copies[%u]: ", number);
    async_memcpy_copy_t *copy = &crowd->copies[number];
    const async_memcpy_copy_t good = *copy;
    copy->dst = NULL;
    assert_batch_refused(crowd, MOST, name, "dst (nil)");
    *copy = good;
    copy->src = NULL;
    assert_batch_refused(crowd, MOST, name, "src (nil)");
    *copy = good;
    copy->n = 0;
    assert_batch_refused(crowd, MOST, name, "n 0");
    copy->n = 17;
    assert_batch_refused(crowd, MOST, name, "alignment, 16");
    *copy = good;
    copy->dst = (char *)good.dst + 1;
    assert_batch_refused(crowd, MOST, name, "alignment, 16");
    copy->dst = (char *)good.src + 16;
    assert_batch_refused(crowd, MOST, name, "overlap");
    copy->dst = (void *)(UINTPTR_MAX - 15);
    assert_batch_refused(crowd, MOST, name, "reaches");
    *copy = good;
}

static void batch_refusal_names_the_copy(void **state)
{
    (void)state;
    struct crowd crowd;
    async_memcpy_config_t config = {.backlog = MOST, .sram_trans_align = 16};
    async_memcpy_t driver = NULL;
    assert_ok(row.install(&config, &driver));
    gather(&crowd, driver);
    check_each_fault(&crowd, 0);
    check_each_fault(&crowd, 1);
    check_each_fault(&crowd, 9);
    check_each_fault(&crowd, 10);
    check_each_fault(&crowd, MOST - 1);
    crowd.copies[7].n = crowd.copies[12].n = 0;
    assert_batch_refused(&crowd, MOST, "copies[7]: ", "n 0"); /* the first of several */
    assert_ok(esp_async_memcpy_batch(crowd.driver, crowd.copies, 7));
    assert_ok(esp_async_memcpy_wait(crowd.driver, -1));
    check_crowd(&crowd, 0, 7);
    disperse(&crowd);
}

/* ---- Order, among many submitters ---- */

#define SUBMITTERS 8
#define BATCH_MOST 5

struct parade {
    async_memcpy_t driver;
    const struct areas *areas;
    unsigned long each; /* batches, and single copies between them, per submitter */
    atomic_ulong accepted;

    /* Written in the completion context. */
    unsigned long completed;
    const void *submitter; /* of the batch that is passing by, or NULL */
    unsigned next;         /* of its copies */
    unsigned long torn;
};

/* What a copy's callback finds out: whose it is, and its place in a batch. */
struct marcher {
    struct parade *parade;
    unsigned number;
    unsigned count; /* of its batch; 0: it goes alone */
};

struct company {
    struct parade *parade;
    struct marcher alone;
    struct marcher marchers[BATCH_MOST + 1][BATCH_MOST]; /* per size of a batch */
    unsigned index;
    struct thread thread;
};

static bool march_past(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    const struct marcher *marcher = argument;
    struct parade *parade = marcher->parade;
    const void *batch = marcher - marcher->number;
    parade->completed++;
    parade->torn += marcher->number != 0 ? parade->submitter != batch || parade->next != marcher->number
                                         : parade->submitter != NULL;
    bool more = marcher->number + 1 < marcher->count;
    parade->submitter = more ? batch : NULL;
    parade->next = marcher->number + 1;
    return false;
}

static async_memcpy_copy_t copy_of(struct marcher *marcher)
{
    const struct oracle *oracle = &marcher->parade->areas->oracle;
    return (async_memcpy_copy_t){oracle->dst, oracle->src, oracle->n, march_past, marcher};
}

static void march_alone(struct company *company)
{
    async_memcpy_copy_t copy = copy_of(&company->alone);
    while (esp_async_memcpy(company->parade->driver, copy.dst, copy.src, copy.n, copy.cb_isr, copy.cb_args) !=
           ESP_OK) {
        sched_yield();
    }
    atomic_fetch_add(&company->parade->accepted, 1);
}

static void march_together(struct company *company, unsigned count)
{
    async_memcpy_copy_t copies[BATCH_MOST];
    for (unsigned i = 0; i < count; i++) {
        copies[i] = copy_of(&company->marchers[count][i]);
    }
    while (esp_async_memcpy_batch(company->parade->driver, copies, count) != ESP_OK) {
        sched_yield();
    }
    atomic_fetch_add(&company->parade->accepted, count);
}

static void march(void *argument)
{
    struct company *company = argument;
    for (unsigned long i = 0; i < company->parade->each; i++) {
        march_together(company, 2 + (unsigned)(i + company->index) % (BATCH_MOST - 1));
        march_alone(company);
    }
}

static void form(struct company *company, struct parade *parade, unsigned index)
{
    *company = (struct company){.parade = parade, .alone = {.parade = parade}, .index = index};
    for (unsigned count = 2; count <= BATCH_MOST; count++) {
        for (unsigned i = 0; i < count; i++) {
            company->marchers[count][i] = (struct marcher){parade, i, count};
        }
    }
}

static void batches_of_eight_submitters_stay_whole(void **state)
{
    (void)state;
    struct areas areas;
    struct company companies[SUBMITTERS];
    areas_open(&areas, 48);
    struct parade parade = {.driver = install(16), .areas = &areas, .each = times(3000, 300)};
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        form(&companies[i], &parade, i);
        thread_start(&companies[i].thread, march, &companies[i]);
    }
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        thread_join(&companies[i].thread);
    }
    assert_ok(esp_async_memcpy_wait(parade.driver, -1));
    assert_int_equal(parade.completed, atomic_load(&parade.accepted));
    assert_int_equal(parade.torn, 0);
    areas_check(&areas);
    areas_close(&areas);
    uninstall(parade.driver);
}

/* ---- From callbacks ---- */

#define LINKS 4 /* of a chain's batch; the backlog, too */

struct chain {
    async_memcpy_copy_t copies[LINKS];
    unsigned long left; /* batches to come; ULONG_MAX: no end */
    unsigned long begun;
    atomic_ulong completed;
    esp_err_t last;
    esp_err_t none, many, bad;
};

static bool count_link(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    atomic_fetch_add(&((struct chain *)argument)->completed, 1);
    return false;
}

/* The last of a batch: all slots are free. */
static bool begin_next_batch(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    struct chain *chain = argument;
    count_link(driver, event, argument);
    if (chain->left-- != 0) {
        chain->none = esp_async_memcpy_batch(driver, chain->copies, 0);
        chain->many = esp_async_memcpy_batch(driver, chain->copies, LINKS + 1);
        chain->bad = esp_async_memcpy_batch(driver, NULL, 1);
        chain->last = esp_async_memcpy_batch(driver, chain->copies, LINKS);
        chain->begun += chain->last == ESP_OK;
    }
    return false;
}

static void lay_chain(struct chain *chain, const struct areas *areas, unsigned long batches)
{
    *chain = (struct chain){.left = batches - 1, .begun = 1};
    for (unsigned i = 0; i < LINKS; i++) {
        const struct oracle *oracle = &areas->oracle;
        chain->copies[i] = (async_memcpy_copy_t){oracle->dst, oracle->src, oracle->n, count_link, chain};
    }
    chain->copies[LINKS - 1].cb_isr = begin_next_batch;
}

static void callback_submits_batches_of_the_whole_backlog(void **state)
{
    (void)state;
    const unsigned long batches = times(5000, 500);
    struct areas areas;
    struct chain chain;
    async_memcpy_t driver = install(LINKS);
    areas_open(&areas, 40);
    lay_chain(&chain, &areas, batches);
    log_capture_begin();
    assert_ok(esp_async_memcpy_batch(driver, chain.copies, LINKS));
    const int64_t end = now_ms() + 60000;
    while (atomic_load(&chain.completed) < batches * LINKS && now_ms() < end) {
        assert_ok(esp_async_memcpy_wait(driver, -1)); /* for the batch that was in flight when it began */
    }
    log_capture_end();
    assert_string_equal(log_captured(), ""); /* nothing is logged from interrupt context */
    uninstall(driver);
    assert_int_equal(chain.begun, batches);
    assert_int_equal(atomic_load(&chain.completed), batches * LINKS);
    assert_code(chain.none, ESP_ERR_INVALID_ARG);
    assert_code(chain.many, ESP_ERR_INVALID_ARG);
    assert_code(chain.bad, ESP_ERR_INVALID_ARG);
    areas_check(&areas);
    areas_close(&areas);
}

/* Whatever was accepted completes whole, and the first batch that comes too late is refused whole. */
static void uninstall_ends_batches_that_submit_themselves(void **state)
{
    (void)state;
    struct areas areas;
    areas_open(&areas, 40);
    for (unsigned long round = 0; round < times(500, 50); round++) {
        struct chain chain;
        async_memcpy_t driver = install(LINKS);
        lay_chain(&chain, &areas, 0);
        assert_ok(esp_async_memcpy_batch(driver, chain.copies, LINKS));
        if (round % 2 == 0) {
            sleep_ms(1);
        }
        uninstall(driver);
        assert_code(chain.last, ESP_FAIL);
        assert_int_equal(atomic_load(&chain.completed), chain.begun * LINKS);
    }
    areas_check(&areas);
    areas_close(&areas);
}

GROUP(batch, cmocka_unit_test(batches_of_every_size_are_copied_exactly),
      cmocka_unit_test(batch_may_be_without_callbacks),
      cmocka_unit_test(copies_of_a_batch_see_each_others_results),
      cmocka_unit_test(batch_is_accepted_whole_or_not_at_all),
      cmocka_unit_test(batch_of_the_whole_backlog_fits_again_and_again),
      cmocka_unit_test(array_may_go_when_the_call_has_returned),
      cmocka_unit_test(batch_refuses_null_and_counts_that_never_fit),
      cmocka_unit_test(batch_refusal_names_the_copy),
      cmocka_unit_test(batches_of_eight_submitters_stay_whole),
      cmocka_unit_test(callback_submits_batches_of_the_whole_backlog),
      cmocka_unit_test(uninstall_ends_batches_that_submit_themselves));
