/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions. dladdr() alone knows exported ones only, and a callback is nearly always static: so it
 * tells which file the address was loaded from and where to, and the file's own symbol table tells the rest.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbol.h"

struct file {
    const char *bytes;
    size_t size;
};

static bool map_file(const char *path, struct file *file)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    struct stat status;
    void *bytes = MAP_FAILED;
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
        bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        *file = (struct file){bytes, (size_t)status.st_size};
    }
    close(fd);
    return bytes != MAP_FAILED;
}

/* A part of the file, or NULL if the file is too short for it. */
static const void *part(const struct file *file, size_t offset, size_t size)
{
    return offset <= file->size && size <= file->size - offset ? file->bytes + offset : NULL;
}

static const ElfW(Shdr) * find_section(const struct file *file, const ElfW(Ehdr) * header, unsigned type)
{
    const ElfW(Shdr) *sections = part(file, header->e_shoff, header->e_shnum * sizeof *sections);
    for (unsigned i = 0; sections != NULL && i < header->e_shnum; i++) {
        if (sections[i].sh_type == type) {
            return sections[i].sh_link < header->e_shnum ? &sections[i] : NULL;
        }
    }
    return NULL;
}

/* The function whose code covers `value`, an address as the file counts it. The result lies in the file. */
static const char *find_function(const struct file *file, uintptr_t value)
{
    const ElfW(Ehdr) *header = part(file, 0, sizeof *header);
    if (header == NULL || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
        return NULL;
    }
    const ElfW(Shdr) *table = find_section(file, header, SHT_SYMTAB);
    if (table == NULL) {
        return NULL;
    }
    const ElfW(Shdr) *strings = (const ElfW(Shdr) *)(file->bytes + header->e_shoff) + table->sh_link;
    const ElfW(Sym) *symbols = part(file, table->sh_offset, table->sh_size);
    const char *names = part(file, strings->sh_offset, strings->sh_size);
    size_t count = symbols == NULL || names == NULL ? 0 : table->sh_size / sizeof *symbols;
    for (size_t i = 0; i < count; i++) {
        /* st_info has the type in the same four bits in files of either word size. */
        if (ELF32_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_name < strings->sh_size &&
            value - symbols[i].st_value < symbols[i].st_size) {
            return names + symbols[i].st_name;
        }
    }
    return NULL;
}

void compat_symbol_name(void (*function)(void), char *name, size_t size)
{
    const void *address = (const void *)(uintptr_t)function;
    Dl_info info;
    struct link_map *object = NULL;
    if (dladdr1(address, &info, (void **)&object, RTLD_DL_LINKMAP) == 0 || object == NULL) {
        snprintf(name, size, "%p", address);
        return;
    }
    uintptr_t value = (uintptr_t)function - (uintptr_t)object->l_addr;
    struct file file;
    /* The program's own entry has no name in the loader's list. */
    bool mapped = map_file(object->l_name[0] != '\0' ? object->l_name : "/proc/self/exe", &file);
    const char *found = mapped ? find_function(&file, value) : NULL;
    if (found != NULL) {
        snprintf(name, size, "%s()", found);
    } else {
        const char *slash = strrchr(info.dli_fname, '/');
        snprintf(name, size, "%s+%#zx", slash != NULL ? slash + 1 : info.dli_fname, (size_t)value);
    }
    if (mapped) {
        munmap((void *)(uintptr_t)file.bytes, file.size);
    }
}
