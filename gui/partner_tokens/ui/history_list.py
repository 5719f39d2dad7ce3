"""The history of a token as a list: what happened, below it when, how often and under which id."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu

from partner_tokens.core.events import Entry
from partner_tokens.core.language import _
from partner_tokens.ui.history_delegate import ENTRY_ROLE, HistoryDelegate
from partner_tokens.ui.history_words import below_words, event_words
from partner_tokens.ui.look import Look

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """The newest line first."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Takes the whole history anew."""
        if tuple(entries) != self._entries:
            self.beginResetModel()
            self._entries = tuple(entries)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{event_words(entry)}, {below_words(entry)}"
            case _ if role == ENTRY_ROLE:
                return entry
            case _:
                return None


class HistoryList(QListView):
    """Arrows walk, Ctrl+C copies the selected line, the context menu its request id."""

    def __init__(self, look: Look, clipboard: QClipboard) -> None:
        super().__init__()
        self._clipboard = clipboard
        self.entries = HistoryModel()
        self.setModel(self.entries)
        self.setObjectName("historyList")
        self.setAccessibleName(_("History, the newest first"))
        self.setItemDelegate(HistoryDelegate(look, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.changed.connect(self.viewport().update)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Shows these lines; the selected place and what is in view stay."""
        row, top = self.currentIndex().row(), self.verticalScrollBar().value()
        self.entries.set_entries(entries)
        self.setCurrentIndex(self.entries.index(max(0, min(row, len(entries) - 1)), 0))
        self.verticalScrollBar().setValue(top)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # words wrap anew; Qt sees to other heights only

    def event(self, event: QEvent) -> bool:
        """Ctrl+C copies the line, and not the header."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
            and self.currentIndex().isValid()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_line()
        elif event.text().isprintable() and event.text():
            event.ignore()  # letters belong to the search field
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        entry = self.currentIndex().data(ENTRY_ROLE)
        if entry is None:
            return
        menu = QMenu(self)
        menu.addAction(_("Copy &line"), self._copy_line)
        if entry.request_id:
            menu.addAction(_("Copy &request id"), lambda: self._clipboard.setText(entry.request_id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def _copy_line(self) -> None:
        self._clipboard.setText(str(self.currentIndex().data()))
