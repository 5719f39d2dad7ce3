"""A panel with a tray of the newer kind: watcher and host of StatusNotifierItem.

Run by the system's Python, which has the bindings of GIO. It prints "host" once it is on the
session bus, and for each question on standard input one line of JSON: `items` (how many icons
there are), `tooltip`, `icon` (width, height and pixels of its first picture), `menu`,
`press WORDS`, `click`.
"""

import json
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # type: ignore[import-not-found]  # noqa: E402

NAME = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
WATCHER = """<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>"""


class Panel:
    """Knows the icons by the bus names of their programs; asks the newest."""

    def __init__(self) -> None:
        self.loop = GLib.MainLoop()
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.items: list[str] = []
        interface = Gio.DBusNodeInfo.new_for_xml(WATCHER).interfaces[0]
        self.bus.register_object("/StatusNotifierWatcher", interface, self._called, self._told)
        Gio.bus_own_name_on_connection(self.bus, NAME, 0, self._owned, None)
        GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, self._asked)

    def _owned(self, _bus: Any, _name: str) -> None:
        self.bus.emit_signal(None, "/StatusNotifierWatcher", NAME, "StatusNotifierHostRegistered")
        say("host")

    def _called(
        self, _b: Any, sender: str, _p: str, _i: str, name: str, _a: Any, call: Any
    ) -> None:
        if name == "RegisterStatusNotifierItem":
            self.items.append(sender)
            Gio.bus_watch_name_on_connection(self.bus, sender, 0, None, self._gone)
        call.return_value(None)

    def _gone(self, _bus: Any, name: str) -> None:
        self.items = [item for item in self.items if item != name]

    def _told(self, _b: Any, _sender: str, _path: str, _interface: str, name: str) -> Any:
        return {
            "RegisteredStatusNotifierItems": GLib.Variant("as", self.items),
            "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
            "ProtocolVersion": GLib.Variant("i", 0),
        }[name]

    # ---- what a test asks ----

    def _asked(self, *_event: Any) -> bool:
        line = sys.stdin.readline()
        if not line:
            self.loop.quit()
            return False
        verb, _space, words = line.strip().partition(" ")
        try:
            say(json.dumps(self._answer(verb, words)))
        except (GLib.Error, IndexError, StopIteration) as error:
            say(json.dumps({"error": str(error)}))
        return True

    def _answer(self, verb: str, words: str) -> Any:
        match verb:
            case "items":
                return len(self.items)
            case "tooltip":
                return self._property("ToolTip")[2]
            case "icon":
                width, height, data = self._property("IconPixmap")[0]
                return [width, height, bytes(data).hex()]
            case "menu":
                return [words for _id, words in self._entries()]
            case "press":
                id = next(id for id, found in self._entries() if found == words)
                clicked = GLib.Variant("(isvu)", (id, "clicked", GLib.Variant("s", ""), 0))
                return self._ask(self._menu_path(), MENU, "Event", clicked)
            case "click":
                place = GLib.Variant("(ii)", (0, 0))
                return self._ask("/StatusNotifierItem", ITEM, "Activate", place)
        raise StopIteration(verb)

    def _property(self, name: str) -> Any:
        wanted = GLib.Variant("(ss)", (ITEM, name))
        return self._ask("/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get", wanted)[0]

    def _menu_path(self) -> str:
        return str(self._property("Menu"))

    def _entries(self) -> list[tuple[int, str]]:
        path = self._menu_path()
        self._ask(path, MENU, "AboutToShow", GLib.Variant("(i)", (0,)))
        wanted = GLib.Variant("(iias)", (0, -1, []))
        _revision, (_id, _root, children) = self._ask(path, MENU, "GetLayout", wanted)
        return [(id, plain(kinds.get("label", ""))) for id, kinds, _below in children]

    def _ask(self, path: str, interface: str, method: str, wanted: Any) -> Any:
        answer = self.bus.call_sync(
            self.items[-1], path, interface, method, wanted, None, Gio.DBusCallFlags.NONE, 5000
        )
        return answer.unpack()


def plain(label: str) -> str:
    """Without the underlines of access keys."""
    return label.replace("__", "\0").replace("_", "").replace("\0", "_")


def say(words: str) -> None:
    """For the test to read."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Panel().loop.run()
