"""A working day in fast motion with 2,000 tokens: does the window grow?"""

import json
import os
import subprocess
import sys
from pathlib import Path

from torture.table import Line

ROOT = Path(__file__).parents[2]
HOURS = 8
TOKENS = 2_000

DAY = """
import gc, json, os, sys, threading, time
from datetime import timedelta
from pathlib import Path
from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from clock import MovableClock
from partner_tokens.application import Application, make_qt
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.ui.session import Access

folder, hours, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
clock, backend = MovableClock(), MemoryBackend()
service = Sandbox(clock).start()
parts = Parts(profile_under(folder), clock=clock, open_backend=lambda: backend)
parts.vault.begin_with_keyring()
batch = []
for number in range(count):
    text, id = f"{number:08x}{'0123456789' * 4}", f"{number:032x}"
    name = f"Organization {number // 3}"
    service.register(KnownToken(text, f"org-{number // 3}", name))
    token = ApiToken(
        id, Organization(name, f"org-{number // 3}"), f"t{number % 3}", service.url, clock(),
        expiry=Expiry(clock() + timedelta(hours=number % 100)),
        result=Result(State.READY, None, clock()),
    )
    sealed = parts.vault.seal(Secret(text), token_id=id, endpoint=token.endpoint)
    batch.append((token, sealed, parts.vault.fingerprint(Secret(text))))
parts.store.add_all(batch)
parts.vault.close()

qt = make_qt()
application = Application(qt, parts, parts.store.tokens, clock=clock)
window, model, table = application.window, application.model, application.window.table
copied = []

def until(condition, seconds=30):
    ends = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < ends, "waited too long"
        qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

application.start()
application.collecting.start()  # as `run` has it begin
until(lambda: application.session.access is Access.OPEN and model.rowCount())
application.deeds.copying.copied.connect(lambda wish, access: copied.append(1))
figures = []

def look():
    qt.processEvents()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    figures.append({
        "memory": pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        "threads": len(os.listdir("/proc/self/task")),
        "handles": len(os.listdir("/proc/self/fd")),
        "objects": len(gc.get_objects()),
    })

minute = 0
for hour in range(hours):
    for _minute in range(60):
        for _second in range(60):
            clock.forward(seconds=1)
            window._on_tick()
            qt.processEvents()
        minute += 1
        application.deeds.refreshing.look()
        table.select(model.row_at(minute % 60 * (model.rowCount() // 60)).token.id)
        window.search.setFocus()
        before = len(copied)
        QTest.keyClick(window.search, Qt.Key.Key_Return)
        until(lambda: len(copied) > before)
        if minute % 5 == 0:
            QTest.keyClick(window, Qt.Key.Key_F5)
        with service._lock:
            service._requests.clear()
    look()
application.stop()
service.stop()
print(json.dumps({"figures": figures, "copied": len(copied)}))
"""


def day(folder: Path, hours: int, tokens: int) -> tuple[list[dict[str, float]], int]:
    """What the program takes after each hour, and how many headers it has copied by then."""
    places = os.pathsep.join(str(ROOT / name) for name in ("gui", "tests"))
    done = subprocess.run(
        [sys.executable, "-c", DAY, str(folder), str(hours), str(tokens)],
        env={**os.environ, "PYTHONPATH": places, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=1800,
    )
    if done.returncode:
        raise AssertionError(done.stderr[-2000:])
    told = json.loads(done.stdout.splitlines()[-1])
    return told["figures"], told["copied"]


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table: the same 60 tokens are used each hour, so nothing may grow."""
    figures, copied = day(folder / "profile", HOURS, TOKENS)
    first, last = figures[1], figures[-1]
    lines = []
    for name, unit, slack in (
        ("memory", " MiB", 3.0), ("threads", "", 1.0), ("handles", "", 2.0),
    ):  # fmt: skip
        found = f"{first[name]:.0f}{unit} to {last[name]:.0f}{unit}"
        what = f"{HOURS} hours of ticks, {copied} copies, {TOKENS:,} tokens: {name}"
        is_met = last[name] <= first[name] + slack
        lines.append(Line(what, found, "no growth from hour 2 on", is_met))
    return lines
