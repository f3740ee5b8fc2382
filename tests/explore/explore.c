/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of the subject lives on a stack of its own. At a choice it jumps back to the search, which copies the
 * whole world (model, chip memory, world, statics, the used part of that stack), hashes it, and later
 * restores it to take the next branch. Two states with the same hash have the same future, so one of them is
 * enough: the one at which more had been spent of what a run may cost. (Costs are not part of the state: they
 * would tell apart what goes on alike.)
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "explore.h"
#include "world.h"

#define STACK_SIZE (64 * 1024)

enum mode { ALL, RANDOM, REPLAY };
enum outcome { RUNNING, CHOICE, ENDED, FAILED };

static struct {
    enum mode mode;
    void (*body)(void);
    jmp_buf search;   /* back to the search */
    jmp_buf run;      /* into the run, at its latest choice */
    char *stack_now;  /* lowest address in use there */
    unsigned options; /* offered there */
    enum choice chosen;
    uint64_t random;
    const char *replay;
    struct failure *failure;
    size_t trail; /* length, in the modes without a search */
} explorer;

static _Alignas(64) char run_stack[STACK_SIZE];

/* ---- The run's side ---- */

static const char choice_letters[CHOICES + 1] = "gstcfox";

static uint64_t next_random(void)
{
    explorer.random ^= explorer.random << 13;
    explorer.random ^= explorer.random >> 7;
    explorer.random ^= explorer.random << 17;
    return explorer.random;
}

static enum choice nth_option(unsigned options, unsigned n)
{
    for (; n != 0; n--) {
        options &= options - 1;
    }
    return (enum choice)__builtin_ctz(options);
}

static enum choice pick_at_random(unsigned options)
{
    /* Rare ones first, so that a run is long enough to be interesting before it uses them up. */
    unsigned rare = options & (1u << FAULT | 1u << OUTSIDE | 1u << CHECK | 1u << TIMEOUT);
    unsigned common = options & ~rare;
    if (common != 0 && (rare == 0 || next_random() % 64 != 0)) {
        options = common;
    } else {
        options = rare;
    }
    return nth_option(options, (unsigned)(next_random() % (unsigned)__builtin_popcount(options)));
}

static enum choice pick_replayed(unsigned options)
{
    const char *letter = *explorer.replay != '\0' ? strchr(choice_letters, *explorer.replay++) : NULL;
    if (letter == NULL) {
        return nth_option(options, 0);
    }
    enum choice choice = (enum choice)(letter - choice_letters);
    if ((options & 1u << choice) == 0) {
        fail("the trail does not fit: '%c' is not possible here", *letter);
    }
    return choice;
}

enum choice pick(unsigned options)
{
    if ((options & (options - 1)) == 0) {
        return nth_option(options, 0);
    }
    if (explorer.mode == ALL) {
        char here;
        explorer.stack_now = &here;
        explorer.options = options;
        if (_setjmp(explorer.run) == 0) {
            _longjmp(explorer.search, CHOICE);
        }
        return explorer.chosen;
    }
    if (explorer.trail == TRAIL_MAX) {
        fail("no end after %d choices", TRAIL_MAX);
    }
    enum choice choice = explorer.mode == RANDOM ? pick_at_random(options) : pick_replayed(options);
    explorer.failure->trail[explorer.trail++] = choice_letters[choice];
    return choice;
}

void fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(explorer.failure->message, sizeof explorer.failure->message, format, arguments);
    va_end(arguments);
    _longjmp(explorer.search, FAILED);
}

static void run_body(void)
{
    explorer.body();
    _longjmp(explorer.search, ENDED);
}

/* Begin a run; comes back by a jump to explorer.search. */
static void begin_run(void)
{
    static ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = run_stack;
    context.uc_stack.ss_size = sizeof run_stack;
    context.uc_link = NULL;
    makecontext(&context, run_body, 0);
    setcontext(&context);
}

