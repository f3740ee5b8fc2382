/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run of the subject lives on a stack of its own. At a choice it jumps back to the search, which copies the
 * whole world (model, chip memory, world, statics, the used part of that stack), hashes it, and later
 * restores it to take the next branch. Two states with the same hash have the same future, so one of them is
 * enough.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
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

/* ---- Snapshots ---- */

struct frame {
    struct model model;
    struct world world;
    char memory[MEMORY_SIZE];
    char statics[64];
    jmp_buf run;
    char *stack_now;
    char *stack; /* copy of what is in use */
    size_t stack_room;
    unsigned options_left;
    enum choice chosen;
};

static struct frame *frames;
static size_t frame_count;
static size_t frame_room;

static char *stack_end(void)
{
    return run_stack + STACK_SIZE;
}

static void *chip_memory(void)
{
    return (void *)(uintptr_t)CHIP_SRAM_FIRST;
}

static void save(struct frame *frame)
{
    size_t used = (size_t)(stack_end() - explorer.stack_now);
    if (frame->stack_room < used) {
        frame->stack = realloc(frame->stack, used);
        frame->stack_room = used;
    }
    memcpy(&frame->model, &model, sizeof model);
    memcpy(&frame->world, &world, sizeof world);
    memcpy(frame->memory, chip_memory(), MEMORY_SIZE);
    memcpy(frame->statics, subject_statics.address, subject_statics.size);
    memcpy(frame->run, explorer.run, sizeof(jmp_buf));
    memcpy(frame->stack, explorer.stack_now, used);
    frame->stack_now = explorer.stack_now;
}

static void restore(const struct frame *frame)
{
    memcpy(&model, &frame->model, sizeof model);
    memcpy(&world, &frame->world, sizeof world);
    memcpy(chip_memory(), frame->memory, MEMORY_SIZE);
    memcpy(subject_statics.address, frame->statics, subject_statics.size);
    memcpy(explorer.run, frame->run, sizeof(jmp_buf));
    memcpy(frame->stack_now, frame->stack, (size_t)(stack_end() - frame->stack_now));
}

static struct frame *push_frame(void)
{
    if (frame_count == frame_room) {
        size_t room = frame_room == 0 ? 256 : frame_room * 2;
        frames = realloc(frames, room * sizeof *frames);
        memset(frames + frame_room, 0, (room - frame_room) * sizeof *frames);
        frame_room = room;
    }
    return &frames[frame_count++];
}

static uint64_t hash_state(void)
{
    static XXH3_state_t *state;
    if (state == NULL) {
        state = XXH3_createState();
    }
    XXH3_64bits_reset(state);
    XXH3_64bits_update(state, &model, MODEL_STATE_SIZE);
    XXH3_64bits_update(state, &world, sizeof world);
    XXH3_64bits_update(state, chip_memory(), MEMORY_SIZE);
    XXH3_64bits_update(state, subject_statics.address, subject_statics.size);
    XXH3_64bits_update(state, &model.counters.gap_cycles, sizeof model.counters.gap_cycles);
    XXH3_64bits_update(state, &model.counters.misuse, sizeof model.counters.misuse);
    XXH3_64bits_update(state, explorer.run[0].__jmpbuf, sizeof explorer.run[0].__jmpbuf); /* registers */
    XXH3_64bits_update(state, explorer.stack_now, (size_t)(stack_end() - explorer.stack_now));
    return XXH3_64bits_digest(state) | 1;
}

/* ---- States seen: an open hash table of their hashes ---- */

static uint64_t *seen;
static uint64_t seen_mask;
static uint64_t seen_count;

static void seen_clear(void)
{
    free(seen);
    seen_mask = (1u << 16) - 1;
    seen_count = 0;
    seen = calloc(seen_mask + 1, sizeof *seen);
}

static bool seen_insert(uint64_t hash)
{
    uint64_t slot = hash & seen_mask;
    while (seen[slot] != 0) {
        if (seen[slot] == hash) {
            return false;
        }
        slot = (slot + 1) & seen_mask;
    }
    seen[slot] = hash;
    seen_count++;
    return true;
}

static void seen_grow(void)
{
    if (seen_count * 2 <= seen_mask) {
        return;
    }
    uint64_t *old = seen;
    uint64_t old_mask = seen_mask;
    seen_mask = seen_mask * 2 + 1;
    seen_count = 0;
    seen = calloc(seen_mask + 1, sizeof *seen);
    for (uint64_t slot = 0; slot <= old_mask; slot++) {
        if (old[slot] != 0) {
            seen_insert(old[slot]);
        }
    }
    free(old);
}

/* ---- The search ---- */

/* Take the next branch of the deepest choice that has one left; false: there is none. */
static bool backtrack(void)
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
    if (model.counters.gap_cycles > totals->gap_cycles) {
        totals->gap_cycles = model.counters.gap_cycles;
    }
}

/* At a choice: remember it, unless it was met before. */
static bool enter_choice(struct totals *totals)
{
    totals->choices++;
    if (!seen_insert(hash_state())) {
        totals->merged++;
        return false;
    }
    seen_grow();
    totals->states++;
    struct frame *frame = push_frame();
    frame->options_left = explorer.options;
    save(frame);
    return true;
}

bool explore_all(void (*body)(void), uint64_t max_states, struct totals *totals, struct failure *failure)
{
    explorer.mode = ALL;
    explorer.body = body;
    explorer.failure = failure;
    frame_count = 0;
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
    } while (backtrack() && ((outcome = go_on(false)) != RUNNING));
    return true;
}

static bool run_once(struct totals *totals, struct failure *failure)
{
    explorer.failure = failure;
    explorer.trail = 0;
    enum outcome outcome = go_on(true);
    failure->trail[explorer.trail] = '\0';
    totals->choices += explorer.trail;
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
