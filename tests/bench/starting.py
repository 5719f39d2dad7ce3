"""Cold start to a painted list, and memory, beside an empty Qt table and KeePassXC."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.sax.saxutils import escape

from bench.ground import Ground, pss
from bench.table import Line, middle
from bench.terminal import borrow
from patience import wait_for

WATCH = """
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

class Watch(QObject):
    def __init__(self, table, count):
        super().__init__()
        self.table, self.count = table, count
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.table.model().rowCount() == self.count:
            watched.removeEventFilter(self)
            told, soon = QEvent(QEvent.Type.User), Qt.EventPriority.HighEventPriority
            QCoreApplication.postEvent(self, told, soon.value)
        return False

    def customEvent(self, event):
        print(time.monotonic() - began, flush=True)
        QCoreApplication.quit()
"""
"""Tells when the rows are on the screen: the first event after they were painted and flushed."""

OURS = f"""
import sys, time
began, profile, count = float(sys.argv[1]), sys.argv[2], int(sys.argv[3])
import partner_tokens.__main__ as program
start_reading = program.Ahead

def ahead(work):
    rows = start_reading(work)
    from partner_tokens.application import Application
    {WATCH.replace(chr(10), chr(10) + "    ")}
    run = Application.run

    def watched_run(application, **how):
        application.watcher = Watch(application.window.table, count)
        return run(application, **how)

    Application.run = watched_run
    return rows

program.Ahead = ahead
sys.exit(program.main(["--profile", profile]))
"""
"""The program itself, with somebody who looks."""

FLOOR = f"""
import sys, time
began = float(sys.argv[1])
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView
{WATCH}
qt = QApplication([])
window = QMainWindow()
table = QTableView()
table.setModel(QStandardItemModel(0, 5))
window.setCentralWidget(table)
watch = Watch(table, 0)
window.show()
sys.exit(qt.exec())
"""

STAYS = FLOOR.replace("QCoreApplication.quit()", "")

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
    what = "cold start to the painted list, {:,} tokens"
    lines = [
        Line(what.format(2_000), "ms", mine[2_000], 1.4, "empty Qt table", middle(floor[1:]) * 1000)
    ]
    if database is not None:
        theirs = middle(peer[1:]) * 1000
        lines.append(Line(what.format(2_000), "ms", mine[2_000], 0.6, "KeePassXC", theirs))
    for fewer, more in ((200, 2_000), (2_000, 20_000)):
        against = f"with {fewer:,}"
        lines.append(Line(what.format(more), "ms", mine[more], 10, against, mine[fewer],
                          "no worse than linear"))  # fmt: skip
    return [*lines, *_memory(ground, database)]


def _told(ground: Ground, program: str, *arguments: str) -> float:
    done = ground.run("-c", program, str(time.monotonic()), *arguments)
    return float(done.stdout)


def _memory(ground: Ground, database: Path | None) -> list[Line]:
    """Before the first exchange the vault is open already, and the endpoint was checked."""
    profile = ground.profile(2_000)
    program = ground.desktop.start(["-m", "partner_tokens", "--profile", str(profile)], "ours")
    ground.desktop.window("^Partner Tokens$")
    before = _settled(program.process.pid)
    borrow(ground, 0)
    after = _settled(program.process.pid)
    program.process.terminate()
    program.ended()
    floor = subprocess.Popen(
        [sys.executable, "-c", STAYS, "0"], env=dict(ground.environment), stdout=subprocess.PIPE
    )
    assert floor.stdout is not None
    floor.stdout.readline()  # it is painted
    empty = _settled(floor.pid)
    floor.kill()
    floor.communicate()
    theirs = None if database is None else _keepassxc(ground, database, weigh=True)[1]
    what = "memory (PSS), 2,000 tokens, idle, {} the first exchange"
    remark = f"an empty Qt table: {empty:.1f} MiB"
    return [
        Line(what.format("before"), "MiB", before, 0.7, "KeePassXC", theirs, remark),
        Line(what.format("after"), "MiB", after, 1.0, "KeePassXC", theirs),
    ]


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
