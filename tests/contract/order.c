/* SPDX-License-Identifier: Apache-2.0 */
/* Order, exactly once, and many threads at once. */
#include "group.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

/* ---- Many submitters, one driver ---- */

#define SUBMITTERS 8
#define BACKLOG    16
#define PIECE      64
/* A submitter writes a source again when the copy after the next BACKLOG ones has been accepted: then the
 * callback that reads it has returned. */
#define WINDOW (BACKLOG + 2)

struct submitter;

/* One copy, from before its submission to after its callback. */
struct journey {
    struct submitter *owner;
    uint32_t number; /* its owner's count */
    uint32_t before; /* clock when the call began, */
    uint32_t after;  /* and when it had returned */
    uint32_t calls;
};

struct contest {
    async_memcpy_t driver;
    unsigned long each; /* copies per submitter */
    atomic_uint clock;
    struct journey *journeys;
    unsigned char *dst, *src; /* of each submitter, WINDOW pieces */

    /* Written in the completion context. */
    struct journey **order;
    unsigned long completed;
    unsigned long damaged;
    unsigned long overlapping;
    atomic_bool inside;
};

struct submitter {
    struct contest *contest;
    unsigned index;
    esp_err_t status;
    struct thread thread;
};

static size_t size_of(const struct journey *journey)
{
    return 8 + (journey->number * 7 + journey->owner->index) % (PIECE - 7);
}

static size_t place_of(const struct journey *journey)
{
    return (journey->owner->index * WINDOW + journey->number % WINDOW) * PIECE;
}

/* What a copy carries: its owner and number, and bytes that depend on both. */
static void write_content(const struct journey *journey, unsigned char *piece)
{
    uint32_t head[2] = {journey->owner->index, journey->number};
    memset(piece, (int)(journey->number * 31 + journey->owner->index), PIECE);
    memcpy(piece, head, sizeof head);
}

static bool is_intact(const struct journey *journey, const async_memcpy_result_t *result)
{
    unsigned char wanted[PIECE];
    write_content(journey, wanted);
    return result->status == ESP_OK && result->size == size_of(journey) &&
           memcmp(result->dst, wanted, result->size) == 0;
}

static bool journey_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    struct journey *journey = argument;
    struct contest *contest = journey->owner->contest;
    contest->overlapping += atomic_exchange(&contest->inside, true);
    contest->damaged += driver != contest->driver || !is_intact(journey, event->data);
    if (journey->calls++ == 0) {
        contest->order[contest->completed++] = journey;
    }
    atomic_store(&contest->inside, false);
    return journey->number % 5 == 0;
}

/* Half of the submitters try again while the backlog is full, the others wait for a slot. */
static esp_err_t travel(struct contest *contest, struct journey *journey)
{
    unsigned char *dst = contest->dst + place_of(journey);
    unsigned char *src = contest->src + place_of(journey);
    write_content(journey, src);
    journey->before = atomic_fetch_add(&contest->clock, 1);
    esp_err_t status = ESP_FAIL;
    while (status == ESP_FAIL && journey->owner->index % 2 == 0) {
        status = esp_async_memcpy(contest->driver, dst, src, size_of(journey), journey_ends, journey);
        if (status == ESP_FAIL) {
            sched_yield();
        }
    }
    if (journey->owner->index % 2 != 0) {
        status =
            esp_async_memcpy_timed(contest->driver, dst, src, size_of(journey), journey_ends, journey, -1);
    }
    journey->after = atomic_fetch_add(&contest->clock, 1);
    return status;
}

static void submit_all(void *argument)
{
    struct submitter *submitter = argument;
    struct contest *contest = submitter->contest;
    for (unsigned long i = 0; i < contest->each && submitter->status == ESP_OK; i++) {
        struct journey *journey = &contest->journeys[submitter->index * contest->each + i];
        journey->owner = submitter;
        journey->number = (uint32_t)i;
        submitter->status = travel(contest, journey);
    }
}

static void run_contest(struct contest *contest)
{
    struct submitter submitters[SUBMITTERS] = {{.contest = NULL}};
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        submitters[i].contest = contest;
        submitters[i].index = i;
        thread_start(&submitters[i].thread, submit_all, &submitters[i]);
    }
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        thread_join(&submitters[i].thread);
        assert_ok(submitters[i].status);
    }
    assert_ok(esp_async_memcpy_wait(contest->driver, -1));
}

/* A call that had returned before another began was accepted, and so completes, before the other. */
static void check_order(const struct contest *contest)
{
    uint32_t earliest_after = UINT32_MAX; /* among the copies that completed later */
    for (unsigned long i = contest->completed; i-- > 0;) {
        const struct journey *journey = contest->order[i];
        assert_int_equal(journey->calls, 1);
        assert_true(journey->before < earliest_after);
        earliest_after = journey->after < earliest_after ? journey->after : earliest_after;
    }
}

