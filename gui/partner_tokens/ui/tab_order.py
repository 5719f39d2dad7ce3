"""Where the Tab key leads in a window whose parts come and go: part by part, as they stand."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def next_stop(window: QWidget, parts: Sequence[QWidget], *, forward: bool) -> QWidget | None:
    """The widget after (or before) the one with the keyboard; None where it is nowhere yet.

    Inside a part the order is Qt's own, that in which its widgets were made.
    """
    stops = sorted(_stops(window), key=lambda stop: _part_of(stop, parts))
    here = window.focusWidget()
    if here not in stops:
        return None
    return stops[(stops.index(here) + (1 if forward else -1)) % len(stops)]


def _stops(window: QWidget) -> Iterator[QWidget]:
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        if _takes_tab(widget) and widget.isVisible() and widget.window() is window:
            yield widget
        widget = widget.nextInFocusChain()


def _takes_tab(widget: QWidget) -> bool:
    wanted = Qt.FocusPolicy.TabFocus
    has_policy = widget.focusPolicy() & wanted == wanted
    return has_policy and widget.focusProxy() is None and widget.isEnabled()


def _part_of(widget: QWidget, parts: Sequence[QWidget]) -> int:
    return next((n for n, part in enumerate(parts) if part.isAncestorOf(widget)), len(parts))
