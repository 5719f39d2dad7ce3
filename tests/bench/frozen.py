"""Size and start of the frozen program, as `dev.py build` leaves it, beside those of the wheel."""

import os
import subprocess
import sys
import time
from importlib.metadata import Distribution, distribution
from pathlib import Path

from bench.ground import ROOT, Ground
from bench.table import Line, middle
from bill_of_materials import PROJECT, parts

FOLDER = ROOT / "build" / "freezing" / "dist" / "partner-tokens"
MIB = 2**20


def measure(ground: Ground) -> list[Line]:
    """Nothing where none was frozen. Runs are interleaved, the first of each is not counted."""
    if not FOLDER.is_dir():
        sys.stderr.write(f"not measured: there is no {FOLDER}; dev.py build makes it\n")
        return []
    picture = ["--demo", "--picture", str(ground.folder / "window.png")]
    listing = ["--profile", str(ground.profile(2_000)), "list"]
    window: tuple[list[float], list[float]] = ([], [])
    terminal: tuple[list[float], list[float]] = ([], [])
    for _time in range(ground.times + 1):
        for figures, name, module, words in (
            (window, "partner-tokens", "partner_tokens", picture),
            (terminal, "partner-tokens-cli", "partner_tokens.cli", listing),
        ):
            figures[0].append(_timed(ground, str(FOLDER / name), *words))
            figures[1].append(_timed(ground, sys.executable, "-m", module, *words))
    painted, listed = ([1000 * middle(each[1:]) for each in two] for two in (window, terminal))
    installed = sum(map(_size, [distribution(PROJECT), *parts()]))
    frozen = sum(file.lstat().st_size for file in FOLDER.rglob("*") if not file.is_symlink())
    return [
        Line("frozen: start, window painted, end", "ms", painted[0], 1.2, "wheel", painted[1]),
        Line("frozen: cli list, 2,000 tokens", "ms", listed[0], 1.3, "wheel", listed[1],
             "its start program takes some 15 ms"),
        Line("frozen: size on the disk", "MiB", frozen / MIB, 0.8, "wheel and what it requires",
             installed / MIB, "with Python; the wheel without"),
    ]  # fmt: skip


def _timed(ground: Ground, *command: str) -> float:
    environment = {**ground.environment, "QT_QPA_PLATFORM": "offscreen"}
    began = time.monotonic()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _size(part: Distribution) -> int:
    found = [Path(str(file.locate())) for file in part.files or ()]
    return sum(os.lstat(file).st_size for file in found if file.is_file())
