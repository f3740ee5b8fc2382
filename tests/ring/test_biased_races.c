/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring of hosts: what may happen while the lane changes hands. The races run often, on real threads; the
 * slots are plain memory, so that ThreadSanitizer judges as well.
 */
#include "biased.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

#define THREADS 4
/* ---- Races ---- */

struct racer {
    uint32_t index;
    unsigned idle;     /* turns before the first */
    unsigned accepted; /* made before the ring closed */
    unsigned wrong;
    pthread_t pthread;
};

static struct race {
    struct racer racers[THREADS];
    _Atomic unsigned started;
    unsigned threads;
    unsigned claims; /* of each */
    uint32_t first;  /* ticket */

    /* Of who completes. */
    uint32_t next[THREADS];
    unsigned wrong;
} race;

/* Free the slot of this ticket, whole and its thread's next; false: it has not been published. */
static bool complete_one(uint32_t ticket)
{
    struct slot *slot = slot_of(ticket);
    if (!port_ring_ready(&ring, &slot->mark, ticket)) {
        return false;
    }
    race.wrong += slot->number != race.next[slot->thread]++;
    port_ring_complete(&ring, ticket);
    return true;
}

static void *complete_all(void *argument)
{
    (void)argument;
    uint32_t ticket = race.first;
    for (unsigned completed = 0; completed < race.threads * race.claims;) {
        if (complete_one(ticket)) {
            ticket++;
            completed++;
        } else {
            sched_yield();
        }
    }
    return NULL;
}

static bool write_slot(const struct port_claim *claim, struct racer *racer)
{
    struct slot *slot = slot_of(claim->ticket);
    slot->thread = racer->index;
    slot->number = racer->accepted++;
    port_ring_publish(&ring, &slot->mark, claim, false);
    return (int32_t)(claim->ticket - port_ring_completed(&ring)) < BACKLOG;
}

static void start_together(const struct racer *racer)
{
    atomic_fetch_add(&race.started, 1);
    while (atomic_load(&race.started) < race.threads) {
        sched_yield();
    }
    for (unsigned turn = 0; turn < racer->idle; turn++) {
        port_relax();
    }
}

static void *claim_all(void *argument)
{
    struct racer *racer = argument;
    uint32_t last = 0;
    start_together(racer);
    while (racer->accepted < race.claims && !port_ring_refuses(&ring)) {
        struct any_claim any;
        if (claim_any(BACKLOG, racer->accepted % 16 != 0, &any)) {
            uint32_t ticket = any.claim.ticket;
            racer->wrong += racer->accepted > 0 && (int32_t)(ticket - last) <= 0;
            racer->wrong += !write_slot(&any.claim, racer);
            last = ticket;
            settle_any(&any);
            racer->wrong += (int32_t)(port_ring_accepted(&ring) - ticket) <= 0;
        } else {
            sched_yield();
        }
    }
    return NULL;
}

static void start_race(unsigned threads, unsigned claims, uint32_t first, unsigned round)
{
    reset(first);
    memset(&race, 0, sizeof race);
    race.threads = threads;
    race.claims = claims;
    race.first = first;
    for (unsigned i = 0; i < threads; i++) {
        race.racers[i] = (struct racer){.index = i, .idle = i * (round % 97) * 3};
    }
    for (unsigned i = 0; i < threads; i++) {
        assert_int_equal(pthread_create(&race.racers[i].pthread, NULL, claim_all, &race.racers[i]), 0);
    }
}

/* How many claims were made. */
static unsigned end_race(void)
{
    unsigned accepted = 0;
    for (unsigned i = 0; i < race.threads; i++) {
        assert_int_equal(pthread_join(race.racers[i].pthread, NULL), 0);
        assert_int_equal(race.racers[i].wrong, 0);
        accepted += race.racers[i].accepted;
    }
    return accepted;
}

/* The first owns the lane when the others come, at a moment that moves from round to round. */
static void others_arrive_while_the_owner_claims(void **state)
{
    (void)state;
    const unsigned claims = 300;
    for (unsigned round = 0; round < rounds_of(1500, 200); round++) {
        unsigned threads = 2 + round % (THREADS - 1);
        uint32_t first = UINT32_MAX - round;
        start_race(threads, claims, first, round);
        complete_all(NULL);
        assert_int_equal(end_race(), threads * claims);
        assert_int_equal(race.wrong, 0);
        assert_int_equal(port_ring_accepted(&ring), (uint32_t)(first + threads * claims));
        assert_int_equal(port_ring_calls(&ring), 0);
    }
}

/* As often as it may. Patience decides when, and not what must hold: so the test has none. */
static void lane_changes_hands_in_a_row(void **state)
{
    (void)state;
    const unsigned claims = 3000;
    unsigned long openings = 0;
    for (unsigned round = 0; round < rounds_of(300, 40); round++) {
        pthread_t completer;
        start_race(2, claims, round, round);
        assert_int_equal(pthread_create(&completer, NULL, complete_all, NULL), 0);
        while (port_ring_accepted(&ring) - round < 2 * claims) {
            atomic_store(&ring.streak, UINT32_MAX / 2); /* whose claim is the second in a row gets the lane */
            sched_yield();
        }
        assert_int_equal(end_race(), 2 * claims);
        assert_int_equal(pthread_join(completer, NULL), 0);
        assert_int_equal(race.wrong, 0);
        openings += ring.openings;
    }
    assert_true(!port_has_barrier || openings > 2 * rounds_of(300, 40));
}

