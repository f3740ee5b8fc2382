# SPDX-License-Identifier: Apache-2.0
# Thin: CMake builds (CMakePresets.json), tools/ has the scripts. Each target installs the Debian packages it needs.

PREFIX ?= /usr/local
FILE ?=
export APP ?=

.DEFAULT_GOAL := all
.PHONY: all build help run test bench bench-quick paused explore mutants firmware size cost lint coverage docs install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z].*## / {printf "make %-11s %s\n", $$1, $$2}' Makefile

all: build

build: ## the library, the program and the examples, in build/release
	@tools/setup build
	@tools/build release

run: build ## the example, here and on an emulated chip, then a copy of a big file (FILE=… for one of yours)
	@tools/setup firmware
	@tools/run build/release "$(FILE)"

test: ## every test: plain, with AddressSanitizer and UBSan, with ThreadSanitizer
	@tools/setup build test firmware dpdk
	@tools/test plain asan tsan

paused: ## the tests of what has threads, which are held up at places picked at random, as on a busy machine
	@tools/setup build test firmware dpdk
	@tools/test paused

bench: ## everything measured beside its peers and the machine's limits: table, CSV and pictures in bench/results
	@tools/setup build bench
	@tools/build bench
	@mkdir -p bench/results
	@tools/bench build/bench --results bench/results
	@bench/plot bench/results
	@echo "In bench/results: $$(ls bench/results | tr '\n' ' ')"

bench-quick: ## the goals alone, within 50 s: a line for each, met or short
	@tools/setup build bench
	@tools/build bench
	@tools/bench build/bench --quick

explore: ## every interleaving of driver and DMA, for long: about twenty minutes
	@tools/setup build test
	@tools/explore plain

mutants: ## plant bugs in the driver and have the explorer find each
	@tools/setup build test
	@cmake --preset plain --log-level=WARNING >/dev/null
	@cmake --build --preset plain --target mutants

firmware: ## programs for the chip, in build/firmware (APP=file.c for one of yours; the last line is its ELF)
	@tools/setup firmware
	@CALLER="$(PWD)" tools/firmware "$$APP"

size cost: build ## what the driver takes on the chip, what a copy costs in instructions; into bench/results and README
	@tools/setup firmware
	@tools/firmware >/dev/null
	@tools/$@ build/release/bin/async-memcpy build/firmware
	@tools/readme-figures

lint: ## format, clang's warnings, clang-tidy, cppcheck, directions of includes, shell scripts
	@tools/setup build test bench lint
	@tools/lint

coverage: ## lines and branches that the tests reach; 100 % and 90 % of the driver are demanded
	@tools/setup build test firmware dpdk coverage
	@tools/coverage

docs: ## the headers as HTML, in build/docs
	@tools/setup docs
	@mkdir -p build/docs
	doxygen docs/Doxyfile

install: build ## PREFIX=… (now /usr/local), DESTDIR=…
	cmake --install build/release --prefix "$(PREFIX)"
	@[ -n "$(DESTDIR)" ] || [ "$$(id -u)" -ne 0 ] || PATH="$$PATH:/sbin" ldconfig

clean: ## remove build/
	rm -rf build