/* Run until something comes back. */
static enum outcome go_on(bool begin)
{
    int outcome = _setjmp(explorer.search);
    if (outcome == 0) {
        if (begin) {
            begin_run();
        }
        _longjmp(explorer.run, 1);
    }
    return (enum outcome)outcome;
}

/* ---- Snapshots: one behind the other on a tape, the latest last ---- */

struct frame {
    size_t at; /* on the tape */
    jmp_buf run;
    char *stack_now;
    unsigned options_left;
    enum choice chosen;
};

static struct frame *frames;
static size_t frame_count;
static size_t frame_room;
static char *tape;
static size_t tape_used;
static size_t tape_room;

static size_t stack_used(void)
{
    return (size_t)(run_stack + STACK_SIZE - explorer.stack_now);
}

static void append(const void *data, size_t size)
{
    if (tape_used + size > tape_room) {
        tape_room = 2 * (tape_used + size);
        tape = realloc(tape, tape_room);
        if (tape == NULL) {
            abort();
        }
    }
    memcpy(tape + tape_used, data, size);
    tape_used += size;
}

/* Append the present state to the tape, and hash what of it decides what happens next. */
static uint64_t save(void)
{
    size_t at = tape_used;
    for (unsigned i = 0; i < state.count; i++) {
        append(state.region[i].address, state.region[i].size);
    }
    append(explorer.stack_now, stack_used());
    append(explorer.run[0].__jmpbuf, sizeof explorer.run[0].__jmpbuf); /* registers */
    uint64_t hash = XXH3_64bits(tape + at, tape_used - at);
    append(&world.costs, sizeof world.costs);
    append(&model.counters, sizeof model.counters);
    return hash | 1; /* 0 is an empty place in the table */
}

static void restore(const struct frame *frame)
{
    const char *from = tape + frame->at;
    for (unsigned i = 0; i < state.count; i++) {
        memcpy(state.region[i].address, from, state.region[i].size);
        from += state.region[i].size;
    }
    explorer.stack_now = frame->stack_now;
    memcpy(explorer.stack_now, from, stack_used());
    from += stack_used() + sizeof explorer.run[0].__jmpbuf;
    memcpy(&world.costs, from, sizeof world.costs);
    from += sizeof world.costs;
    memcpy(&model.counters, from, sizeof model.counters);
    tape_used = (size_t)(from - tape) + sizeof model.counters;
    memcpy(explorer.run, frame->run, sizeof(jmp_buf));
}

static void push_frame(size_t at)
{
    if (frame_count == frame_room) {
        frame_room = frame_room == 0 ? 256 : frame_room * 2;
        frames = realloc(frames, frame_room * sizeof *frames);
        if (frames == NULL) {
            abort();
        }
    }
    struct frame *frame = &frames[frame_count++];
    frame->at = at;
    frame->options_left = explorer.options;
    frame->stack_now = explorer.stack_now;
    memcpy(frame->run, explorer.run, sizeof(jmp_buf));
}

/* ---- States seen: an open hash table of their hashes, and what it had cost to come there ---- */

struct seen {
    uint64_t hash; /* 0: none */
    uint64_t costs;
};

static struct seen *seen;
static uint64_t seen_mask;
static uint64_t seen_count;

static void seen_clear(void)
{
    free(seen);
    seen_mask = (1u << 10) - 1;
    seen_count = 0;
    seen = calloc(seen_mask + 1, sizeof *seen);
}

/*
 * False: met before at the same or higher costs, so that nothing can go wrong from here that would not have
 * gone wrong from there.
 */
static bool seen_insert(struct seen it)
{
    uint64_t slot = it.hash & seen_mask;
    for (; seen[slot].hash != 0; slot = (slot + 1) & seen_mask) {
        if (seen[slot].hash == it.hash) {
            if (costs_at_most(it.costs, seen[slot].costs)) {
                return false;
            }
            if (costs_at_most(seen[slot].costs, it.costs)) {
                seen[slot] = it;
                return true;
            }
        }
    }
    seen[slot] = it;
    seen_count++;
    return true;
}

