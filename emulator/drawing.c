/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "drawing.h"
#include "events.h"
#include "machine.h"

#define RIGHT   16.0
#define BAR     19.0
#define VISIBLE 0.7 /* of a unit: narrower bars are drawn together */
#define LETTER  6.6 /* width of one */

/* Its name, its colour, and what the key says of it; NULL: nothing. */
static const struct {
    const char *name;
    const char *fill;
    const char *text;
} styles[STYLES] = {
    [RUN] = {"run", "#cfe0f3", "computes"},
    [SLEEP] = {"sleep", "#e4e4e4", "sleeps"},
    [STANDS] = {"stands", "#fff", NULL},
    [SUBMIT] = {"submit", "#1f5fa8", "submits a copy"},
    [IRQ] = {"irq", "#c0392b", "interrupt"},
    [NODE] = {"node", "#2e8b57", NULL},
    [NODE2] = {"node2", "#246b44", "descriptor at work"},
    [COPY] = {"copy", "#7d5ba6", "copy, from call to callback"},
    [FAILED] = {"failed", "#d35400", "copy that failed"},
    [OPEN] = {"open", "#777", "copy, not over"},
    [PIN] = {"pin", "#b9770e", "pin is high"},
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

/* ---- Bars of a row ---- */

struct bar *add_bar(struct drawing *drawing, uint64_t begin, uint64_t end, enum style style)
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
    drawing->used[style] = true;
    *bar = (struct bar){begin < drawing->begin ? drawing->begin : begin,
                        end > drawing->end ? drawing->end : end, style, "", ""};
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

static bool fits(const char *text, double width)
{
    return text[0] != '\0' && width > LETTER * (double)strlen(text) + 4;
}

static void draw_bar(const struct drawing *drawing, const struct bar *bar, double y, double height)
{
    double x = x_of(drawing, bar->begin);
    double width = x_of(drawing, bar->end) - x;
    const char *text = fits(bar->text, width) ? bar->text : bar->brief;

    fprintf(drawing->out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
            styles[bar->style].name, x, y, width < VISIBLE ? VISIBLE : width, height);
    if (fits(text, width)) {
        fprintf(drawing->out, "<text class=\"in\" x=\"%.2f\" y=\"%.1f\">%s</text>\n", x + width / 2,
                y + height / 2 + 4, text);
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

void draw_bars(struct drawing *drawing, double y, double height)
{
    struct bar bar;

    qsort(drawing->bars, drawing->count, sizeof(*drawing->bars), by_begin);
    for (size_t i = 0; i < drawing->count; i++) {
        bar = drawing->bars[i];
        while (i + 1 < drawing->count && melt(drawing, &bar, &drawing->bars[i + 1])) {
            bar.end = drawing->bars[i + 1].end > bar.end ? drawing->bars[i + 1].end : bar.end;
            bar.text[0] = bar.brief[0] = '\0';
            i++;
        }
        draw_bar(drawing, &bar, y, height);
    }
    drawing->count = 0;
}

void draw_name(const struct drawing *drawing, const char *name, double y)
{
    fprintf(drawing->out, "<text class=\"name\" x=\"%.0f\" y=\"%.1f\">%s</text>\n", LEFT - 9, y, name);
}

void draw_row(struct drawing *drawing)
{
    draw_bars(drawing, drawing->y + (ROW - BAR) / 2, BAR);
}

void end_row(struct drawing *drawing, const char *name)
{
    draw_name(drawing, name, drawing->y + ROW / 2 + 4);
    draw_row(drawing);
    drawing->y += ROW;
}

/* ---- The page ---- */

static void print_style_sheet(FILE *out)
{
    fputs("<style>text{font:12px sans-serif;fill:#222}.name{text-anchor:end}"
          ".in{text-anchor:middle;fill:#fff;font-size:11px}.title{font-size:14px;font-weight:bold}"
          ".tick{text-anchor:middle;fill:#555;font-size:11px}.grid{stroke:#ddd}.page{fill:#fff;stroke:#ccc}",
          out);
    for (unsigned i = 0; i < STYLES; i++) {
        fprintf(out, ".%s{fill:%s}", styles[i].name, styles[i].fill);
    }
    fputs("</style>\n", out);
}

void draw_key(struct drawing *drawing)
{
    double x = LEFT;

    drawing->y += 30;
    for (unsigned i = 0; i < STYLES; i++) {
        double width;

        if (!drawing->used[i] || styles[i].text == NULL) {
            continue;
        }
        width = 36 + LETTER * (double)strlen(styles[i].text);
        if (x + width > WIDTH) {
            x = LEFT;
            drawing->y += 18;
        }
        fprintf(drawing->out,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"11\"/>\n"
                "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                styles[i].name, x, drawing->y, x + 19, drawing->y + 10, styles[i].text);
        x += width;
    }
    drawing->y += 22;
}

static const struct {
    double length; /* microseconds */
    const char *name;
} units[] = {{1, "µs"}, {1e3, "ms"}, {1e6, "s"}};

/* For times up to this one. */
static unsigned unit_of(double longest)
{
    return longest < 1e4 ? 0 : longest < 1e7 ? 1 : 2;
}

/* A round number of microseconds, so that the ticks' numbers do not meet. */
static double tick_step(double length)
{
    static const double rounds[] = {1, 2, 5};
    double decade = 0.001;

    for (;; decade *= 10) {
        for (unsigned i = 0; i < 3; i++) {
            if (length / (decade * rounds[i]) <= 9) {
                return decade * rounds[i];
            }
        }
    }
}

void draw_axis(const struct drawing *drawing, double top, double bottom)
{
    double begin = microseconds(drawing, drawing->begin);
    double end = microseconds(drawing, drawing->end);
    double step = tick_step(end - begin);
    unsigned unit = unit_of(end);
    uint64_t first = (uint64_t)(begin / step) + 1;

    for (uint64_t i = first; (double)i * step <= end; i++) {
        double x = LEFT + ((double)i * step - begin) / (end - begin) * (WIDTH - LEFT - RIGHT);

        fprintf(drawing->out,
                "<line class=\"grid\" x1=\"%.2f\" y1=\"%.1f\" x2=\"%.2f\" y2=\"%.1f\"/>\n"
                "<text class=\"tick\" x=\"%.2f\" y=\"%.1f\">%.10g %s</text>\n",
                x, top, x, bottom, x, bottom + 14, (double)i * step / units[unit].length, units[unit].name);
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

void begin_page(const struct drawing *drawing)
{
    const struct machine *machine = drawing->machine;
    FILE *out = drawing->out;

    fprintf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" role=\"img\">\n",
        WIDTH, drawing->y, WIDTH);
    print_style_sheet(out);
    fprintf(out, "<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%.0f\" height=\"%.0f\" rx=\"6\"/>\n",
            WIDTH - 1, drawing->y - 1);
    fprintf(out, "<text class=\"title\" x=\"%.0f\" y=\"24\">", LEFT);
    print_text(out, file_name(machine->image->path));
    fprintf(out, " on a model of the ESP32-H2 at %u MHz, an instruction a cycle</text>\n",
            BUS_MHZ * machine->ratio);
}
