/* SPDX-License-Identifier: Apache-2.0 */
/* The trace-event format, as Perfetto and chrome://tracing read it. One event a line. */
#include <inttypes.h>
#include "events.h"
#include "machine.h"

struct writer {
    const struct machine *machine;
    FILE *out;
};

/*
 * Times are printed in microseconds, and Perfetto cuts them off to whole nanoseconds. So that it neither
 * takes them for less than they are nor sees a slice stick out of the one that it lies in, a moment is a
 * tenth of a nanosecond later and a length a tenth shorter than it should be.
 */
static uint64_t nanoseconds(const struct machine *machine, uint64_t cycle)
{
    return cycle * 1000u / (BUS_MHZ * machine->ratio);
}

static void print_tenths(const struct writer *writer, const char *name, uint64_t tenths)
{
    fprintf(writer->out, ",\"%s\":%" PRIu64 ".%04u", name, tenths / 10000u, (unsigned)(tenths % 10000u));
}

static void print_moment(const struct writer *writer, uint64_t cycle)
{
    print_tenths(writer, "ts", 10 * nanoseconds(writer->machine, cycle) + 1);
}

static void print_length(const struct writer *writer, uint64_t begin, uint64_t end)
{
    uint64_t length = nanoseconds(writer->machine, end) - nanoseconds(writer->machine, begin);

    print_tenths(writer, "dur", length != 0 ? 10 * length - 1 : 0);
}

static void print_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char letter = (unsigned char)*text;

        if (letter == '"' || letter == '\\') {
            fprintf(out, "\\%c", letter);
        } else if (letter < 0x20) {
            fprintf(out, "\\u%04x", letter);
        } else {
            fputc(letter, out);
        }
    }
    fputc('"', out);
}

static void begin_event(const struct writer *writer, char phase, unsigned track, uint64_t cycle)
{
    fprintf(writer->out, ",\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%u", phase, track + 1);
    print_moment(writer, cycle);
}

static void print_track_name(const struct writer *writer, unsigned track, const char *name)
{
    fprintf(
        writer->out,
        ",\n{\"ph\":\"M\",\"pid\":1,\"tid\":%u,\"name\":\"thread_name\",\"args\":{\"name\":\"%s\"}}"
        ",\n{\"ph\":\"M\",\"pid\":1,\"tid\":%u,\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%u}}",
        track + 1, name, track + 1, track);
}

static void print_names(const struct writer *writer)
{
    fprintf(writer->out, "{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":");
    print_string(writer->out, writer->machine->image->path);
    fprintf(writer->out, "}}");
    print_track_name(writer, TRACK_TASK, "task");
    print_track_name(writer, TRACK_INTERRUPT, "interrupt");
    for (unsigned ch = 0; ch < MODEL_CHANNELS; ch++) {
        bool out = ch >= CHIP_GDMA_PAIRS;
        char name[32];

        snprintf(name, sizeof(name), "DMA %s%u", out ? "out" : "in", out ? ch - CHIP_GDMA_PAIRS : ch);
        print_track_name(writer, TRACK_DMA + ch, name);
    }
}

static void print_span(const struct writer *writer, const struct span *span)
{
    const struct image *image = writer->machine->image;
    FILE *out = writer->out;

    begin_event(writer, 'X', span->track, span->begin);
    print_length(writer, span->begin, span->end);
    fputs(",\"name\":", out);
    switch (span->kind) {
    case SPAN_FUNCTION:
        print_string(out, span->what != 0 ? image->symbols[span->what].name : "(no symbol)");
        break;
    case SPAN_INTERRUPT:
        fprintf(out, "\"line %u\"", span->what);
        break;
    case SPAN_SLEEP:
        fputs("\"asleep\"", out);
        break;
    default:
        fprintf(out, "\"%u bytes\",\"args\":{\"descriptor\":\"0x%08x\",\"buffer\":\"0x%08x\"}", span->size,
                span->what, span->buffer);
        break;
    }
    fputc('}', out);
}

/* ---- Copies ---- */

static void print_flow(const struct writer *writer, char phase, unsigned track, uint64_t cycle, size_t copy)
{
    begin_event(writer, phase, track, cycle);
    fprintf(writer->out, ",\"cat\":\"copy\",\"name\":\"copy\",\"id\":%zu%s}", copy + 1,
            phase == 's' ? "" : ",\"bp\":\"e\"");
}

static void print_bar(const struct writer *writer, char phase, uint64_t cycle, size_t i)
{
    const struct copy *copy = &writer->machine->events->copies[i];

    begin_event(writer, phase, TRACK_TASK, cycle);
    fprintf(writer->out, ",\"cat\":\"copies\",\"name\":\"copy %zu: %u bytes\",\"id\":%zu", i + 1, copy->size,
            i + 1);
    if (phase == 'b') {
        fprintf(writer->out,
                ",\"args\":{\"driver\":\"0x%08x\",\"dst\":\"0x%08x\",\"src\":\"0x%08x\",\"status\":%u}",
                copy->driver, copy->dst, copy->src, copy->status);
    }
    fputc('}', writer->out);
}

/* One that is not over ends with the run. */
static void print_copy(const struct writer *writer, size_t i)
{
    const struct copy *copy = &writer->machine->events->copies[i];

    if (copy->refused) {
        return;
    }
    print_bar(writer, 'b', copy->submitted, i);
    print_bar(writer, 'e', copy->is_done ? copy->done : writer->machine->cycle, i);
    print_flow(writer, 's', copy->submit_track, copy->submitted, i);
    if (copy->is_done) {
        print_flow(writer, 'f', copy->done_track, copy->done, i);
    }
}

/* ---- All ---- */

void trace_print(const struct machine *machine, FILE *out)
{
    const struct events *events = machine->events;
    struct writer writer = {machine, out};

    fprintf(out, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    print_names(&writer);
    for (size_t i = 0; i < events->span_count; i++) {
        const struct span *span = &events->spans[i];

        print_span(&writer, span);
        if (span->kind == SPAN_NODE && span->copy >= 0 && span->track < TRACK_DMA + CHIP_GDMA_PAIRS) {
            print_flow(&writer, 't', span->track, span->begin, (size_t)span->copy);
        }
    }
    for (size_t i = 0; i < events->copy_count; i++) {
        print_copy(&writer, i);
    }
    for (size_t i = 0; i < events->pin_count; i++) {
        const struct pin_change *change = &events->pins[i];

        begin_event(&writer, 'C', TRACK_TASK, change->cycle);
        fprintf(out, ",\"name\":\"GPIO%u\",\"args\":{\"level\":%d}}", change->pin, change->level);
    }
    fprintf(out, "\n]}\n");
}
