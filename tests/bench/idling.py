"""What the window costs while nobody does anything: one tick, and a core's share."""

import time
from pathlib import Path

from bench.driven import driven
from bench.ground import Ground, cpu_seconds
from bench.table import Line, middle, p95

TICKS = """
took = []
for _time in range(max(times, 100)):
    began = time.perf_counter()
    window._on_tick()
    took.append(time.perf_counter() - began)
    qt.processEvents()
figures["tick"] = took
"""

WATCHED = 60
"""Seconds."""

SETTLES = 60
"""Seconds; for as long Qt itself cleans up its stores of pixmaps and glyphs, then it sleeps."""


def measure(ground: Ground) -> list[Line]:
    """Idle shares are of a real program, watched for a minute each, all its threads counted."""
    ticks = [1000 * each for each in driven(ground, 2_000, TICKS)["tick"]]
    profile = ground.profile(2_000)
    program = ground.desktop.start(["-m", "partner_tokens", "--profile", str(profile)], "idle")
    window = ground.desktop.window("^Partner Tokens$")
    time.sleep(5)
    seen, _wakes = _share(program.process.pid)
    ground.command(["xdotool", "windowminimize", window])
    time.sleep(SETTLES)
    hidden, wakes = _share(program.process.pid)
    program.process.terminate()
    program.ended()
    return [
        Line("one tick, 2,000 tokens, median", "ms", middle(ticks), 1,
             remark=f"p95 {p95(ticks):.2f}; each 30th counts all"),
        Line("idle, window visible", "% of a core", 100 * seen, 0.5),
        Line("idle, window hidden", "% of a core", 100 * hidden, 0.5),
        Line("wake-ups while hidden, all threads", "a minute", sum(wakes.values()), 1,
             remark=", ".join(f"{name}: {count}" for name, count in wakes.items() if count)),
    ]  # fmt: skip


def _share(pid: int) -> tuple[float, dict[str, int]]:
    """The share of a core, and how often each thread went to sleep by itself."""
    used, slept = cpu_seconds(pid), _switches(pid)
    time.sleep(WATCHED)
    after = _switches(pid)
    wakes = {name: count - slept.get(name, 0) for name, count in after.items()}
    return (cpu_seconds(pid) - used) / WATCHED, wakes


def _switches(pid: int) -> dict[str, int]:
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        cells = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        found[f"{cells['Name']} {task.name}"] = int(cells["voluntary_ctxt_switches"])
    return found
