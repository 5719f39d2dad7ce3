"""Reads or drives a program through AT-SPI; run by the system's Python, which has its bindings.

`probe.py PID` prints the accessible tree as JSON. `probe.py PID press NAME` presses the button of
that name. It ends with 3 while the program is not on the bus.
"""

import json
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # type: ignore[import-not-found]  # noqa: E402

MOST_CHILDREN = 400
TOLD_STATES = ("FOCUSED", "FOCUSABLE", "ENABLED", "SHOWING", "SELECTED", "CHECKED", "EDITABLE")


def main(process_id: int, deed: str = "", name: str = "") -> int:
    program = _program(process_id)
    if program is None:
        return 3
    if deed == "press":
        return _press(program, name)
    json.dump(_node(program), sys.stdout)
    return 0


def _program(process_id: int) -> Any:
    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(place)
        if program is not None and program.get_process_id() == process_id:
            return program
    return None


def _node(found: Any) -> dict[str, Any]:
    states = found.get_state_set()
    text = found.get_text_iface()
    actions = found.get_action_iface()
    count = min(found.get_child_count(), MOST_CHILDREN)
    children = [found.get_child_at_index(place) for place in range(count)]
    return {
        "role": found.get_role_name(),
        "name": found.get_name(),
        "description": found.get_description(),
        "text": text.get_text(0, -1) if text else "",
        "states": [
            told.lower() for told in TOLD_STATES if states.contains(getattr(Atspi.StateType, told))
        ],
        "actions": [actions.get_action_name(n) for n in range(actions.get_n_actions())]
        if actions
        else [],
        "children": [_node(child) for child in children if child is not None],
    }


def _press(found: Any, name: str) -> int:
    if found.get_name() == name:
        actions = found.get_action_iface()
        for number in range(actions.get_n_actions() if actions else 0):
            if actions.get_action_name(number).lower() == "press":
                return int(not actions.do_action(number))
    for place in range(found.get_child_count()):
        child = found.get_child_at_index(place)
        if child is not None and _press(child, name) == 0:
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
