/* SPDX-License-Identifier: Apache-2.0 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../src/chip/chip.h"
#include "image.h"

#define SRAM_SIZE   (CHIP_SRAM_LAST - CHIP_SRAM_FIRST + 1u)
#define SYMBOLS_MAX UINT16_MAX

static bool in_sram(uint64_t address, uint64_t size)
{
    return address >= CHIP_SRAM_FIRST && size <= SRAM_SIZE && address - CHIP_SRAM_FIRST <= SRAM_SIZE - size;
}

/* ---- Loading ---- */

static bool check_header(const char *path, const GElf_Ehdr *header)
{
    if (header->e_ident[EI_CLASS] != ELFCLASS32 || header->e_machine != EM_RISCV) {
        warnx("%s is not for a 32-bit RISC-V", path);
        return false;
    }
    if (header->e_type != ET_EXEC) {
        warnx("%s is not linked into an executable image", path);
        return false;
    }
    return true;
}

static bool read_segment(const char *path, int file, const GElf_Phdr *segment)
{
    char *memory = (char *)(uintptr_t)segment->p_paddr;

    if (segment->p_memsz == 0) {
        return true;
    }
    if (!in_sram(segment->p_paddr, segment->p_memsz) || segment->p_filesz > segment->p_memsz) {
        warnx("%s: a segment of 0x%llx bytes at 0x%llx does not lie in SRAM, 0x%x to 0x%x", path,
              (unsigned long long)segment->p_memsz, (unsigned long long)segment->p_paddr, CHIP_SRAM_FIRST,
              CHIP_SRAM_LAST);
        return false;
    }
    if (pread(file, memory, segment->p_filesz, (off_t)segment->p_offset) != (ssize_t)segment->p_filesz) {
        warnx("%s is cut short", path);
        return false;
    }
    return true;
}

static bool load_segments(const char *path, int file, Elf *elf)
{
    size_t count;
    bool any = false;

    if (elf_getphdrnum(elf, &count) != 0) {
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr segment;

        if (gelf_getphdr(elf, (int)i, &segment) == NULL || segment.p_type != PT_LOAD) {
            continue;
        }
        if (!read_segment(path, file, &segment)) {
            return false;
        }
        any |= segment.p_filesz != 0;
    }
    if (!any) {
        warnx("%s has nothing to load", path);
    }
    return any;
}

/* ---- Symbols ---- */

static Elf_Scn *symbol_section(Elf *elf, GElf_Shdr *header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section)) != NULL) {
        if (gelf_getshdr(section, header) != NULL && header->sh_type == SHT_SYMTAB) {
            return section;
        }
    }
    return NULL;
}

static bool is_code(Elf *elf, const GElf_Sym *symbol)
{
    GElf_Shdr header;
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    Elf_Scn *section;

    if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= SHN_LORESERVE ||
        (type != STT_FUNC && type != STT_NOTYPE) || !in_sram(symbol->st_value, 1)) {
        return false;
    }
    section = elf_getscn(elf, symbol->st_shndx);
    return section != NULL && gelf_getshdr(section, &header) != NULL &&
           (header.sh_flags & SHF_EXECINSTR) != 0;
}

/* Marks of the assembler, and labels that only the compiler knows. */
static bool is_mark(const char *name)
{
    return name == NULL || name[0] == '\0' || name[0] == '$' || strncmp(name, ".L", 2) == 0;
}

/* At the same address, functions (which have a size) come last, so that they give the name. */
static int by_address(const void *a, const void *b)
{
    const struct symbol *one = a;
    const struct symbol *other = b;

    if (one->address != other->address) {
        return one->address < other->address ? -1 : 1;
    }
    if (one->end != other->end) {
        return one->end < other->end ? -1 : 1;
    }
    return strcmp(one->name, other->name);
}

