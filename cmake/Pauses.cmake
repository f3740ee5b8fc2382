# SPDX-License-Identifier: Apache-2.0
# A tree whose threads are held up at places picked at random: tests/pauses/pauses.c is called everywhere in what follows.
if(ASYNC_MEMCPY_PAUSES)
  add_library(pauses SHARED tests/pauses/pauses.c)
  add_compile_options(-fsanitize-coverage=trace-pc)
  link_libraries($<BUILD_INTERFACE:pauses>)
endif()
