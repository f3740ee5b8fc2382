/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies, recognised by the functions of the API: a call of one of them submits (its arguments are in a0 to
 * a5), and one that returns other than ESP_OK has refused. A copy is over when its callback is called, with
 * the driver, an event whose data is the result, and its argument; or, if it has none, when the driver calls
 * end_quietly(driver, request, status). Where the compiler has left no such function, it is over with the
 * next one that has a callback.
 */
#include <stdint.h>
#include <string.h>

#include "events.h"
#include "machine.h"

static const char *const submit_names[] = {"esp_async_memcpy", "esp_async_memcpy_timed",
                                           "esp_memcpy_blocking"};
#define BLOCKING 2 /* has no callback, and returns when the copy is over */

static uint32_t argument(const struct machine *machine, unsigned n)
{
    return cpu_x(machine, 10 + n);
}

void copies_open(struct machine *machine)
{
    struct events *events = machine->events;

    for (unsigned i = 0; i < 3; i++) {
        events->submit_symbols[i] = image_symbol_named(machine->image, submit_names[i]);
    }
    events->quiet_symbol = image_symbol_named(machine->image, "end_quietly");
}

static uint8_t track_now(const struct machine *machine)
{
    return machine->calls.level == 0 ? TRACK_TASK : TRACK_INTERRUPT;
}

static void submit(struct machine *machine, struct frame *frame, bool blocking)
{
    struct events *events = machine->events;
    struct copy *copy = events_add((void **)&events->copies, &events->copy_count, &events->copy_room,
                                   sizeof(*events->copies));

    if (copy == NULL) {
        return;
    }
    frame->copy = (int)(events->copy_count - 1);
    *copy = (struct copy){.driver = argument(machine, 0),
                          .dst = argument(machine, 1),
                          .src = argument(machine, 2),
                          .size = argument(machine, 3),
                          .callback = blocking ? 0 : argument(machine, 4),
                          .argument = blocking ? 0 : argument(machine, 5),
                          .submitted = machine->cycle,
                          .submit_track = track_now(machine),
                          .blocking = blocking};
}

static bool is_pending(const struct copy *copy)
{
    return !copy->refused && !copy->is_done;
}

static void end_copy(struct machine *machine, struct copy *copy, uint32_t status)
{
    struct events *events = machine->events;

    copy->is_done = true;
    copy->done = machine->cycle;
    copy->done_track = track_now(machine);
    copy->status = status;
    while (events->first_pending < events->copy_count &&
           !is_pending(&events->copies[events->first_pending])) {
        events->first_pending++;
    }
}

/* Words that lie in SRAM; false: they do not. */
static bool read_words(uint32_t address, uint32_t *words, uint32_t count)
{
    if (address % 4 != 0 || address < CHIP_SRAM_FIRST || address > CHIP_SRAM_LAST + 1 - 4 * count) {
        return false;
    }
    memcpy(words, (const void *)(uintptr_t)address, 4 * (size_t)count);
    return true;
}

/* The oldest pending copy of this driver that `is` says it is; NULL: there is none, as for those of a batch.
 */
static struct copy *find_pending(const struct events *events, uint32_t driver,
                                 bool (*is)(const struct copy *copy, const uint32_t *words),
                                 const uint32_t *words)
{
    for (size_t i = events->first_pending; i < events->copy_count; i++) {
        struct copy *copy = &events->copies[i];
        if (is_pending(copy) && copy->driver == driver && is(copy, words)) {
            return copy;
        }
    }
    return NULL;
}

/* words: destination, source and size */
static bool has_request(const struct copy *copy, const uint32_t *words)
{
    return copy->dst == words[0] && copy->src == words[1] && copy->size == words[2];
}

static bool is_quiet(const struct copy *copy, const uint32_t *words)
{
    return copy->callback == 0 && has_request(copy, words);
}

/* words: function and argument */
static bool has_callback(const struct copy *copy, const uint32_t *words)
{
    return copy->callback == words[0] && copy->argument == words[1];
}

/* The driver tells that a copy without a callback is over. */
static void end_quiet_copy(struct machine *machine)
{
    uint32_t request[3];
    struct copy *copy = NULL;

    if (read_words(argument(machine, 1), request, 3)) {
        copy = find_pending(machine->events, argument(machine, 0), is_quiet, request);
    }
    if (copy != NULL) {
        end_copy(machine, copy, argument(machine, 2));
    }
}

/* The status that a callback is told; 0 if it is told none. */
static uint32_t told_status(uint32_t event)
{
    uint32_t result = 0;
    uint32_t status = 0;

    return read_words(event, &result, 1) && read_words(result, &status, 1) ? status : 0;
}

/* A function is called with (driver, event, argument): is it a callback? Then copies before it are over, too.
 */
static void end_by_callback(struct machine *machine, uint32_t function)
{
    struct events *events = machine->events;
    uint32_t driver = argument(machine, 0);
    const uint32_t words[] = {function, argument(machine, 2)};
    struct copy *ended = find_pending(events, driver, has_callback, words);

    if (ended == NULL) {
        return;
    }
    for (struct copy *copy = &events->copies[events->first_pending]; copy < ended; copy++) {
        if (is_pending(copy) && copy->driver == driver) {
            end_copy(machine, copy, 0);
        }
    }
    end_copy(machine, ended, told_status(argument(machine, 1)));
}

void copies_enter(struct machine *machine, struct frame *frame)
{
    const struct events *events = machine->events;

    if (frame->kind == FRAME_INTERRUPT || frame->symbol == 0) {
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (frame->symbol == events->submit_symbols[i]) {
            submit(machine, frame, i == BLOCKING);
            return;
        }
    }
    if (frame->symbol == events->quiet_symbol) {
        end_quiet_copy(machine);
    } else if (machine->calls.level > 0) {
        end_by_callback(machine, frame->address);
    }
}

void copies_leave(struct machine *machine, const struct frame *frame)
{
    struct copy *copy;
    uint32_t result = argument(machine, 0);

    if (frame->copy < 0 || machine->stop >= STOP_EXIT) {
        return;
    }
    copy = &machine->events->copies[frame->copy];
    if (copy->is_done) {
        return;
    }
    copy->refused = result != 0;
    if (copy->refused || copy->blocking) {
        end_copy(machine, copy, result);
        copy->is_done = !copy->refused;
    }
}

int32_t copies_of_buffer(const struct events *events, uint32_t buffer, bool source)
{
    for (size_t i = events->first_pending; i < events->copy_count; i++) {
        const struct copy *copy = &events->copies[i];

        if (is_pending(copy) && buffer - (source ? copy->src : copy->dst) < copy->size) {
            return (int32_t)i;
        }
    }
    return -1;
}
