/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware image: an ELF file that loads into SRAM, and its symbols. */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Symbol 0 is none; the others lie in order of their addresses. */
struct symbol {
    const char *name;
    uint32_t address;
    uint32_t end;
};

struct image {
    const char *path;
    uint32_t entry;
    struct symbol *symbols;
    size_t symbol_count;
    uint16_t *symbol_at; /* per halfword of SRAM */
};

/* Load into SRAM, which is mapped. False: a message has said why not. */
bool image_load(struct image *image, const char *path);
void image_free(struct image *image);

/* The function or label that an address belongs to, 0 if none. */
unsigned image_symbol_at(const struct image *image, uint32_t address);

/* The symbol of this name, 0 if there is none. */
unsigned image_symbol_named(const struct image *image, const char *name);

/* "name+0x12", or "no symbol". The text lasts until the fourth call from now. */
const char *image_where(const struct image *image, uint32_t address);

#endif
