# SPDX-License-Identifier: Apache-2.0
# The library async-memcpy-dpdk, where DPDK is: an engine in a library of its own, so that nobody else needs DPDK. It gets
# the driver from the library async-memcpy, through one private table of functions (src/core.h).
#
#   ASYNC_MEMCPY_DPDK   the library is built
#   dpdk                what a target needs that is compiled with DPDK's headers

find_package(PkgConfig QUIET)
if(CMAKE_C_FLAGS MATCHES "-fsanitize=thread") # which knows nothing of DPDK's own threads and rings
  set(ASYNC_MEMCPY_DPDK OFF)
endif()
if(ASYNC_MEMCPY_DPDK AND PKG_CONFIG_FOUND)
  pkg_check_modules(LIBDPDK QUIET libdpdk>=22.11)
endif()
if(NOT ASYNC_MEMCPY_DPDK OR NOT LIBDPDK_FOUND)
  set(ASYNC_MEMCPY_DPDK OFF)
  return()
endif()

# Of DPDK's many libraries, two; its drivers are found at run time. Its dmadev is experimental to this day.
add_library(dpdk INTERFACE)
target_include_directories(dpdk SYSTEM INTERFACE ${LIBDPDK_INCLUDE_DIRS})
target_compile_options(dpdk INTERFACE ${LIBDPDK_CFLAGS_OTHER})
target_compile_definitions(dpdk INTERFACE ALLOW_EXPERIMENTAL_API)
target_link_directories(dpdk INTERFACE ${LIBDPDK_LIBRARY_DIRS})
target_link_libraries(dpdk INTERFACE rte_eal rte_dmadev)

set(dpdk_sources src/engine/dpdk.c src/engine/dpdk_device.c src/engine/dpdk_eal.c)
set(dpdk_version_script ${PROJECT_SOURCE_DIR}/cmake/exports-dpdk.map)
add_library(async-memcpy-dpdk SHARED ${dpdk_sources} src/core_calls.c)
set_target_properties(async-memcpy-dpdk PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}
  INSTALL_RPATH "$ORIGIN"
  LINK_DEPENDS ${dpdk_version_script})
target_include_directories(async-memcpy-dpdk PRIVATE ${private_headers})
# -z defs: what the table does not have is missed here, and not when a program starts.
target_link_options(async-memcpy-dpdk PRIVATE LINKER:--version-script=${dpdk_version_script} LINKER:-z,defs)
target_link_libraries(async-memcpy-dpdk PUBLIC async-memcpy PRIVATE dpdk)

# For tests that look inside.
add_library(async-memcpy-dpdk-internals STATIC EXCLUDE_FROM_ALL ${dpdk_sources})
target_link_libraries(async-memcpy-dpdk-internals PUBLIC async-memcpy-internals dpdk)
