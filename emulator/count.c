/* SPDX-License-Identifier: Apache-2.0 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include "machine.h"

bool count_open(struct machine *machine, bool wanted, const char *within)
{
    struct count *count = &machine->count;
    size_t symbols = machine->image->symbol_count;

    count->off_since = UINT64_MAX; /* not before they are on for the first time */
    if (!wanted) {
        return true;
    }
    count->executed = calloc(symbols, sizeof(*count->executed));
    count->functions = calloc(symbols, sizeof(*count->functions));
    if (count->executed == NULL || count->functions == NULL) {
        err(EXIT_FAILURE, "--count");
    }
    count->on = within == NULL;
    count->within = within != NULL ? image_symbol_named(machine->image, within) : 0;
    return within == NULL || count->within != 0;
}

void count_close(struct machine *machine)
{
    free(machine->count.executed);
    free(machine->count.functions);
}

static struct call_count *entry_of(struct machine *machine, const struct frame *frame)
{
    struct count *count = &machine->count;

    return frame->kind == FRAME_INTERRUPT ? &count->lines[frame->address] : &count->functions[frame->symbol];
}

void count_enter(struct machine *machine, const struct frame *frame)
{
    struct count *count = &machine->count;

    if (frame->kind != FRAME_INTERRUPT && frame->symbol == count->within && count->within != 0) {
        count->inside++;
        count->on = true;
    }
    count->interrupts += count->on && frame->kind == FRAME_INTERRUPT;
}

void count_leave(struct machine *machine, const struct frame *frame)
{
    struct count *count = &machine->count;
    uint64_t ran = machine->calls.ran[frame->level] - frame->ran;
    struct call_count *entry;

    if (!count->on || count->functions == NULL) {
        return;
    }
    entry = entry_of(machine, frame);
    entry->least = entry->calls == 0 || ran < entry->least ? ran : entry->least;
    entry->most = ran > entry->most ? ran : entry->most;
    entry->total += ran;
    entry->calls++;
    if (frame->kind != FRAME_INTERRUPT && frame->symbol == count->within && count->within != 0) {
        count->on = --count->inside != 0;
    }
}

static void keep_longest(struct stretch *stretch, uint64_t length, uint32_t pc)
{
    if (length > stretch->longest) {
        *stretch = (struct stretch){length, pc};
    }
}

void count_interrupts_on(struct machine *machine, bool on)
{
    struct count *count = &machine->count;

    if (!on) {
        count->off_since = count->instructions;
        count->off_pc = machine->pc;
        count->off_level = machine->calls.level;
    } else if (count->off_since != UINT64_MAX) {
        keep_longest(&count->off_anywhere, count->instructions - count->off_since, count->off_pc);
        if (count->off_level == 0) {
            keep_longest(&count->off_in_task, count->instructions - count->off_since, count->off_pc);
        }
        count->off_since = UINT64_MAX;
    }
}

/* ---- Printing ---- */

static void print_stretch(const struct machine *machine, FILE *out, const char *name, struct stretch stretch)
{
    fprintf(out, "%-34s %12" PRIu64, name, stretch.longest);
    if (stretch.longest != 0) {
        fprintf(out, "  from %s", image_where(machine->image, stretch.pc));
    }
    fputc('\n', out);
}

static void print_calls(FILE *out, const struct call_count *entry)
{
    fprintf(out, "%10" PRIu64 " %12" PRIu64 " %10" PRIu64 " %10" PRIu64, entry->calls, entry->total,
            entry->least, entry->most);
}

static const uint64_t *sort_by;

static int most_executed_first(const void *a, const void *b)
{
    unsigned one = *(const unsigned *)a;
    unsigned other = *(const unsigned *)b;

    if (sort_by[one] != sort_by[other]) {
        return sort_by[one] > sort_by[other] ? -1 : 1;
    }
    return one < other ? -1 : 1;
}

static void print_functions(const struct machine *machine, FILE *out)
{
    const struct image *image = machine->image;
    const struct count *count = &machine->count;
    unsigned *order = calloc(image->symbol_count, sizeof(*order));

    if (order == NULL) {
        err(EXIT_FAILURE, "--count");
    }
    for (unsigned i = 0; i < image->symbol_count; i++) {
        order[i] = i;
    }
    sort_by = count->executed;
    qsort(order, image->symbol_count, sizeof(*order), most_executed_first);
    for (unsigned i = 0; i < image->symbol_count && count->executed[order[i]] != 0; i++) {
        fprintf(out, "function %12" PRIu64 " ", count->executed[order[i]]);
        print_calls(out, &count->functions[order[i]]);
        fprintf(out, "  %s\n", order[i] != 0 ? image->symbols[order[i]].name : "(no symbol)");
    }
    free(order);
}

static void print_lines(const struct machine *machine, FILE *out)
{
    for (unsigned line = 0; line < 32; line++) {
        if (machine->count.lines[line].calls != 0) {
            fprintf(out, "line %2u %14s ", line, "");
            print_calls(out, &machine->count.lines[line]);
            fputc('\n', out);
        }
    }
}

static void print_number(FILE *out, const char *name, uint64_t number)
{
    fprintf(out, "%-34s %12" PRIu64 "\n", name, number);
}

void count_print(const struct machine *machine, FILE *out)
{
    const struct count *count = &machine->count;
    const struct model_counters *dma = &machine->model.counters;

    print_number(out, "instructions", count->instructions);
    print_number(out, "instructions in interrupts", count->in_interrupts);
    print_number(out, "interrupts", count->interrupts);
    print_stretch(machine, out, "longest with interrupts off", count->off_in_task);
    print_stretch(machine, out, "longest, handlers included", count->off_anywhere);
    print_number(out, "CPU cycles of the whole run", machine->cycle);
    print_number(out, "of these asleep", machine->asleep);
    print_number(out, "bytes by DMA in the whole run", dma->bytes);
    print_number(out, "bus cycles of DMA", dma->cycles - dma->idle_cycles);
    print_number(out, "bus cycles of data", dma->data_cycles);
    print_number(out, "bus cycles of gap", dma->gap_cycles);
    fprintf(out, "\n%8s %12s %10s %12s %10s %10s\n", "", "executed", "calls", "with callees", "least",
            "most");
    print_lines(machine, out);
    print_functions(machine, out);
}
