# SPDX-License-Identifier: Apache-2.0
# find_package(AsyncMemcpy): the targets AsyncMemcpy::async-memcpy (shared) and AsyncMemcpy::async-memcpy-static.
include(CMakeFindDependencyMacro)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/AsyncMemcpyTargets.cmake)
