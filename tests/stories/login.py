"""A stand-in for systemd-logind on a bus of its own: it sleeps, wakes up, and locks sessions.

Run by the system's Python, which has the bindings of GIO; the bus is that of
DBUS_SYSTEM_BUS_ADDRESS. It prints "there", and for each line on standard input one of its own:
`delays` (who is waited for before sleep), `sleep` (who let it sleep in time), `wake`, `lock`.
"""

import json
import os
import select
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # type: ignore[import-not-found]  # noqa: E402

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER = """<node><interface name="org.freedesktop.login1.Manager">
  <method name="Inhibit">
    <arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/>
    <arg type="h" direction="out"/>
  </method>
</interface></node>"""
PATIENCE = 5.0
"""Seconds, as logind's own InhibitDelayMaxSec."""


class Login:
    """Who delays sleep holds the other end of a pipe."""

    def __init__(self) -> None:
        self.loop = GLib.MainLoop()
        flags = Gio.DBusConnectionFlags
        self.bus = Gio.DBusConnection.new_for_address_sync(
            os.environ["DBUS_SYSTEM_BUS_ADDRESS"],
            flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION,
        )
        self.delays: dict[int, list[str]] = {}
        interface = Gio.DBusNodeInfo.new_for_xml(MANAGER).interfaces[0]
        self.bus.register_object(PATH, interface, self._called, None, None)
        Gio.bus_own_name_on_connection(self.bus, NAME, 0, lambda *_words: say("there"), None)
        GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, self._asked)

    def _called(self, _b: Any, _s: str, _p: str, _i: str, _n: str, words: Any, call: Any) -> None:
        ours, theirs = os.pipe()
        self.delays[ours] = list(words.unpack())
        handles = Gio.UnixFDList.new()
        place = handles.append(theirs)
        os.close(theirs)
        call.return_value_with_unix_fd_list(GLib.Variant("(h)", (place,)), handles)

    def _asked(self, *_event: Any) -> bool:
        line = sys.stdin.readline().strip()
        match line:
            case "delays":
                self._look(0)
                say(json.dumps(list(self.delays.values())))
            case "sleep":
                self._tell_of_sleep(True)
                before = len(self.delays)
                self._look(PATIENCE)
                say(json.dumps(before - len(self.delays)))
            case "wake":
                self._tell_of_sleep(False)
                say(json.dumps(True))
            case "lock":
                session = f"{NAME}.Session"
                self.bus.emit_signal(None, f"{PATH}/session/_31", session, "Lock", None)
                say(json.dumps(True))
            case _:
                self.loop.quit()
                return False
        return True

    def _tell_of_sleep(self, begins: bool) -> None:
        told = GLib.Variant("(b)", (begins,))
        self.bus.emit_signal(None, PATH, f"{NAME}.Manager", "PrepareForSleep", told)
        self.bus.flush_sync()

    def _look(self, patience: float) -> None:
        """Forgets those that have let go; waits for the first one as long as this."""
        gone = select.select(list(self.delays), [], [], patience)[0]
        for ours in gone:
            os.close(ours)
            del self.delays[ours]


def say(words: str) -> None:
    """For the test to read."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Login().loop.run()