static void ring_is_closed_while_the_owner_claims(void **state)
{
    (void)state;
    for (unsigned round = 0; round < rounds_of(3000, 300); round++) {
        uint32_t completed = round;
        start_race(1 + round % 2, 1000000, round, round);
        while (atomic_load(&race.started) < race.threads) {
            sched_yield();
        }
        for (unsigned turn = 0; turn < round % 200; turn++) {
            completed += complete_one(completed);
        }
        assert_true(port_ring_close(&ring));
        uint32_t accepted = port_ring_accepted(&ring);
        while (port_ring_calls(&ring) != 0) {
            sched_yield();
        }
        assert_int_equal(port_ring_accepted(&ring), accepted);
        assert_int_equal(end_race(), accepted - round);
        while (complete_one(completed)) {
            completed++;
        }
        assert_int_equal(completed, accepted);
        assert_int_equal(race.wrong, 0);
    }
}

/* ---- Callbacks that spend their slots while others claim every other slot there is ---- */

#define CALLBACKS THREADS /* the index of who completes, as a submitter */
#define PATIENT   1000    /* turns in a row without a ticket to complete: then it waits longer, */
#define LOST      31000   /* and 30 s later one has been lost */

static struct {
    unsigned claims; /* of each thread */
    _Atomic uint32_t accepted;
    uint32_t next[THREADS + 1];
    uint32_t refused; /* claims of callbacks, all of which should have been accepted */
    uint32_t wrong;
} rush;

/* With a slot for each copy of the backlog: one copy too many would be written over one that is not over. */
static bool rush_in(uint32_t thread, uint32_t number)
{
    struct any_claim any;
    if (!claim_any(SLOTS, number % 16 != 0, &any)) {
        return false;
    }
    struct slot *slot = slot_of(any.claim.ticket);
    slot->thread = thread;
    slot->number = number;
    port_ring_publish(&ring, &slot->mark, &any.claim, false);
    settle_any(&any);
    atomic_fetch_add(&rush.accepted, 1);
    return true;
}

static void *rush_all(void *argument)
{
    const struct racer *racer = argument;
    for (uint32_t number = 0; number < rush.claims;) {
        if (rush_in(racer->index, number)) {
            number++;
        } else {
            sched_yield();
        }
    }
    return NULL;
}

/* Two callbacks of three submit, as long as others do. */
static void complete_rush(uint32_t ticket, uint32_t *submitted)
{
    const struct slot *slot = slot_of(ticket);
    rush.wrong += slot->thread > THREADS || slot->number != rush.next[slot->thread]++;
    port_ring_free(&ring, ticket);
    if (ticket % 3 != 0 && *submitted < rush.claims) {
        bool accepted = rush_in(CALLBACKS, *submitted);
        *submitted += accepted;
        rush.refused += !accepted;
    }
    port_ring_complete(&ring, ticket);
}

/* Who holds a ticket may not be running for a while. */
static void pause_after(unsigned idle)
{
    const struct timespec moment = {0, 1000 * 1000};
    if (idle < PATIENT) {
        sched_yield();
    } else {
        nanosleep(&moment, NULL);
    }
}

static void callbacks_spend_their_slots_while_others_claim(void **state)
{
    (void)state;
    for (unsigned round = rounds_of(40, 6); round != 0; round--) {
        reset(UINT32_MAX - 99);
        memset(&rush, 0, sizeof rush);
        rush.claims = 3000;
        for (unsigned i = 0; i < THREADS; i++) {
            race.racers[i] = (struct racer){.index = i};
            assert_int_equal(pthread_create(&race.racers[i].pthread, NULL, rush_all, &race.racers[i]), 0);
        }
        uint32_t ticket = UINT32_MAX - 99;
        uint32_t submitted = 0;
        for (unsigned idle = 0; idle < LOST && ticket + 100 != (THREADS + 1) * rush.claims;) {
            if (port_ring_ready(&ring, &slot_of(ticket)->mark, ticket)) {
                complete_rush(ticket++, &submitted);
                idle = 0;
            } else {
                pause_after(idle++);
            }
        }
        assert_int_equal(rush.wrong, 0); /* before the join, which would not end */
        assert_int_equal(rush.refused, 0);
        assert_int_equal(ticket + 100, (THREADS + 1) * rush.claims);
        for (unsigned i = 0; i < THREADS; i++) {
            assert_int_equal(pthread_join(race.racers[i].pthread, NULL), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_arrive_while_the_owner_claims),
        cmocka_unit_test(lane_changes_hands_in_a_row),
        cmocka_unit_test(ring_is_closed_while_the_owner_claims),
        cmocka_unit_test(callbacks_spend_their_slots_while_others_claim),
    };
    return cmocka_run_group_tests_name("ring_races", tests, NULL, NULL);
}
