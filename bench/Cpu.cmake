# SPDX-License-Identifier: Apache-2.0
# What differs by CPU: bench_cpu, a folder.
set(bench_cpu ${CMAKE_CURRENT_LIST_DIR}/cpu/portable)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  set(bench_cpu ${CMAKE_CURRENT_LIST_DIR}/cpu/x86)
endif()
