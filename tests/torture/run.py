"""Does to the program what the world does to it, and prints one table that anyone can repeat."""

import argparse
import importlib
import os
import platform
import sys
import tempfile
import time
import traceback
from datetime import datetime
from pathlib import Path

from torture.table import Line, table

NAMES = (
    "killing",
    "networking",
    "disk",
    "keyring_faults",
    "tampering",
    "fuzzing",
    "load",
    "mutants",
)


def main(arguments: list[str]) -> int:
    """Runs the parts that are named, or all; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="dev.py torture", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME",
                        help=f"of {', '.join(NAMES)}; all if left out")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="what chance begins with")
    options = parser.parse_args(arguments)
    lines: list[Line] = []
    failed: list[str] = []
    for name in options.names or NAMES:
        print(f"torturing: {name} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="torture-") as folder:
                part = importlib.import_module(f"torture.{name}")
                lines += part.torture(Path(folder), options.seed)
        except Exception:  # noqa: BLE001  # what the others found is not lost
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    today = datetime.now().astimezone().date()
    machine = f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}"
    print(f"\n{today}, {machine}, seed {options.seed}\n")
    print(table(lines))
    if failed:
        print(f"\nnothing found, for it failed: {', '.join(failed)}")
    return 0 if not failed and all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
