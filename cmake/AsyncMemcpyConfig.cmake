# SPDX-License-Identifier: Apache-2.0
# find_package(AsyncMemcpy [COMPONENTS dpdk]): the targets AsyncMemcpy::async-memcpy (shared) and
# AsyncMemcpy::async-memcpy-static; with the component, AsyncMemcpy::async-memcpy-dpdk too.
include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/AsyncMemcpyTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/AsyncMemcpyDpdkTargets.cmake OPTIONAL RESULT_VARIABLE AsyncMemcpy_dpdk_FOUND)
foreach(component ${AsyncMemcpy_FIND_COMPONENTS})
  if(AsyncMemcpy_FIND_REQUIRED_${component} AND NOT AsyncMemcpy_${component}_FOUND)
    set(AsyncMemcpy_FOUND FALSE)
    set(AsyncMemcpy_NOT_FOUND_MESSAGE "AsyncMemcpy was installed without its component ${component}.")
  endif()
endforeach()
