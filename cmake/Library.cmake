# SPDX-License-Identifier: Apache-2.0
# The library, for Linux: driver, engine, port, and the names that ESP-IDF and FreeRTOS give elsewhere.

set(model_sources apm bus channel etm fetch gdma gpio intmtx intpri knobs model pcr plic rx signal sram systimer
  tx uart)
list(TRANSFORM model_sources PREPEND model/)
list(TRANSFORM model_sources APPEND .c)

# The kernels that copy past the caches, for the CPU that the library is built for.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  set(copy_kernels src/copy/x86.c)
elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  set(copy_kernels src/copy/aarch64.c)
else()
  set(copy_kernels src/copy/portable.c)
endif()

set(library_sources
  src/async_memcpy.c
  src/batch.c
  src/core_table.c
  src/events.c
  src/install.c
  src/on_the_spot.c
  src/waiting.c
  src/etm.c
  src/etm_chip.c
  src/etm_dump.c
  src/install_linux.c
  src/chip/start.c
  src/copy/chunks.c
  src/copy/copy.c
  ${copy_kernels}
  src/engine/gdma.c
  src/engine/gdma_etm.c
  src/engine/threads.c
  src/port/posix.c
  src/port/ring_biased.c
  softchip/counters.c
  softchip/softchip.c
  ${model_sources}
  compat/arena.c
  compat/chip/gpio.c
  compat/chip/gpio_etm.c
  compat/esp_err.c
  compat/posix/arena_blocks.c
  compat/posix/critical.c
  compat/posix/esp_log.c
  compat/posix/heap_caps.c
  compat/posix/notify.c
  compat/posix/semphr.c
  compat/posix/stop.c
  compat/posix/symbol.c
  compat/posix/task.c
  compat/posix/ticks.c)

add_library(async-memcpy-objects OBJECT ${library_sources})
set_target_properties(async-memcpy-objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(async-memcpy-objects PRIVATE -fno-semantic-interposition)

set(public_headers ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/compat/include)
set(private_headers
  ${PROJECT_SOURCE_DIR}/src
  ${PROJECT_SOURCE_DIR}/src/port/posix
  ${PROJECT_SOURCE_DIR}/compat
  ${PROJECT_SOURCE_DIR}/compat/posix
  ${PROJECT_SOURCE_DIR}/softchip)
target_include_directories(async-memcpy-objects PRIVATE ${public_headers} ${private_headers})

# Programs see what the version script names; all else stays inside.
set(version_script ${PROJECT_BINARY_DIR}/exports.map)
configure_file(cmake/exports.map.in ${version_script} @ONLY)
add_library(async-memcpy SHARED $<TARGET_OBJECTS:async-memcpy-objects>)
target_link_options(async-memcpy PRIVATE LINKER:--version-script=${version_script})
set_target_properties(async-memcpy PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}
  LINK_DEPENDS ${version_script})

add_library(async-memcpy-static STATIC $<TARGET_OBJECTS:async-memcpy-objects>)
set_target_properties(async-memcpy-static PROPERTIES OUTPUT_NAME async-memcpy)

foreach(library async-memcpy async-memcpy-static)
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${library} INTERFACE
    "$<BUILD_INTERFACE:${public_headers}>"
    "$<INSTALL_INTERFACE:include/async-memcpy>")
  target_link_libraries(${library} PUBLIC Threads::Threads ${CMAKE_DL_LIBS})
endforeach()

# For tests that look inside.
add_library(async-memcpy-internals INTERFACE)
target_include_directories(async-memcpy-internals INTERFACE ${private_headers})
target_link_libraries(async-memcpy-internals INTERFACE async-memcpy-static)
