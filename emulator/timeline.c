/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A picture that any browser shows: a row for the task, for interrupts, for each DMA channel that worked, for
 * pins that changed, and a bar per copy from the call that submits it to its callback. What is narrower than
 * can be seen is drawn together, so that the picture of a long run is no larger than that of a short one.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "events.h"
#include "machine.h"

#define WIDTH     1200.0
#define LEFT      110.0 /* of it, for the names of rows */
#define RIGHT     20.0
#define ROW       26.0
#define BAR       18.0
#define LANE      14.0 /* of copies */
#define LANES_MAX 24u
#define TOP       58.0
#define VISIBLE   0.7 /* of a unit: narrower bars are drawn together */
#define LETTER    6.2 /* width of one */
#define BUS_MHZ   32u

struct bar {
    uint64_t begin;
    uint64_t end;
    const char *style;
    char text[40];
};

struct drawing {
    const struct machine *machine;
    FILE *out;
    uint64_t begin; /* cycles that it shows */
    uint64_t end;
    double y;
    struct bar *bars; /* of the row at hand */
    size_t count, room;
};

/* ---- Places ---- */

static double x_of(const struct drawing *drawing, uint64_t cycle)
{
    double part = (double)(cycle - drawing->begin) / (double)(drawing->end - drawing->begin);

    return LEFT + part * (WIDTH - LEFT - RIGHT);
}

static double microseconds(const struct drawing *drawing, uint64_t cycles)
{
    return (double)cycles / (BUS_MHZ * drawing->machine->ratio);
}

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

/* ---- Bars of a row ---- */

static struct bar *add_bar(struct drawing *drawing, uint64_t begin, uint64_t end, const char *style)
{
    static struct bar nowhere;
    struct bar *bar;

    if (end < drawing->begin || begin > drawing->end) {
        return &nowhere;
    }
    bar = events_add((void **)&drawing->bars, &drawing->count, &drawing->room, sizeof(*drawing->bars));
    if (bar == NULL) {
        return &nowhere;
    }
    *bar = (struct bar){begin < drawing->begin ? drawing->begin : begin,
                        end > drawing->end ? drawing->end : end, style, ""};
    return bar;
}

static int by_begin(const void *a, const void *b)
{
    const struct bar *one = a;
    const struct bar *other = b;

    if (one->begin != other->begin) {
        return one->begin < other->begin ? -1 : 1;
    }
    return one->end != other->end ? (one->end > other->end ? -1 : 1) : 0;
}

static void draw_bar(const struct drawing *drawing, const struct bar *bar, double y, double height)
{
    double x = x_of(drawing, bar->begin);
    double width = x_of(drawing, bar->end) - x;

    fprintf(drawing->out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
            bar->style, x, y, width < VISIBLE ? VISIBLE : width, height);
    if (bar->text[0] != '\0' && width > LETTER * (double)strlen(bar->text) + 4) {
        fprintf(drawing->out, "<text class=\"in\" x=\"%.2f\" y=\"%.1f\">%s</text>\n", x + width / 2,
                y + height / 2 + 3.5, bar->text);
    }
}

/* Is the gap between these two, or one of them, too narrow to be seen? */
static bool melt(const struct drawing *drawing, const struct bar *one, const struct bar *other)
{
    double x = x_of(drawing, one->begin);
    double end = x_of(drawing, one->end);
    double next = x_of(drawing, other->begin);
    bool narrow = end - x < VISIBLE || x_of(drawing, other->end) - next < VISIBLE;

    return one->style == other->style && narrow && next - end < VISIBLE;
}

static void draw_bars(struct drawing *drawing, double y, double height)
{
    struct bar bar;

    qsort(drawing->bars, drawing->count, sizeof(*drawing->bars), by_begin);
    for (size_t i = 0; i < drawing->count; i++) {
        bar = drawing->bars[i];
        while (i + 1 < drawing->count && melt(drawing, &bar, &drawing->bars[i + 1])) {
            bar.end = drawing->bars[i + 1].end > bar.end ? drawing->bars[i + 1].end : bar.end;
            bar.text[0] = '\0';
            i++;
        }
        draw_bar(drawing, &bar, y, height);
    }
    drawing->count = 0;
}

static void draw_name(const struct drawing *drawing, const char *name, double y)
{
    fprintf(drawing->out, "<text class=\"name\" x=\"%.0f\" y=\"%.1f\">%s</text>\n", LEFT - 8, y, name);
}

static void draw_row(struct drawing *drawing)
{
    draw_bars(drawing, drawing->y + (ROW - BAR) / 2, BAR);
}

static void end_row(struct drawing *drawing, const char *name)
{
    draw_name(drawing, name, drawing->y + ROW / 2 + 4);
    draw_row(drawing);
    drawing->y += ROW;
}

/* ---- Rows ---- */

static void add_spans(struct drawing *drawing, unsigned track, enum span_kind kind, const char *style)
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

    add_bar(drawing, 0, drawing->machine->cycle, "run");
    draw_row(drawing);
    add_spans(drawing, TRACK_TASK, SPAN_SLEEP, "sleep");
    draw_row(drawing);
    add_spans(drawing, TRACK_INTERRUPT, SPAN_INTERRUPT, "stands"); /* whatever it was at */
    draw_row(drawing);
    for (size_t i = 0; i < events->span_count; i++) {
        const struct span *span = &events->spans[i];

        if (span->track == TRACK_TASK && span->kind == SPAN_FUNCTION && span->copy >= 0) {
            add_bar(drawing, span->begin, span->end, "submit");
        }
    }
    end_row(drawing, "task");
}

