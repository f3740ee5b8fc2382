# SPDX-License-Identifier: Apache-2.0
# How a test is declared. Every test prints its cases in TAP, from which tools/test counts them.
#
#   async_memcpy_test(NAME SOURCE... [TIMEOUT seconds] [LABEL name] [SERIAL])   a cmocka program
#   async_memcpy_script(NAME COMMAND... [TIMEOUT seconds] [LABEL name] [SERIAL])  a script
#   async_memcpy_for_chip(CHIP)   async-memcpy-internals for another chip than the ESP32-H2: async-memcpy-internals-CHIP
#
# SERIAL: measures time or load, so nothing else runs beside it.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

set(test_environment CMOCKA_MESSAGE_OUTPUT=TAP)
if(ASYNC_MEMCPY_QUICK_TESTS)
  list(APPEND test_environment ASYNC_MEMCPY_TEST=quick)
endif()

add_library(coverage INTERFACE)
target_link_libraries(async-memcpy-internals INTERFACE coverage)
if(ASYNC_MEMCPY_COVERAGE)
  add_library(coverage-exit STATIC ${PROJECT_SOURCE_DIR}/tests/coverage/exit.c)
  target_link_libraries(coverage INTERFACE $<LINK_LIBRARY:WHOLE_ARCHIVE,coverage-exit>)
  target_link_options(coverage INTERFACE LINKER:--wrap=_exit,--wrap=abort)
endif()

function(async_memcpy_for_chip chip)
  list(TRANSFORM library_sources PREPEND ${PROJECT_SOURCE_DIR}/)
  add_library(async-memcpy-internals-${chip} STATIC ${library_sources})
  target_compile_definitions(async-memcpy-internals-${chip} PUBLIC CHIP_HEADER="${chip}.h")
  target_include_directories(async-memcpy-internals-${chip} PUBLIC ${public_headers} ${private_headers})
  target_link_libraries(async-memcpy-internals-${chip} PUBLIC Threads::Threads ${CMAKE_DL_LIBS} coverage)
endfunction()

function(async_memcpy_declare name timeout label serial)
  if(NOT timeout)
    set(timeout 240)
  endif()
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "${test_environment}"
    TIMEOUT ${timeout}
    LABELS "${label}"
    RUN_SERIAL ${serial})
endfunction()

function(async_memcpy_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "SERIAL" "TIMEOUT;LABEL" "")
  add_executable(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE async-memcpy-internals PkgConfig::CMOCKA)
  add_test(NAME ${name} COMMAND ${name})
  async_memcpy_declare(${name} "${TEST_TIMEOUT}" "${TEST_LABEL}" ${TEST_SERIAL})
endfunction()

function(async_memcpy_script name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "SERIAL" "TIMEOUT;LABEL" "")
  add_test(NAME ${name} COMMAND ${TEST_UNPARSED_ARGUMENTS})
  async_memcpy_declare(${name} "${TEST_TIMEOUT}" "${TEST_LABEL}" ${TEST_SERIAL})
endfunction()
