"""From the command to a palette that takes letters: from a cold start, and while it is running."""

import subprocess
import sys
import time
from pathlib import Path

from bench.ground import Ground
from bench.table import Line, middle
from patience import wait_for

COUNT = 2_000

PROGRAM = """
import sys, time
from pathlib import Path
from partner_tokens.ahead import Ahead
from partner_tokens.core.door import Door
from partner_tokens.core.instance import Instance
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts

profile, quick = profile_under(Path(sys.argv[1])), sys.argv[2] == "quick"
running, door = Instance(profile.data), Door()
assert running.claim()
running.serve(door.answer)
parts = Parts(profile)
rows = Ahead(parts.store.tokens)
from partner_tokens.application import Application, make_qt

class Watched(Application):
    @property
    def deeds(self):
        is_built = self._deeds is not None
        deeds = super().deeds
        if not is_built:
            deeds.quick.shown.connect(lambda: (painted.append(True), look()))
        return deeds

qt = make_qt()
application = Watched(qt, parts, rows)
application.let_in(door)

painted = []
def look(*_focus):
    if not painted:
        return
    palette = application.deeds.quick.palette
    if palette.search.hasFocus() and palette.model.rowCount():
        print(time.monotonic(), flush=True)
        painted.clear()
        palette.close()

qt.focusChanged.connect(look)
code = application.run(quick=quick)
running.release()
sys.exit(code)
"""
"""As `partner_tokens.__main__` does it; tells each time when the palette stood there."""


def measure(ground: Ground) -> list[Line]:
    """The first of each is not counted: the disk is warm. The list is painted in the second."""
    profile = ground.profile(COUNT)
    cold = [_cold(ground, profile) for _time in range(ground.times + 1)]
    warm = _while_running(ground, profile)
    return [
        Line("cold start to a palette with the keyboard, 2,000 tokens", "ms",
             1000 * middle(cold[1:]), 2000, remark="--quick, nothing running"),
        Line("running program to a palette with the keyboard", "ms",
             1000 * middle(warm[1:]), 500, remark="--quick, its own process included"),
    ]  # fmt: skip


def _cold(ground: Ground, profile: Path) -> float:
    began = time.monotonic()
    done = ground.run("-c", PROGRAM, str(profile), "quick")
    return float(done.stdout) - began


def _while_running(ground: Ground, profile: Path) -> list[float]:
    program = ground.desktop.start(["-c", PROGRAM, str(profile), "window"], "resident")
    ground.desktop.window("^Partner Tokens$")
    took = []
    for number in range(ground.times + 1):
        ground.desktop.sees_focus("^Partner Tokens$")
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "partner_tokens", "--profile", str(profile), "--quick"],
            env=dict(ground.environment),
            check=True,
        )
        wait_for(lambda told=number: program.out.count("\n") > told, "the palette")  # type: ignore[misc]
        took.append(float(program.out.splitlines()[number]) - began)
    program.process.terminate()
    program.ended()
    return took
