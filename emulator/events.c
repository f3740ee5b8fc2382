/* SPDX-License-Identifier: Apache-2.0 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "events.h"
#include "machine.h"

void *events_add(void **array, size_t *count, size_t *room, size_t size)
{
    if (*count == EVENTS_MAX) {
        return NULL;
    }
    if (*count == *room) {
        *room = *room != 0 ? 2 * *room : 256;
        *array = reallocarray(*array, *room, size);
        if (*array == NULL) {
            err(EXIT_FAILURE, "--trace or --timeline");
        }
    }
    return (char *)*array + (*count)++ * size;
}

void events_open(struct machine *machine)
{
    machine->events = calloc(1, sizeof(*machine->events));
    if (machine->events == NULL) {
        err(EXIT_FAILURE, "--trace or --timeline");
    }
    machine->events->cut_at = UINT64_MAX;
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        machine->events->node[ch].end = UINT64_MAX;
    }
    copies_open(machine);
}

void events_close(struct machine *machine)
{
    struct events *events = machine->events;

    if (events != NULL) {
        free(events->spans);
        free(events->pins);
        free(events->copies);
        free(events);
    }
}

static void add_span(struct machine *machine, struct span span)
{
    struct events *events = machine->events;
    struct span *place =
        events_add((void **)&events->spans, &events->span_count, &events->span_room, sizeof(*events->spans));

    if (place != NULL) {
        *place = span;
    } else if (machine->cycle < events->cut_at) {
        events->cut_at = machine->cycle;
    }
}

/* ---- The CPU ---- */

static uint8_t track_of(unsigned level)
{
    return level == 0 ? TRACK_TASK : TRACK_INTERRUPT;
}

void events_enter(struct machine *machine, struct frame *frame)
{
    if (machine->events != NULL) {
        copies_enter(machine, frame);
    }
}

void events_leave(struct machine *machine, struct frame *frame)
{
    bool interrupt = frame->kind == FRAME_INTERRUPT;

    if (machine->events == NULL) {
        return;
    }
    copies_leave(machine, frame);
    add_span(machine, (struct span){.begin = frame->cycle,
                                    .end = machine->cycle,
                                    .what = interrupt ? frame->address : frame->symbol,
                                    .copy = frame->copy,
                                    .track = track_of(frame->level),
                                    .kind = interrupt ? SPAN_INTERRUPT : SPAN_FUNCTION});
}

void events_sleep(struct machine *machine, uint64_t begin)
{
    if (machine->events != NULL && machine->cycle > begin) {
        add_span(machine, (struct span){.begin = begin,
                                        .end = machine->cycle,
                                        .copy = -1,
                                        .track = track_of(machine->calls.level),
                                        .kind = SPAN_SLEEP});
    }
}

/* ---- The model ---- */

/* While the CPU sleeps, its cycle stands still, and the model's does not. */
static uint64_t now(const struct machine *machine)
{
    uint64_t bus = machine->model.counters.cycles * machine->ratio;

    return bus > machine->cycle ? bus : machine->cycle;
}

static void end_node(struct machine *machine, unsigned ch)
{
    struct span *node = &machine->events->node[ch];

    if (node->end == 0) {
        node->end = now(machine);
        add_span(machine, *node);
    }
    node->end = UINT64_MAX;
}

static void begin_node(struct machine *machine, unsigned ch, const struct model_node *at_work)
{
    bool out = ch >= CHIP_GDMA_PAIRS;

    machine->events->node[ch] = (struct span){
        .begin = now(machine),
        .what = at_work->address,
        .buffer = at_work->buffer,
        .size = out ? gdma_dw0_length(at_work->dw0) : gdma_dw0_size(at_work->dw0),
        .copy = copies_of_buffer(machine->events, at_work->buffer, out),
        .track = (uint8_t)(TRACK_DMA + ch),
        .kind = SPAN_NODE,
    };
}

/* A descriptor is at work from when the channel has come to it until it is done. */
static void look_at_channel(struct machine *machine, unsigned ch)
{
    struct events *events = machine->events;
    const struct model_channel *channel = &machine->model.channel[ch];
    bool works = channel->nodes > 0;
    bool same = works && events->node[ch].end == 0 && events->node[ch].what == channel->node[0].address &&
                channel->position >= events->node_position[ch];

    if (!same) {
        end_node(machine, ch);
        if (works) {
            begin_node(machine, ch, &channel->node[0]);
        }
    }
    events->node_position[ch] = channel->position;
}

static void change_pin(struct machine *machine, unsigned pin, bool level)
{
    struct events *events = machine->events;
    struct pin_change *change =
        events_add((void **)&events->pins, &events->pin_count, &events->pin_room, sizeof(*events->pins));

    if (change != NULL) {
        *change = (struct pin_change){now(machine), (uint8_t)pin, level};
    }
    if (machine->show_pins) {
        fprintf(stderr, "GPIO%u is %d at cycle %" PRIu64 "\n", pin, level, now(machine));
    }
}

static void look_at_pins(struct machine *machine)
{
    uint32_t levels = machine->model.gpio_out & machine->model.gpio_enable;
    uint32_t changed = levels ^ machine->events->pin_levels;

    for (; changed != 0; changed &= changed - 1) {
        unsigned pin = (unsigned)__builtin_ctz(changed);

        change_pin(machine, pin, (levels >> pin & 1u) != 0);
    }
    machine->events->pin_levels = levels;
}

void events_step(struct machine *machine)
{
    if (machine->events == NULL) {
        return;
    }
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        look_at_channel(machine, ch);
    }
    look_at_pins(machine);
}

void events_end(struct machine *machine)
{
    if (machine->events == NULL) {
        return;
    }
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        end_node(machine, ch);
    }
    if (machine->events->cut_at != UINT64_MAX) {
        warnx("warning: %u events are enough: the picture has gaps from cycle %" PRIu64 " on", EVENTS_MAX,
              machine->events->cut_at);
    }
}