static void eight_submitters_complete_exactly_once_and_in_order(void **state)
{
    (void)state;
    struct contest contest = {.each = times(100000, 8000) / SUBMITTERS};
    unsigned long total = contest.each * SUBMITTERS;
    contest.driver = install(BACKLOG);
    contest.journeys = calloc(total, sizeof *contest.journeys);
    contest.order = calloc(total, sizeof *contest.order);
    contest.dst = row.alloc(SUBMITTERS * WINDOW * PIECE, PIECE);
    contest.src = row.alloc(SUBMITTERS * WINDOW * PIECE, PIECE);
    assert_true(contest.journeys != NULL && contest.order != NULL && contest.dst != NULL &&
                contest.src != NULL);
    run_contest(&contest);
    assert_int_equal(contest.completed, total);
    assert_int_equal(contest.damaged, 0);
    assert_int_equal(contest.overlapping, 0);
    check_order(&contest);
    uninstall(contest.driver);
    row.free(contest.src);
    row.free(contest.dst);
    free(contest.order);
    free(contest.journeys);
}

/* ---- One submitter, without a clock ---- */

struct sequence {
    unsigned long next;
    unsigned long misplaced;
};

struct step {
    struct sequence *sequence;
    unsigned long number;
};

static bool step_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct step *step = argument;
    step->sequence->misplaced += step->sequence->next++ != step->number;
    return false;
}

/* A large copy first: the small ones behind it must not overtake it. */
static void small_copies_do_not_overtake_a_large_one(void **state)
{
    (void)state;
    enum { STEPS = 16 };
    struct sequence sequence = {0};
    struct step steps[STEPS];
    struct areas areas;
    async_memcpy_t driver = install(STEPS);
    size_t large = row.max_size < 1 << 20 ? row.max_size : 1 << 20;
    areas_open(&areas, large);
    for (unsigned i = 0; i < STEPS; i++) {
        steps[i] = (struct step){&sequence, i};
        assert_ok(esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, i % 8 == 0 ? large : i,
                                   step_ends, &steps[i]));
    }
    assert_ok(esp_async_memcpy_wait(driver, -1));
    areas_check(&areas);
    assert_int_equal(sequence.next, STEPS);
    assert_int_equal(sequence.misplaced, 0);
    areas_close(&areas);
    uninstall(driver);
}

/* ---- Callbacks and tasks at once ---- */

struct family {
    async_memcpy_t driver;
    struct areas *areas;
    unsigned long each;
    atomic_ulong accepted;
    atomic_ulong completed;
};

static bool child_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    atomic_fetch_add(&((struct family *)argument)->completed, 1);
    return false;
}

static bool parent_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    const async_memcpy_result_t *result = event->data;
    struct family *family = argument;
    if (esp_async_memcpy(driver, result->dst, result->src, result->size, child_ends, family) == ESP_OK) {
        atomic_fetch_add(&family->accepted, 1);
    }
    atomic_fetch_add(&family->completed, 1);
    return true;
}

static void found_families(void *argument)
{
    struct family *family = argument;
    const struct oracle *oracle = &family->areas->oracle;
    for (unsigned long i = 0; i < family->each;) {
        if (esp_async_memcpy(family->driver, oracle->dst, oracle->src, oracle->n, parent_ends, family) ==
            ESP_OK) {
            atomic_fetch_add(&family->accepted, 1);
            i++;
        } else {
            sched_yield();
        }
    }
}

static void callbacks_and_tasks_submit_at_once(void **state)
{
    (void)state;
    enum { TASKS = 4 };
    struct areas areas;
    struct thread threads[TASKS];
    async_memcpy_t driver = install(5);
    areas_open(&areas, 200);
    struct family family = {.driver = driver, .areas = &areas, .each = times(10000, 1000)};
    for (unsigned i = 0; i < TASKS; i++) {
        thread_start(&threads[i], found_families, &family);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        thread_join(&threads[i]);
    }
    uninstall(driver); /* which waits for the children, too */
    assert_true(atomic_load(&family.accepted) > TASKS * family.each);
    assert_int_equal(atomic_load(&family.completed), atomic_load(&family.accepted));
    areas_check(&areas);
    areas_close(&areas);
}

/* ---- Resubmission ---- */

struct chain {
    struct areas *areas;
    atomic_ulong left;
    unsigned long refused;
    uintptr_t deepest; /* what the frames of callbacks on one stack lie apart */
};

/* On whichever stack a link runs: the worker's, or where the engine lets callers copy, theirs. */
static _Thread_local uintptr_t lowest_frame = UINTPTR_MAX, highest_frame;

static bool next_link(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)event;
    struct chain *chain = argument;
    const struct oracle *oracle = &chain->areas->oracle;
    uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
    lowest_frame = frame < lowest_frame ? frame : lowest_frame;
    highest_frame = frame > highest_frame ? frame : highest_frame;
    if (highest_frame - lowest_frame > chain->deepest) {
        chain->deepest = highest_frame - lowest_frame;
    }
    if (atomic_fetch_sub(&chain->left, 1) > 1 &&
        esp_async_memcpy(driver, oracle->dst, oracle->src, oracle->n, next_link, chain) != ESP_OK) {
        chain->refused++;
    }
    return false;
}

