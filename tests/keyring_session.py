"""A D-Bus session of its own, with a real GNOME Keyring in it, or none."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from secretstorage import Collection

TOOLS = ("dbus-daemon", "gnome-keyring-daemon")

BARE_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


class KeyringSession:
    """Starts a message bus that knows no services, and perhaps GNOME Keyring on it, unlocked.

    There is no display, so that a locked keyring refuses at once instead of opening its prompt.
    """

    def __init__(self, folder: Path, *, with_keyring: bool = True, bus: str = BARE_BUS) -> None:
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            pytest.fail(f"not installed: {', '.join(missing)}; see “Development” in the README")
        # Not in the test's folder, which is too far down at times: a socket's path has 107 letters.
        self._runtime = runtime = Path(tempfile.mkdtemp(prefix="bus-"))
        config = folder / "bus.conf"
        config.write_text(bus.format(folder=runtime))
        self._environment = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(runtime),
            "PATH": os.environ["PATH"],
        }
        self._bus = subprocess.Popen(
            ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._bus.stdout is not None
        self.address = self._bus.stdout.readline().strip()
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self._keyring: subprocess.Popen[str] | None = None
        if with_keyring:
            self._start_keyring()

    def _start_keyring(self) -> None:
        self._keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._keyring.stdin is not None
        self._keyring.stdin.write("password of the keyring")
        self._keyring.stdin.close()
        pause = threading.Event()
        for _ in range(200):
            with self.collection() as collection:
                if collection is not None and not collection.is_locked():
                    return
            pause.wait(0.05)
        pytest.fail("GNOME Keyring did not open its keyring within ten seconds")

    @contextmanager
    def collection(self) -> "Iterator[Collection | None]":
        """The default keyring, once the service is there."""
        import secretstorage
        from jeepney.io.blocking import (  # type: ignore[import-untyped]
            open_dbus_connection,
        )

        with closing(open_dbus_connection(self.address)) as connection:
            if not secretstorage.check_service_availability(connection):
                yield None
                return
            found: Collection | None = None
            with suppress(secretstorage.ItemNotFoundException):
                found = secretstorage.get_collection_by_alias(connection, "default")
            yield found

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Makes this process use the session, for the length of one test."""
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", self.address)
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    def lock(self) -> None:
        """Locks the keyring, as its owner would."""
        with self.collection() as collection:
            assert collection is not None
            collection.lock()

    def hang(self) -> None:
        """Stops the keyring where it stands: calls no longer come back."""
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets the keyring go on."""
        assert self._keyring is not None
        self._keyring.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Ends the keyring without a word; the bus stays."""
        assert self._keyring is not None
        self._keyring.kill()
        self._keyring.wait(10)

    def restart(self) -> None:
        """Starts the keyring anew, unlocked, with all that it has kept."""
        self.kill()
        self._start_keyring()

    def stop(self) -> None:
        """Ends keyring and bus."""
        for process in (self._keyring, self._bus):
            if process is not None:
                process.kill()
                process.wait(10)
        assert self._bus.stdout is not None
        self._bus.stdout.close()
        shutil.rmtree(self._runtime)
