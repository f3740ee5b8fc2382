/* SPDX-License-Identifier: Apache-2.0 */
/* The name of a function at run time, static ones included. */
#ifndef COMPAT_SYMBOL_H
#define COMPAT_SYMBOL_H

#include <stddef.h>

/*
 * Write "name()" of the function at this address, from the symbol table of the file it was loaded from; where
 * that has been stripped, "file+0xoffset", which addr2line understands. Any context, but not fast.
 */
void compat_symbol_name(void (*function)(void), char *name, size_t size);

#endif
