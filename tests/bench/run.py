"""Measures what the product promises of its speed, and prints one table that anyone can repeat."""

import argparse
import importlib
import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from bench.ground import Ground
from bench.table import Line, table

NAMES = (
    "starting",
    "palette",
    "copying",
    "terminal",
    "proving",
    "filtering",
    "idling",
    "storing",
    "frozen",
)


def main(arguments: list[str]) -> int:
    """Runs the measurements that are named, or all; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME",
                        help=f"of {', '.join(NAMES)}; all if left out")  # fmt: skip
    parser.add_argument("--times", type=int, default=10, help="how often each is measured")
    options = parser.parse_args(arguments)
    lines: list[Line] = []
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ground = Ground(Path(folder), options.times)
        try:
            for name in options.names or NAMES:
                print(f"measuring: {name} …", file=sys.stderr, flush=True)
                try:
                    lines += importlib.import_module(f"bench.{name}").measure(ground)
                except Exception:  # noqa: BLE001  # what the others measured is not lost
                    traceback.print_exc()
                    failed.append(name)
        finally:
            ground.close()
    today = datetime.now().astimezone().date()
    machine = f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    print(f"\n{today}, {machine}, medians of {options.times}\n")
    print(table(lines))
    if failed:
        print(f"\nnot measured, for it failed: {', '.join(failed)}")
    return 1 if failed or any(line.met is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