/* Backlog 1: the slot of a copy is free when its callback runs. A callback never runs inside another. */
static void callback_resubmits_at_backlog_1_without_recursion(void **state)
{
    (void)state;
    const unsigned long links = times(100000, 10000);
    struct areas areas;
    async_memcpy_t driver = install(1);
    areas_open(&areas, 33);
    struct chain chain = {.areas = &areas, .left = links};
    assert_ok(
        esp_async_memcpy(driver, areas.oracle.dst, areas.oracle.src, areas.oracle.n, next_link, &chain));
    const int64_t end = now_ms() + 60000;
    while (atomic_load(&chain.left) > 0 && now_ms() < end) {
        assert_ok(esp_async_memcpy_wait(driver, -1)); /* for the link that was in flight when it began */
    }
    uninstall(driver);
    assert_int_equal(atomic_load(&chain.left), 0);
    assert_int_equal(chain.refused, 0);
    assert_true(chain.deepest < 4096);
    areas_check(&areas);
    areas_close(&areas);
}

/* ---- Chains beside each other: whoever gets a slot keeps it until its chain has ended ---- */

struct race {
    async_memcpy_t driver;
    struct areas *areas;
    unsigned long chains; /* of each runner */
    atomic_ulong completed;
    atomic_ulong refused; /* links, by a driver that should have kept their slot */
};

struct runner {
    struct race *race;
    unsigned index;
    unsigned left; /* links of the chain at hand; written in the completion context */
    atomic_bool ended;
    unsigned long links; /* of all chains */
    struct thread thread;
};

static esp_err_t submit_link(struct runner *runner);

static bool link_ends(async_memcpy_t driver, async_memcpy_event_t *event, void *argument)
{
    (void)driver, (void)event;
    struct runner *runner = argument;
    atomic_fetch_add(&runner->race->completed, 1);
    if (--runner->left != 0) {
        if (submit_link(runner) == ESP_OK) {
            return false;
        }
        atomic_fetch_add(&runner->race->refused, 1);
    }
    atomic_store(&runner->ended, true);
    return false;
}

/* Every other link is a batch of one. */
static esp_err_t submit_link(struct runner *runner)
{
    const struct oracle *oracle = &runner->race->areas->oracle;
    const async_memcpy_copy_t copy = {oracle->dst, oracle->src, oracle->n, link_ends, runner};
    return runner->left % 2 == 0 ? esp_async_memcpy_batch(runner->race->driver, &copy, 1)
                                 : esp_async_memcpy(runner->race->driver, copy.dst, copy.src, copy.n,
                                                    copy.cb_isr, copy.cb_args);
}

/* Half of the runners wait for a slot to begin a chain in, the others try until there is one. */
static void begin_chain(struct runner *runner)
{
    const struct oracle *oracle = &runner->race->areas->oracle;
    if (runner->index % 2 == 0) {
        esp_async_memcpy_timed(runner->race->driver, oracle->dst, oracle->src, oracle->n, link_ends, runner,
                               -1);
    } else {
        while (submit_link(runner) != ESP_OK) {
            sched_yield();
        }
    }
}

static void run_chains(void *argument)
{
    struct runner *runner = argument;
    for (unsigned long chain = 0; chain < runner->race->chains; chain++) {
        unsigned length = 1 + (unsigned)(chain * 7 + runner->index) % 12;
        runner->links += length;
        runner->left = length;
        atomic_store(&runner->ended, false);
        begin_chain(runner);
        while (!atomic_load(&runner->ended)) {
            sched_yield();
        }
    }
}

static void run_race(uint32_t backlog)
{
    struct areas areas;
    struct runner runners[SUBMITTERS];
    areas_open(&areas, 33);
    struct race race = {.driver = install(backlog), .areas = &areas, .chains = times(400, 60)};
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        runners[i] = (struct runner){.race = &race, .index = i};
        thread_start(&runners[i].thread, run_chains, &runners[i]);
    }
    unsigned long links = 0;
    for (unsigned i = 0; i < SUBMITTERS; i++) {
        thread_join(&runners[i].thread);
        links += runners[i].links;
    }
    uninstall(race.driver);
    assert_int_equal(atomic_load(&race.refused), 0);
    assert_int_equal(atomic_load(&race.completed), links);
    areas_check(&areas);
    areas_close(&areas);
}

static void callbacks_can_submit_beside_eight_submitters(void **state)
{
    (void)state;
    run_race(1);
    run_race(3);
}

GROUP(order, cmocka_unit_test(eight_submitters_complete_exactly_once_and_in_order),
      cmocka_unit_test(small_copies_do_not_overtake_a_large_one),
      cmocka_unit_test(callbacks_and_tasks_submit_at_once),
      cmocka_unit_test(callback_resubmits_at_backlog_1_without_recursion),
      cmocka_unit_test(callbacks_can_submit_beside_eight_submitters));
