/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies, recognised by the functions of the API: a call of one of them submits (its arguments are in a0 to
 * a5), and one that returns other than ESP_OK has refused. A copy is over when the driver reports it, which
 * is a call of driver_done(driver, status), once per copy and in order; where the compiler has left no such
 * function, when its callback is called with its argument, which ends the copies before it too.
 */
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
    events->done_symbol = image_symbol_named(machine->image, "driver_done");
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

/* The oldest copy of a driver is over. */
static void end_oldest(struct machine *machine, uint32_t driver, uint32_t status)
{
    struct events *events = machine->events;

    for (size_t i = events->first_pending; i < events->copy_count; i++) {
        if (is_pending(&events->copies[i]) && events->copies[i].driver == driver) {
            end_copy(machine, &events->copies[i], status);
            return;
        }
    }
}

/* A function is called with (driver, event, argument): is it a callback? */
static void end_by_callback(struct machine *machine, uint32_t function)
{
    struct events *events = machine->events;
    uint32_t driver = argument(machine, 0);
    size_t i = events->first_pending;

    while (i < events->copy_count &&
           !(is_pending(&events->copies[i]) && events->copies[i].driver == driver &&
             events->copies[i].callback == function && events->copies[i].argument == argument(machine, 2))) {
        i++;
    }
    for (size_t k = events->first_pending; i < events->copy_count && k <= i; k++) {
        if (is_pending(&events->copies[k]) && events->copies[k].driver == driver) {
            end_copy(machine, &events->copies[k], 0);
        }
    }
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
    if (frame->symbol == events->done_symbol) {
        end_oldest(machine, argument(machine, 0), argument(machine, 1));
    } else if (events->done_symbol == 0 && machine->calls.level > 0) {
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
