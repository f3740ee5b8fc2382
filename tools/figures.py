# SPDX-License-Identifier: Apache-2.0
"""Figures of the firmware: one line each, with its goal, on the terminal and in bench/results/."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Figures:
    """name, value, goal, and whether the goal is met; a figure without a goal has dashes."""

    def __init__(self, file):
        self.lines = []
        self.file = ROOT / "bench" / "results" / file

    def add(self, name, value, goal=None):
        value = round(value)
        verdict = "-" if goal is None else "met" if value <= goal else "short"
        self.lines.append(f"{name:<44} {value:>7} {'-' if goal is None else goal:>7} {verdict}")
        print(self.lines[-1], flush=True)

    def write(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(f"{'# figure':<44} {'value':>7} {'goal':>7}\n" + "\n".join(self.lines) + "\n")


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout
