/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture that any browser shows: a row for the task, for interrupts, for each DMA channel that worked, for
 * pins that changed, and a bar per copy from the call that submits it to its callback. What is narrower than
 * can be seen is drawn together, so that the picture of a long run is no larger than that of a short one.
 */
#include <err.h>
#include <stdlib.h>
#include "drawing.h"
#include "events.h"
#include "machine.h"

#define TOP       42.0
#define LANE      18.0 /* of copies */
#define LANES_MAX 24u

/* Where copies were made, their time; the whole run otherwise. */
static void choose_time(struct drawing *drawing)
{
    const struct events *events = drawing->machine->events;
    uint64_t first = UINT64_MAX;
    uint64_t last = 0;

    for (size_t i = 0; i < events->copy_count; i++) {
        const struct copy *copy = &events->copies[i];
        uint64_t end = copy->is_done ? copy->done : drawing->machine->cycle;

        first = copy->submitted < first ? copy->submitted : first;
        last = end > last ? end : last;
    }
    drawing->begin = 0;
    drawing->end = drawing->machine->cycle;
    if (first < last) {
        uint64_t margin = (last - first) / 20 + 50;

        drawing->begin = first > margin ? first - margin : 0;
        drawing->end = last + margin < drawing->end ? last + margin : drawing->end;
    }
    if (drawing->end <= drawing->begin) {
        drawing->end = drawing->begin + 1;
    }
}

/* ---- Rows ---- */

static void add_spans(struct drawing *drawing, unsigned track, enum span_kind kind, enum style style)
{
    const struct events *events = drawing->machine->events;

    for (size_t i = 0; i < events->span_count; i++) {
        const struct span *span = &events->spans[i];

        if (span->track == track && span->kind == kind) {
            add_bar(drawing, span->begin, span->end, style);
        }
    }
}

static void draw_task(struct drawing *drawing)
{
    const struct events *events = drawing->machine->events;

    add_bar(drawing, 0, drawing->machine->cycle, RUN);
    draw_row(drawing);
    add_spans(drawing, TRACK_TASK, SPAN_SLEEP, SLEEP);
    draw_row(drawing);
    add_spans(drawing, TRACK_INTERRUPT, SPAN_INTERRUPT, STANDS); /* whatever it was at */
    draw_row(drawing);
    for (size_t i = 0; i < events->span_count; i++) {
        const struct span *span = &events->spans[i];

        if (span->track == TRACK_TASK && span->kind == SPAN_FUNCTION && span->copy >= 0) {
            add_bar(drawing, span->begin, span->end, SUBMIT);
        }
    }
    end_row(drawing, "task");
}

static void draw_interrupts(struct drawing *drawing)
{
    add_spans(drawing, TRACK_INTERRUPT, SPAN_INTERRUPT, IRQ);
    end_row(drawing, "interrupts");
}

static void draw_channel(struct drawing *drawing, unsigned ch)
{
    const struct events *events = drawing->machine->events;
    bool out = ch >= CHIP_GDMA_PAIRS;
    bool odd = false;
    char name[32];

    for (size_t i = 0; i < events->span_count; i++) {
        const struct span *span = &events->spans[i];

        if (span->track == TRACK_DMA + ch) {
            struct bar *bar = add_bar(drawing, span->begin, span->end, odd ? NODE : NODE2);

            odd = !odd;
            snprintf(bar->text, sizeof(bar->text), "%u B", span->size);
            snprintf(bar->brief, sizeof(bar->brief), "%u", span->size);
        }
    }
    if (drawing->count > 0) {
        snprintf(name, sizeof(name), "DMA %s%u", out ? "reads, out" : "writes, in",
                 out ? ch - CHIP_GDMA_PAIRS : ch);
        end_row(drawing, name);
    }
}

static void draw_pin(struct drawing *drawing, unsigned pin)
{
    const struct events *events = drawing->machine->events;
    uint64_t since = 0;
    bool level = false;
    char name[16];

    for (size_t i = 0; i < events->pin_count; i++) {
        const struct pin_change *change = &events->pins[i];

        if (change->pin == pin) {
            if (level) {
                add_bar(drawing, since, change->cycle, PIN);
            }
            level = change->level;
            since = change->cycle;
        }
    }
    if (level) {
        add_bar(drawing, since, drawing->machine->cycle, PIN);
    }
    snprintf(name, sizeof(name), "GPIO%u", pin);
    end_row(drawing, name);
}

