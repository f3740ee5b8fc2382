# SPDX-License-Identifier: Apache-2.0
# How a test is declared. Every test prints its cases in TAP, from which tools/test counts them.
#
#   async_memcpy_test(NAME SOURCE... [TIMEOUT seconds] [LABEL name] [SERIAL])   a cmocka program
#   async_memcpy_script(NAME COMMAND... [TIMEOUT seconds] [LABEL name] [SERIAL])  a script
#
# SERIAL: measures time or load, so nothing else runs beside it.

find_package(PkgConfig REQUIRED)
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

set(test_environment CMOCKA_MESSAGE_OUTPUT=TAP)
if(ASYNC_MEMCPY_QUICK_TESTS)
  list(APPEND test_environment ASYNC_MEMCPY_TEST=quick)
endif()

if(ASYNC_MEMCPY_COVERAGE)
  add_library(coverage-exit STATIC ${PROJECT_SOURCE_DIR}/tests/coverage/exit.c)
  target_link_libraries(async-memcpy-internals INTERFACE $<LINK_LIBRARY:WHOLE_ARCHIVE,coverage-exit>)
  target_link_options(async-memcpy-internals INTERFACE LINKER:--wrap=_exit,--wrap=abort)
endif()

function(async_memcpy_declare name timeout label serial)
  if(NOT timeout)
    set(timeout 60)
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
