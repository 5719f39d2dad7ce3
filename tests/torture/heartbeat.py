"""The window's heart beats on, whatever the network does: a timer of ten milliseconds shows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import Desktop
from keyring_session import KeyringSession
from partner_tokens.core.clock import utc_now
from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization
from partner_tokens.parts import Parts
from torture import wire
from torture.network import MARKER, PROXIED, ROWS, Ground

ROOT = Path(__file__).parents[2]
BEAT_MS = 10

CONTROL = """
import json, sys, time
from PySide6.QtCore import QCoreApplication, Qt, QTimer
qt = QCoreApplication([])
late, last = [], [time.perf_counter()]
def beat():
    now = time.perf_counter()
    late.append(1000 * (now - last[0]) - 10)
    last[0] = now
timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=10)
timer.timeout.connect(beat)
timer.start()
sys.stdin.close()
QTimer.singleShot(int(1000 * float(sys.argv[1])), qt.quit)
qt.exec()
print(json.dumps(late[5:]))
"""
"""An empty program with the same timer at the same time: what the machine alone makes late."""

WINDOW = """
import json, sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from partner_tokens.application import Application, make_qt
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts
from partner_tokens.ui.session import Access

parts = Parts(profile_under(Path(sys.argv[1])))
seconds = float(sys.argv[2])
qt = make_qt()
application = Application(qt, parts, parts.store.tokens)
window, model, table = application.window, application.model, application.window.table
late, last = [], [0.0]

def beat():
    now = time.perf_counter()
    if last[0]:
        late.append(1000 * (now - last[0]) - 10)
    last[0] = now

timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=10)
timer.timeout.connect(beat)

def turn(seconds):
    ends = time.perf_counter() + seconds
    while time.perf_counter() < ends:
        qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

application.start()
ends = time.perf_counter() + 30
while application.session.access is not Access.OPEN or not model.rowCount():
    assert time.perf_counter() < ends
    qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
turn(2)
timer.start()
began, met, place = time.perf_counter(), set(), 0
while time.perf_counter() < began + seconds or place < model.rowCount():
    table.select(model.row_at(place % model.rowCount()).token.id)
    window.search.setFocus()
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    if place % 8 == 3:
        QTest.keyClick(window, Qt.Key.Key_F5)
    place += 1
    turn(0.4)
turn(16)
timer.stop()
states = [str(model.row_at(at).token.result.state) for at in range(model.rowCount())]
words = window.notices.words()
application.stop()
print(json.dumps({"late": late, "states": states, "words": words, "asked": place}))
"""


def beats(ground: Ground, folder: Path, seconds: float) -> dict[str, list[float]]:
    """How late each beat was, in milliseconds: of the window, and of an empty program beside it.

    One row of the list for each row of the network; all of them are asked in turn, over and over,
    and the endpoints are checked.
    """
    (folder / "bus").mkdir()
    keyring = KeyringSession(folder / "bus")
    proxy = ground.listen(wire.saying(wire.answer("407 Proxy Authentication Required")))
    desktop = Desktop(folder / "desktop", {"DBUS_SESSION_BUS_ADDRESS": keyring.address})
    profile = folder / "profile"
    try:
        with pytest.MonkeyPatch.context() as environment:
            keyring.enter(environment)
            _fill(profile, ground)
        save(profile / "preferences.json", ca_file=str(ground.authority.ca_file))
        own = {
            **desktop.environment,
            "PYTHONPATH": str(ROOT / "gui"),
            "HTTPS_PROXY": proxy,
            "NO_PROXY": "127.0.0.1,nowhere.invalid,255.255.255.255",
        }
        control = subprocess.Popen(
            [sys.executable, "-c", CONTROL, str(seconds)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        done = subprocess.run(
            [sys.executable, "-c", WINDOW, str(profile), str(seconds)],
            env=own,
            capture_output=True,
            text=True,
            timeout=seconds + 200,
            check=True,
        )
        empty = control.communicate(timeout=seconds + 200)[0]
    finally:
        desktop.close()
        keyring.stop()
    told = json.loads(done.stdout.splitlines()[-1])
    assert "ready" in told["states"], told["states"]
    assert len(set(told["states"])) > 1, told["states"]
    return {"window": told["late"], "empty": json.loads(empty)}


def _fill(profile: Path, ground: Ground) -> None:
    parts = Parts(profile_under(profile))
    parts.vault.begin_with_keyring()
    now = utc_now()
    for number, (name, make) in enumerate(ROWS.items()):
        place = make(ground)
        endpoint = f"https://{PROXIED}" if place.proxy else place.endpoint
        id, secret = f"{number:032x}", Secret(f"{MARKER}-{number}")
        token = ApiToken(id, Organization(f"Organization {number}"), name, endpoint, now)
        sealed = parts.vault.seal(secret, token_id=id, endpoint=endpoint)
        parts.store.add(token, sealed, parts.vault.fingerprint(secret))
    parts.close()


def p99(figures: list[float]) -> float:
    """So much 99 of 100 stay below."""
    ordered = sorted(figures)
    return ordered[min(round(0.99 * len(ordered)), len(ordered) - 1)]