static void draw_interrupts(struct drawing *drawing)
{
    add_spans(drawing, TRACK_INTERRUPT, SPAN_INTERRUPT, "irq");
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
            struct bar *bar = add_bar(drawing, span->begin, span->end, odd ? "node" : "node2");

            odd = !odd;
            snprintf(bar->text, sizeof(bar->text), "%u", span->size);
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
                add_bar(drawing, since, change->cycle, "pin");
            }
            level = change->level;
            since = change->cycle;
        }
    }
    if (level) {
        add_bar(drawing, since, drawing->machine->cycle, "pin");
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

static const char *style_of(const struct copy *copy)
{
    if (!copy->is_done) {
        return "open";
    }
    return copy->status == 0 ? "copy" : "failed";
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

            snprintf(bar->text, sizeof(bar->text), "%zu: %u B", i + 1, copy->size);
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

static const char style_sheet[] =
    "text{font:11px "
    "sans-serif;fill:#222}.name{text-anchor:end}.in{text-anchor:middle;fill:#fff;font-size:10px}"
    ".title{font-size:14px;font-weight:bold}.tick{text-anchor:middle;fill:#666;font-size:10px}"
    ".grid{stroke:#ddd}.run{fill:#cfe0f3}.sleep{fill:#ececec}.stands{fill:#fff}.submit{fill:#1f5fa8}.irq{"
    "fill:#c0392b}"
    ".node{fill:#2e8b57}.node2{fill:#246b44}.copy{fill:#7d5ba6}.failed{fill:#c0392b}.open{fill:#999}"
    ".pin{fill:#d68910}";

static void draw_key(const struct drawing *drawing)
{
    static const struct {
        const char *style;
        const char *text;
    } keys[] = {
        {"run", "computes"},
        {"sleep", "asleep"},
        {"submit", "submits"},
        {"irq", "interrupt"},
        {"node2", "descriptor at work"},
        {"copy", "copy, call to callback"},
        {"failed", "copy failed"},
        {"pin", "pin high"},
    };
    double x = LEFT;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        fprintf(drawing->out,
                "<rect class=\"%s\" x=\"%.1f\" y=\"30\" width=\"12\" height=\"10\"/>\n"
                "<text x=\"%.1f\" y=\"39\">%s</text>\n",
                keys[i].style, x, x + 16, keys[i].text);
        x += 34 + LETTER * (double)strlen(keys[i].text);
    }
}

/* A round number of microseconds, so that about ten ticks fit. */
static double tick_step(double length)
{
    static const double rounds[] = {1, 2, 5};
    double decade = 0.001;

    for (;; decade *= 10) {
        for (unsigned i = 0; i < 3; i++) {
            if (length / (decade * rounds[i]) <= 12) {
                return decade * rounds[i];
            }
        }
    }
}

/* The axis counts from the beginning of the run. */
static void draw_axis(const struct drawing *drawing)
{
    double begin = microseconds(drawing, drawing->begin);
    double end = microseconds(drawing, drawing->end);
    double step = tick_step(end - begin);
    uint64_t first = (uint64_t)(begin / step) + 1;

    for (uint64_t i = first; (double)i * step <= end; i++) {
        double x = LEFT + ((double)i * step - begin) / (end - begin) * (WIDTH - LEFT - RIGHT);

        fprintf(drawing->out,
                "<line class=\"grid\" x1=\"%.2f\" y1=\"%.1f\" x2=\"%.2f\" y2=\"%.1f\"/>\n"
                "<text class=\"tick\" x=\"%.2f\" y=\"%.1f\">%g µs</text>\n",
                x, TOP - 6, x, drawing->y, x, drawing->y + 14, (double)i * step);
    }
}

static void print_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        switch (*text) {
        case '<':
            fputs("&lt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        default:
            fputc(*text, out);
            break;
        }
    }
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

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

/* Rows are drawn first, into memory: they decide how high the picture is, and lie above the grid. */
void timeline_print(const struct machine *machine, FILE *out)
{
    char *rows = NULL;
    size_t size;
    struct drawing drawing = {.machine = machine, .out = open_memstream(&rows, &size)};

    if (drawing.out == NULL) {
        err(EXIT_FAILURE, "--timeline");
    }
    choose_time(&drawing);
    draw_rows(&drawing);
    fclose(drawing.out);
    drawing.out = out;
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\">\n"
            "<style>%s</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
            "<text class=\"title\" x=\"%.0f\" y=\"18\">",
            WIDTH, drawing.y + 24, WIDTH, style_sheet, LEFT);
    print_text(out, file_name(machine->image->path));
    fprintf(out, ": a model of the ESP32-H2 at %u MHz, an instruction a cycle</text>\n",
            BUS_MHZ * machine->ratio);
    draw_key(&drawing);
    draw_axis(&drawing);
    fwrite(rows, 1, size, out);
    fputs("</svg>\n", out);
    free(rows);
    free(drawing.bars);
}
