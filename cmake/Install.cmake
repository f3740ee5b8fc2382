# SPDX-License-Identifier: Apache-2.0
# What goes where under the prefix. Headers have a folder of their own, so that they shadow nobody's; pkg-config and
# CMake name it.
include(CMakePackageConfigHelpers)

if(NOT TARGET async-memcpy-dpdk)
  set(left_out PATTERN "*_dpdk.h" EXCLUDE)
endif()
install(DIRECTORY include/ compat/include/ DESTINATION include/async-memcpy FILES_MATCHING PATTERN "*.h" ${left_out})
install(TARGETS async-memcpy async-memcpy-static EXPORT AsyncMemcpy LIBRARY DESTINATION lib ARCHIVE DESTINATION lib)

configure_file(cmake/async-memcpy.pc.in async-memcpy.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/async-memcpy.pc DESTINATION lib/pkgconfig)

set(package_folder lib/cmake/AsyncMemcpy)
install(EXPORT AsyncMemcpy NAMESPACE AsyncMemcpy:: FILE AsyncMemcpyTargets.cmake DESTINATION ${package_folder})
write_basic_package_version_file(AsyncMemcpyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/AsyncMemcpyConfig.cmake ${PROJECT_BINARY_DIR}/AsyncMemcpyConfigVersion.cmake
  DESTINATION ${package_folder})

# The component dpdk, where there is one: its library, its .pc, its targets.
if(TARGET async-memcpy-dpdk)
  install(TARGETS async-memcpy-dpdk EXPORT AsyncMemcpyDpdk LIBRARY DESTINATION lib)
  configure_file(cmake/async-memcpy-dpdk.pc.in async-memcpy-dpdk.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/async-memcpy-dpdk.pc DESTINATION lib/pkgconfig)
  install(EXPORT AsyncMemcpyDpdk NAMESPACE AsyncMemcpy:: FILE AsyncMemcpyDpdkTargets.cmake
    DESTINATION ${package_folder})
endif()
