"""Qt has much to say while it connects to the desktop's buses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from patience import PATIENCE

PROGRAM = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QObject, qWarning
from PySide6.QtWidgets import QApplication
from partner_tokens.ui.crash import CrashNet
from partner_tokens.ui.screen_watch import ScreenWatch
from partner_tokens.ui.tray_place import TrayPlace

qt, owner, told = QApplication([]), QObject(), []
net = CrashNet(Path(sys.argv[1]))
net._from_qt = lambda kind, context, message: told.append(message)
net.install()
made = {made}
qWarning("said afterwards")
print(made.{bus}.isConnected(), "said afterwards" in told, flush=True)
os._exit(0)  # Qt's thread may be on its way to the handler
"""


@pytest.mark.parametrize(
    ("made", "bus"),
    [("ScreenWatch(owner)", "_system"), ('TrayPlace("wayland", owner)', "_bus")],
)
def test_what_qt_says_while_it_connects_hangs_nothing_and_is_heard_afterwards(
    tmp_path: Path, made: str, bus: str
) -> None:
    session = KeyringSession(tmp_path, with_keyring=False)
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(made=made, bus=bus), str(tmp_path / "log")],
            env={
                **os.environ,
                "HOME": str(tmp_path),
                "DBUS_SESSION_BUS_ADDRESS": session.address,
                "DBUS_SYSTEM_BUS_ADDRESS": session.address,
                "QDBUS_DEBUG": "1",
            },
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    finally:
        session.stop()
    assert (done.returncode, done.stdout) == (0, "True True\n")
