"""Reads or drives a program through AT-SPI; run by the system's Python, which has its bindings.

`probe.py PID` prints the accessible tree as JSON, as far as it is showing, `probe.py PID whole` all
of it. `probe.py PID press NAME` presses the button of that name. They end with 3 while the program
is not on the bus. `probe.py listen` prints "listening", then what any program announces, a line of
JSON each, until it is ended.
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
    json.dump(_node(program, whole=deed == "whole"), sys.stdout)
    return 0


def listen() -> int:
    def heard(event: Any) -> None:
        _tell(event.any_data)

    listener = Atspi.EventListener.new(heard)
    listener.register("object:announcement")
    _tell("listening")
    Atspi.event_main()
    return 0


def _tell(words: str) -> None:
    json.dump(words, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


def _program(process_id: int) -> Any:
    desktop = Atspi.get_desktop(0)
    for place in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(place)
        if program is not None and program.get_process_id() == process_id:
            return program
    return None


def _node(found: Any, whole: bool) -> dict[str, Any]:
    """Each question is a round trip to the program, so only what a test looks at is asked."""
    role = found.get_role_name()
    states = found.get_state_set()
    told = [name.lower() for name in TOLD_STATES if states.contains(getattr(Atspi.StateType, name))]
    text = found.get_text_iface() if "editable" in told else None
    place = found.get_component_iface() if role == "table cell" else None
    box = place.get_extents(Atspi.CoordType.SCREEN) if place else None
    is_open = whole or role == "application" or "showing" in told
    count = min(found.get_child_count(), MOST_CHILDREN) if is_open else 0
    children = [found.get_child_at_index(number) for number in range(count)]
    return {
        "role": role,
        "name": found.get_name(),
        "description": found.get_description(),
        "labels": _labels(found) if role == "combo box" else [],
        "text": text.get_text(0, -1) if text else "",
        "states": told,
        "box": [box.x, box.y, box.width, box.height] if box else [],
        "children": [_node(child, whole) for child in children if child is not None],
    }


def _labels(found: Any) -> list[str]:
    """The names of what labels it: a combo box is called by them, and not by its own name."""
    return [
        relation.get_target(number).get_name()
        for relation in found.get_relation_set()
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
        for number in range(relation.get_n_targets())
    ]


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
    sys.exit(listen() if sys.argv[1] == "listen" else main(int(sys.argv[1]), *sys.argv[2:]))
