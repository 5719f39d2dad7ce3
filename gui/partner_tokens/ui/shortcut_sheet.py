"""The sheet of shortcuts: every key and what it does, found by typing."""

from collections.abc import Iterable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from partner_tokens.core.language import _
from partner_tokens.ui.look import Look
from partner_tokens.ui.notices import announce
from partner_tokens.ui.screen_room import bounded
from partner_tokens.ui.search_field import SearchField
from partner_tokens.ui.shortcut_delegate import SHORTCUT_ROLE, ShortcutDelegate
from partner_tokens.ui.shortcuts import Group, Shortcut
from partner_tokens.ui.timing import timer

WIDTH, HEIGHT = 560, 680
REST = timedelta(milliseconds=150)
"""A line is read aloud once the selection rests on it."""


class ShortcutSheet(QDialog):
    """Stays open beside the window while its keys are tried; Esc closes it."""

    def __init__(self, groups: Iterable[Group], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keyboard shortcuts"))
        self.search = SearchField(look)
        self.list = QListWidget()
        self._none = QLabel(_("No key does that."))
        self._rest = timer(self, REST, self._read_aloud, once=True)
        self._lay_out(look)
        self._fill(groups)
        self._wire()
        self._find("")

    def _lay_out(self, look: Look) -> None:
        self.search.setPlaceholderText(_("Type to find a key or what it does"))
        self.list.setObjectName("plainList")
        self.list.setAccessibleName(_("Keyboard shortcuts"))
        self.list.setItemDelegate(ShortcutDelegate(look, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._none.setObjectName("hintLabel")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self._none, 1)
        self.resize(bounded(self, WIDTH, HEIGHT))

    def _fill(self, groups: Iterable[Group]) -> None:
        for group in groups:
            heading = QListWidgetItem(group.title, self.list)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            for shortcut in group.shortcuts:
                line = QListWidgetItem(shortcut.words, self.list)
                line.setData(SHORTCUT_ROLE, shortcut)
                line.setData(Qt.ItemDataRole.AccessibleTextRole, shortcut.sentence)

    def _wire(self) -> None:
        self.search.textChanged.connect(self._find)
        self.search.list_key.connect(self._step)
        self.search.escaped.connect(self._escape)
        self.list.currentRowChanged.connect(self._rest.start)
        self.search.setFocus()

    def shown(self) -> list[str]:
        """The lines that are shown, as they are read aloud, from top to bottom."""
        return [shortcut.sentence for _row, shortcut in self._lines()]

    # ---- finding ----

    def _find(self, typed: str) -> None:
        """A heading stays where a line below it does."""
        heading: QListWidgetItem | None = None
        for row in range(self.list.count()):
            line = self.list.item(row)
            shortcut: Shortcut | None = line.data(SHORTCUT_ROLE)
            if shortcut is None:
                heading = line
                line.setHidden(True)
            else:
                line.setHidden(not shortcut.has(typed))
                if heading is not None and not line.isHidden():
                    heading.setHidden(False)
        lines = self._lines()
        self.list.setVisible(bool(lines))
        self._none.setVisible(not lines)
        if lines:
            self.list.setCurrentRow(lines[0][0])
            self.list.scrollToTop()
        else:
            announce(self.search, self._none.text())

    def _lines(self) -> list[tuple[int, Shortcut]]:
        items = ((row, self.list.item(row)) for row in range(self.list.count()))
        found = ((row, item.data(SHORTCUT_ROLE)) for row, item in items if not item.isHidden())
        return [(row, shortcut) for row, shortcut in found if shortcut is not None]

    def _step(self, key: Qt.Key) -> None:
        rows = [row for row, _shortcut in self._lines()]
        if not rows:
            return
        here = rows.index(self.list.currentRow())
        page = max(self.list.viewport().height() // self.list.sizeHintForRow(rows[0]) - 1, 1)
        step = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -here,
            Qt.Key.Key_End: len(rows),
        }[key]
        self.list.setCurrentRow(rows[min(max(here + step, 0), len(rows) - 1)])

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.reject()

    def _read_aloud(self) -> None:
        line = self.list.item(self.list.currentRow())
        if self.search.hasFocus():
            announce(self.search, str(line.data(Qt.ItemDataRole.AccessibleTextRole)))