static void seen_grow(void)
{
    if (seen_count * 2 <= seen_mask) {
        return;
    }
    struct seen *old = seen;
    uint64_t old_mask = seen_mask;
    seen_mask = seen_mask * 2 + 1;
    seen_count = 0;
    seen = calloc(seen_mask + 1, sizeof *seen);
    for (uint64_t slot = 0; slot <= old_mask; slot++) {
        if (old[slot].hash != 0) {
            seen_insert(old[slot]);
        }
    }
    free(old);
}

/* ---- The search ---- */

/* Take the next branch of the deepest choice that has one left; false: there is none. */
static bool backtrack(struct totals *totals)
{
    while (frame_count != 0 && frames[frame_count - 1].options_left == 0) {
        frame_count--;
    }
    if (frame_count == 0) {
        return false;
    }
    struct frame *top = &frames[frame_count - 1];
    restore(top);
    top->chosen = nth_option(top->options_left, 0);
    top->options_left &= top->options_left - 1;
    explorer.chosen = top->chosen;
    totals->faults += top->chosen == FAULT;
    return true;
}

static void write_trail(struct failure *failure)
{
    size_t length = frame_count < TRAIL_MAX ? frame_count : TRAIL_MAX;
    for (size_t i = 0; i < length; i++) {
        failure->trail[i] = choice_letters[frames[i].chosen];
    }
    failure->trail[length] = '\0';
}

static void note_end(struct totals *totals, size_t choices)
{
    totals->runs++;
    if (choices > totals->longest) {
        totals->longest = choices;
    }
    if (world.fault_fired) {
        return; /* then gaps have another cause */
    }
    if (model.counters.gap_cycles > totals->gap_cycles) {
        totals->gap_cycles = model.counters.gap_cycles;
    }
    if (world.costs.stood > totals->stood) {
        totals->stood = world.costs.stood;
    }
}

/* At a choice: remember it, unless it was met before. */
static void enter_choice(struct totals *totals)
{
    size_t at = tape_used;
    totals->choices++;
    if (!seen_insert((struct seen){.hash = save(), .costs = costs_so_far()})) {
        totals->merged++;
        tape_used = at;
        return;
    }
    seen_grow();
    totals->states++;
    push_frame(at);
}

bool explore_all(void (*body)(void), uint64_t max_states, struct totals *totals, struct failure *failure)
{
    explorer.mode = ALL;
    explorer.body = body;
    explorer.failure = failure;
    frame_count = 0;
    tape_used = 0;
    seen_clear();
    enum outcome outcome = go_on(true);
    do {
        if (outcome == FAILED) {
            write_trail(failure);
            return false;
        }
        if (outcome == ENDED) {
            note_end(totals, frame_count);
        } else {
            enter_choice(totals);
        }
        if (totals->states >= max_states) {
            totals->incomplete = true;
            return true;
        }
    } while (backtrack(totals) && ((outcome = go_on(false)) != RUNNING));
    return true;
}

static bool run_once(struct totals *totals, struct failure *failure)
{
    explorer.failure = failure;
    explorer.trail = 0;
    enum outcome outcome = go_on(true);
    failure->trail[explorer.trail] = '\0';
    totals->choices += explorer.trail;
    totals->faults += strchr(failure->trail, choice_letters[FAULT]) != NULL;
    if (outcome == FAILED) {
        return false;
    }
    note_end(totals, explorer.trail);
    return true;
}

bool explore_random(void (*body)(void), uint64_t seed, uint64_t runs, struct totals *totals,
                    struct failure *failure)
{
    explorer.mode = RANDOM;
    totals->random = true;
    explorer.body = body;
    explorer.random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (uint64_t run = 0; run < runs; run++) {
        if (!run_once(totals, failure)) {
            return false;
        }
    }
    return true;
}

bool explore_replay(void (*body)(void), const char *trail, struct totals *totals, struct failure *failure)
{
    explorer.mode = REPLAY;
    explorer.body = body;
    explorer.replay = trail;
    return run_once(totals, failure);
}
