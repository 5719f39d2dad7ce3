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

WATCHED = 30
"""Seconds."""


def measure(ground: Ground) -> list[Line]:
    """Idle shares are of a real program, watched for half a minute each."""
    ticks = [1000 * each for each in driven(ground, 2_000, TICKS)["tick"]]
    profile = ground.profile(2_000)
    program = ground.desktop.start(["-m", "partner_tokens", "--profile", str(profile)], "idle")
    window = ground.desktop.window("^Partner Tokens$")
    time.sleep(5)
    seen, _wakes = _share(program.process.pid)
    ground.command(["xdotool", "windowminimize", window])
    time.sleep(2)
    hidden, wakes = _share(program.process.pid)
    program.process.terminate()
    program.ended()
    return [
        Line("one tick, 2,000 tokens, median", "ms", middle(ticks), 1,
             remark=f"p95 {p95(ticks):.2f}; each 30th counts all"),
        Line("idle, window visible", "% of a core", 100 * seen, 0.5),
        Line("idle, window hidden", "% of a core", 100 * hidden, 0.5),
        Line("wake-ups while hidden, GUI thread", "a minute", wakes * 60 / WATCHED, 1),
    ]  # fmt: skip


def _share(pid: int) -> tuple[float, int]:
    """The share of a core, and how often the main thread went to sleep by itself."""
    used, slept = cpu_seconds(pid), _switches(pid)
    time.sleep(WATCHED)
    return (cpu_seconds(pid) - used) / WATCHED, _switches(pid) - slept


def _switches(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(each for each in status.splitlines() if each.startswith("voluntary_ctxt"))
    return int(line.split()[1])
