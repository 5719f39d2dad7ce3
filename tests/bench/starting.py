"""Cold start to a painted list, and memory, beside an empty Qt table and KeePassXC."""

import shutil
import subprocess
import time
from pathlib import Path
from xml.sax.saxutils import escape

from bench.ground import Ground, pss
from bench.table import Line, middle
from patience import wait_for

OURS = """
import sys, time
began, profile = float(sys.argv[1]), sys.argv[2]
from pathlib import Path
from partner_tokens.ahead import Ahead
from partner_tokens.core.profile import profile_under
from partner_tokens.parts import Parts
parts = Parts(profile_under(Path(profile)))
rows = Ahead(parts.store.tokens)
from partner_tokens.application import Application, make_qt
from PySide6.QtCore import QEvent, QObject, QTimer

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and application.model.rowCount() == count:
            QTimer.singleShot(0, self.told)
        return False
    def told(self):
        application.window.table.viewport().removeEventFilter(self)
        print(time.monotonic() - began, flush=True)
        qt.quit()

count = int(sys.argv[3])
qt = make_qt()
application = Application(qt, parts, rows)
watch = Watch()
application.window.table.viewport().installEventFilter(watch)
sys.exit(application.run())
"""
"""As `partner_tokens.__main__` does it, and then tells when the rows were painted."""

FLOOR = """
import sys, time
began = float(sys.argv[1])
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.told)
        return False
    def told(self):
        table.viewport().removeEventFilter(self)
        print(time.monotonic() - began, flush=True)
        qt.quit()

qt = QApplication([])
window = QMainWindow()
table = QTableView()
table.setModel(QStandardItemModel(0, 5))
window.setCentralWidget(table)
watch = Watch()
table.viewport().installEventFilter(watch)
window.show()
sys.exit(qt.exec())
"""

PASSWORD = "bench"


def measure(ground: Ground) -> list[Line]:
    """Runs are interleaved, the first of each is not counted: the disk is warm."""
    ours: dict[int, list[float]] = {200: [], 2_000: [], 20_000: []}
    floor: list[float] = []
    peer: list[float] = []
    database = _keepassxc_database(ground)
    for _time in range(ground.times + 1):
        floor.append(_told(ground, FLOOR))
        for count, figures in ours.items():
            figures.append(_told(ground, OURS, str(ground.profile(count)), str(count)))
        if database is not None:
            peer.append(_keepassxc(ground, database)[0])
    mine = {count: middle(figures[1:]) * 1000 for count, figures in ours.items()}
    lines = [
        Line("cold start, 2,000 tokens painted", "ms", mine[2_000], 1.4, "empty Qt table",
             middle(floor[1:]) * 1000),
        Line("cold start, 200 tokens", "ms", mine[200]),
        Line("cold start, 20,000 tokens", "ms", mine[20_000], 10.0, "with 2,000", mine[2_000],
             "no worse than linear"),
    ]  # fmt: skip
    if database is not None:
        theirs = middle(peer[1:]) * 1000
        lines.insert(
            1, Line("cold start, 2,000 tokens", "ms", mine[2_000], 0.6, "KeePassXC", theirs)
        )
        lines.append(_memory(ground, database))
    return lines


def _told(ground: Ground, program: str, *arguments: str) -> float:
    done = ground.run("-c", program, str(time.monotonic()), *arguments)
    return float(done.stdout)


def _memory(ground: Ground, database: Path) -> Line:
    profile = ground.profile(2_000)
    program = ground.desktop.start(["-m", "partner_tokens", "--profile", str(profile)], "ours")
    ground.desktop.window("^Partner Tokens$")
    ours = _settled(program.process.pid)
    program.process.terminate()
    program.ended()
    _took, theirs = _keepassxc(ground, database, weigh=True)
    return Line("memory (PSS), 2,000 tokens, idle", "MiB", ours, 0.7, "KeePassXC", theirs)


def _settled(pid: int) -> float:
    """The size once it has stopped changing for a second."""
    size = 0.0
    for _second in range(20):
        time.sleep(1)
        before, size = size, pss(pid)
        if abs(size - before) < 0.5:
            break
    return size


def _keepassxc_database(ground: Ground) -> Path | None:
    """2,000 entries; None where KeePassXC is not installed. Its key takes 0.1 s, the least."""
    if shutil.which("keepassxc") is None:
        return None
    entries = "".join(
        f"<Entry><UUID></UUID>"
        f"<String><Key>Title</Key><Value>{escape(ground.known(n).organization)}</Value></String>"
        f"<String><Key>UserName</Key><Value>token {n}</Value></String>"
        f"<String><Key>Password</Key><Value>{ground.known(n).api_token}</Value></String></Entry>"
        for n in range(2_000)
    )
    xml = ground.folder / "entries.xml"
    xml.write_text(
        "<KeePassFile><Meta/><Root><Group><Name>Root</Name>" + entries + "</Group></Root>"
        "</KeePassFile>"
    )
    database = ground.folder / "bench.kdbx"
    command = ["keepassxc-cli", "import", "--set-password", "--decryption-time", "100"]
    ground.command([*command, str(xml), str(database)], given=f"{PASSWORD}\n{PASSWORD}\n")
    return database


def _keepassxc(ground: Ground, database: Path, *, weigh: bool = False) -> tuple[float, float]:
    """Seconds until its title says that the database is open, and its size where asked for."""
    began = time.monotonic()
    process = subprocess.Popen(
        ["keepassxc", "--pw-stdin", str(database)],
        env=dict(ground.environment),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(f"{PASSWORD}\n".encode())
    process.stdin.close()

    def is_open() -> bool:
        return any(
            title.startswith("bench") and "Locked" not in title for title in ground.desktop.titles()
        )

    wait_for(is_open, "KeePassXC opens its database")
    took = time.monotonic() - began
    size = _settled(process.pid) if weigh else 0.0
    process.kill()
    process.wait()
    return took, size
