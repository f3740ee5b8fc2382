# SPDX-License-Identifier: Apache-2.0
# A toolchain for the ESP32-H2's core: Debian's gcc-riscv64-unknown-elf with picolibc.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_ASM_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# -march=rv32imac_zicsr would take the C library for another ABI; -misa-spec=2.2 knows CSRs as part of the base.
set(core "-march=rv32imac -mabi=ilp32 -misa-spec=2.2 --specs=picolibc.specs")
set(CMAKE_C_FLAGS_INIT "${core}")
set(CMAKE_ASM_FLAGS_INIT "${core}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-nostartfiles")
set(CMAKE_EXECUTABLE_SUFFIX_C .elf)
