"""The real window in a process of its own, driven from inside, on the bench's screen."""

import json
from typing import Any

from bench.ground import Ground

PRELUDE = """
import json, sys, time
from datetime import timedelta
from pathlib import Path
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from partner_tokens.application import Application, make_qt
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts
from partner_tokens.ui.session import Access

parts = Parts(profile_under(Path(sys.argv[1])))
times = int(sys.argv[2])
qt = make_qt()
application = Application(qt, parts, parts.store.tokens)
window, model, table = application.window, application.model, application.window.table

def until(condition, seconds=60):
    ends = time.perf_counter() + seconds
    while not condition():
        assert time.perf_counter() < ends, "waited too long"
        qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

application.start()
until(lambda: application.session.access is Access.OPEN and model.rowCount())
until(lambda: len(application.watch.healths()) > 0)
figures = {}
"""

CODA = """
application.stop()
print(json.dumps(figures))
"""


def driven(ground: Ground, count: int, program: str) -> dict[str, Any]:
    """Runs `program` between a start with so many tokens and the end; gives its `figures`."""
    text = PRELUDE + program + CODA
    done = ground.run("-c", text, str(ground.profile(count)), str(ground.times))
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures
