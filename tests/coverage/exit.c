/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage is written at exit(). Children of fork() that a test makes end by _exit() or abort(), so the
 * linker puts these in their place. (gcc would also replace fork() by one that forgets what pthread_atfork()
 * ran in the child: hence -fno-builtin-fork in CMakePresets.json.)
 */
#include <stdlib.h>

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __real_abort(void);
_Noreturn void __wrap__exit(int status);
_Noreturn void __wrap_abort(void);

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

void __wrap_abort(void)
{
    __gcov_dump();
    __real_abort();
}