static void read_symbols(struct image *image, Elf *elf)
{
    GElf_Shdr header;
    Elf_Scn *section = symbol_section(elf, &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;
    size_t count = data != NULL && header.sh_entsize != 0 ? header.sh_size / header.sh_entsize : 0;

    image->symbols = calloc(count + 1, sizeof(*image->symbols));
    if (image->symbols == NULL) {
        err(EXIT_FAILURE, "%s", image->path);
    }
    image->symbols[0].name = "";
    image->symbol_count = 1;
    for (size_t i = 0; i < count && image->symbol_count < SYMBOLS_MAX; i++) {
        GElf_Sym symbol;
        const char *name;

        if (gelf_getsym(data, (int)i, &symbol) == NULL || !is_code(elf, &symbol)) {
            continue;
        }
        name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (!is_mark(name)) {
            image->symbols[image->symbol_count++] = (struct symbol){
                strdup(name), (uint32_t)symbol.st_value, (uint32_t)(symbol.st_value + symbol.st_size)};
        }
    }
    qsort(image->symbols + 1, image->symbol_count - 1, sizeof(*image->symbols), by_address);
}

static void spread(struct image *image, size_t i, uint32_t end)
{
    struct symbol *symbol = &image->symbols[i];

    symbol->end = in_sram(symbol->address, end - symbol->address) ? end : CHIP_SRAM_LAST;
    for (uint32_t at = symbol->address; at < symbol->end; at += 2) {
        image->symbol_at[(at - CHIP_SRAM_FIRST) / 2] = (uint16_t)i;
    }
}

/*
 * A label without a size reaches to the next symbol, so that code in assembler has names too; functions,
 * which have a size, come after them and win.
 */
static void spread_symbols(struct image *image)
{
    const size_t count = image->symbol_count;
    const struct symbol *symbols = image->symbols;

    image->symbol_at = calloc(SRAM_SIZE / 2, sizeof(*image->symbol_at));
    if (image->symbol_at == NULL) {
        err(EXIT_FAILURE, "%s", image->path);
    }
    for (size_t i = 1; i < count; i++) {
        if (symbols[i].end == symbols[i].address) {
            spread(image, i, i + 1 < count ? symbols[i + 1].address : CHIP_SRAM_LAST);
        }
    }
    for (size_t i = 1; i < count; i++) {
        if (image->symbol_at[(symbols[i].address - CHIP_SRAM_FIRST) / 2] != i) {
            spread(image, i, symbols[i].end);
        }
    }
}

static bool load(struct image *image, int file)
{
    Elf *elf = elf_begin(file, ELF_C_READ, NULL);
    GElf_Ehdr header;
    bool loaded = false;

    if (elf == NULL || elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &header) == NULL) {
        warnx("%s is not an ELF file", image->path);
    } else if (check_header(image->path, &header) && load_segments(image->path, file, elf)) {
        image->entry = (uint32_t)header.e_entry;
        loaded = in_sram(header.e_entry, 2);
        if (!loaded) {
            warnx("%s: its entry, 0x%llx, does not lie in SRAM", image->path,
                  (unsigned long long)header.e_entry);
        }
    }
    if (loaded) {
        read_symbols(image, elf);
        spread_symbols(image);
    }
    elf_end(elf);
    return loaded;
}

bool image_load(struct image *image, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool loaded;

    *image = (struct image){.path = path};
    if (file < 0) {
        warn("cannot open %s", path);
        return false;
    }
    elf_version(EV_CURRENT);
    loaded = load(image, file);
    close(file);
    return loaded;
}

void image_free(struct image *image)
{
    for (size_t i = 1; i < image->symbol_count; i++) {
        free((char *)(uintptr_t)image->symbols[i].name);
    }
    free(image->symbols);
    free(image->symbol_at);
}

/* ---- Asking ---- */

unsigned image_symbol_at(const struct image *image, uint32_t address)
{
    return in_sram(address, 1) ? image->symbol_at[(address - CHIP_SRAM_FIRST) / 2] : 0;
}

unsigned image_symbol_named(const struct image *image, const char *name)
{
    for (size_t i = 1; i < image->symbol_count; i++) {
        if (strcmp(image->symbols[i].name, name) == 0) {
            return (unsigned)i;
        }
    }
    return 0;
}

const char *image_where(const struct image *image, uint32_t address)
{
    static char texts[4][160];
    static unsigned turn;
    char *text = texts[turn++ % 4];
    const struct symbol *symbol = &image->symbols[image_symbol_at(image, address)];

    if (symbol == image->symbols) {
        snprintf(text, sizeof(texts[0]), "no symbol");
    } else {
        snprintf(text, sizeof(texts[0]), "%s+0x%x", symbol->name, address - symbol->address);
    }
    return text;
}