static uint32_t changed_pins(const struct events *events)
{
    uint32_t pins = 0;

    for (size_t i = 0; i < events->pin_count; i++) {
        pins |= 1u << events->pins[i].pin;
    }
    return pins;
}

/* ---- Copies ---- */

static enum style style_of(const struct copy *copy)
{
    if (!copy->is_done) {
        return OPEN;
    }
    return copy->status == 0 ? COPY : FAILED;
}

/*
 * Copies that overlap lie in lanes of their own: draw those of one, which are the ones that no lane before it
 * had room for, and mark them as drawn. False: there is none left.
 */
static bool draw_lane(struct drawing *drawing, bool *drawn)
{
    const struct events *events = drawing->machine->events;
    uint64_t free_from = 0;

    for (size_t i = 0; i < events->copy_count; i++) {
        const struct copy *copy = &events->copies[i];
        uint64_t end = copy->is_done ? copy->done : drawing->machine->cycle;

        if (!drawn[i] && copy->submitted >= free_from) {
            struct bar *bar = add_bar(drawing, copy->submitted, end, style_of(copy));

            snprintf(bar->text, sizeof(bar->text), "%zu: %u bytes", i + 1, copy->size);
            snprintf(bar->brief, sizeof(bar->brief), "%zu", i + 1);
            drawn[i] = true;
            free_from = end + 1;
        }
    }
    if (drawing->count == 0) {
        return false;
    }
    draw_bars(drawing, drawing->y + 2, LANE - 3);
    drawing->y += LANE;
    return true;
}

static void draw_copies(struct drawing *drawing)
{
    const struct events *events = drawing->machine->events;
    bool *drawn = calloc(events->copy_count + 1, sizeof(*drawn));
    size_t left = 0;

    if (drawn == NULL) {
        err(EXIT_FAILURE, "--timeline");
    }
    if (events->copy_count > 0) {
        draw_name(drawing, "copies", drawing->y + LANE / 2 + 4);
    }
    for (size_t i = 0; i < events->copy_count; i++) {
        drawn[i] = events->copies[i].refused;
    }
    for (unsigned lane = 0; lane < LANES_MAX && draw_lane(drawing, drawn); lane++) {
    }
    for (size_t i = 0; i < events->copy_count; i++) {
        left += !drawn[i];
    }
    if (left > 0) {
        fprintf(drawing->out, "<text x=\"%.0f\" y=\"%.1f\">and %zu more at the same time</text>\n", LEFT,
                drawing->y + 10, left);
        drawing->y += LANE;
    }
    drawing->y += 6;
    free(drawn);
}

/* ---- The whole ---- */

static void draw_rows(struct drawing *drawing)
{
    drawing->y = TOP;
    draw_task(drawing);
    draw_interrupts(drawing);
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        draw_channel(drawing, ch);
    }
    for (uint32_t pins = changed_pins(drawing->machine->events); pins != 0; pins &= pins - 1) {
        draw_pin(drawing, (unsigned)__builtin_ctz(pins));
    }
    draw_copies(drawing);
}

/* Rows and key are drawn first, into memory: they decide how high the picture is, and lie above the grid. */
void timeline_print(const struct machine *machine, FILE *out)
{
    char *rows = NULL;
    size_t size;
    double bottom;
    struct drawing drawing = {.machine = machine, .out = open_memstream(&rows, &size)};

    if (drawing.out == NULL) {
        err(EXIT_FAILURE, "--timeline");
    }
    choose_time(&drawing);
    draw_rows(&drawing);
    bottom = drawing.y;
    draw_key(&drawing);
    fclose(drawing.out);
    drawing.out = out;
    begin_page(&drawing);
    draw_axis(&drawing, TOP - 6, bottom);
    fwrite(rows, 1, size, out);
    fputs("</svg>\n", out);
    free(rows);
    free(drawing.bars);
}
