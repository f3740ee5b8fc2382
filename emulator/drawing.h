/* SPDX-License-Identifier: Apache-2.0 */
/* A page with rows of bars over an axis of time, as SVG. */
#ifndef DRAWING_H
#define DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct machine;

#define WIDTH 880.0 /* what a page of text leaves for a picture: its letters are read as they are */
#define LEFT  122.0 /* of it, for the names of rows */
#define ROW   27.0

enum style { RUN, SLEEP, STANDS, SUBMIT, IRQ, NODE, NODE2, COPY, FAILED, OPEN, PIN, STYLES };

struct bar {
    uint64_t begin;
    uint64_t end;
    enum style style;
    char text[40];
    char brief[24]; /* where that does not fit */
};

struct drawing {
    const struct machine *machine;
    FILE *out;
    uint64_t begin; /* cycles that it shows */
    uint64_t end;
    double y;
    struct bar *bars; /* of the row at hand */
    size_t count, room;
    bool used[STYLES];
};

/* A bar for the row at hand, to which the caller may give a text. Outside the time shown, it is drawn
 * nowhere. */
struct bar *add_bar(struct drawing *drawing, uint64_t begin, uint64_t end, enum style style);

/* Draw the bars of the row at hand here; it has none then. */
void draw_bars(struct drawing *drawing, double y, double height);

void draw_name(const struct drawing *drawing, const char *name, double y);

/* The bars added so far, below those that are still to come for the same row. */
void draw_row(struct drawing *drawing);

/* The last of them, and the row's name. */
void end_row(struct drawing *drawing, const char *name);

/* What the colours mean that are there, in as many lines as it takes. */
void draw_key(struct drawing *drawing);

/* The page, as high as drawing->y, and its title. */
void begin_page(const struct drawing *drawing);

/* Counts from the beginning of the run. */
void draw_axis(const struct drawing *drawing, double top, double bottom);

#endif
