"""The whole window over real parts: a store on disk, a keyring in memory, the service in small."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clock import MovableClock
from partner_tokens.application import Application
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.deeds import Deeds
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.ui.background import Lane
from partner_tokens.ui.long_words import BREAK
from partner_tokens.ui.main_window import MainWindow, Page
from partner_tokens.ui.session import Access
from patience import PATIENCE

PATIENCE_MS = round(1000 * PATIENCE)

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass
class World:
    """What a test may touch: the window by its keys, the service and the disk from outside."""

    qtbot: QtBot
    qt: QApplication
    folder: Path
    clock: MovableClock
    sandbox: Sandbox
    backend: MemoryBackend
    application: Application

    # ---- preparing ----

    @classmethod
    def build(cls, qtbot: QtBot, qt: QApplication, folder: Path) -> "World":
        """A program that is not started yet, with an empty store."""
        clock = MovableClock()
        sandbox = Sandbox(clock).start()
        backend = MemoryBackend("Test keyring")
        parts = Parts(profile_under(folder), clock=clock, open_backend=lambda: backend)
        application = Application(qt, parts, parts.store.tokens, clock=clock)
        qtbot.addWidget(application.window)
        return cls(qtbot, qt, folder, clock, sandbox, backend, application)

    @property
    def parts(self) -> Parts:
        return self.application.parts

    @property
    def deeds(self) -> Deeds:
        return self.application.deeds

    def store(
        self,
        id: str,
        organization: str,
        *,
        days: float | None = 90,
        behaviour: Behaviour = Behaviour.FINE,
        state: State = State.READY,
        endpoint: str | None = None,
        name: str = "build",
    ) -> str:
        """Stores a token as another program would; gives its API token."""
        vault = self.parts.vault
        if not vault.is_open:
            vault.begin_with_keyring()
        secret = f"{id}-api-token-{'0' * 40}"
        known = KnownToken(secret, f"org-{organization}", organization, behaviour=behaviour)
        self.sandbox.register(known)
        endpoint = endpoint or self.sandbox.url
        expiry = Expiry.unknown() if days is None else Expiry(self.clock() + timedelta(days=days))
        self.parts.store.add(
            ApiToken(
                id=id,
                organization=Organization(organization, f"org-{organization}"),
                name=name,
                endpoint=endpoint,
                added_at=self.clock(),
                expiry=expiry,
                user="ana@partner.example",
                interactive=state is State.PASSCODE,
                result=Result(state, None, self.clock()),
            ),
            vault.seal(Secret(secret), token_id=id, endpoint=endpoint),
            vault.fingerprint(Secret(secret)),
        )
        return secret

    def start(self, *, page: Page = Page.LIST) -> "World":
        """Starts the program, and waits until the page is there and the vault was tried."""
        self.application.start()
        session = self.application.session
        self.until(lambda: session.access not in {Access.STARTING, Access.OPENING})
        if session.access is Access.NEW:
            self.skip_guide()
        self.until(lambda: self.window.page is page)
        return self

    def skip_guide(self) -> None:
        """Leaves the guide of a first start by Esc."""
        session = self.application.session
        self.until(lambda: isinstance(self.qt.activeModalWidget(), QDialog))
        self.press(Key.Key_Escape)
        self.until(lambda: session.access not in {Access.NEW, Access.OPENING})

    def restart_parts(self, open_backend: Callable[[], MemoryBackend]) -> None:
        """Another run of the program on the same files, not started yet, on this keyring."""
        self.application.stop()
        parts = Parts(profile_under(self.folder), clock=self.clock, open_backend=open_backend)
        self.application = Application(self.qt, parts, parts.store.tokens, clock=self.clock)
        self.qtbot.addWidget(self.application.window)

    def end(self) -> None:
        """Ends the program as quitting does."""
        self.application.stop()
        self.sandbox.stop()

    # ---- doing and seeing ----

    @property
    def window(self) -> MainWindow:
        return self.application.window

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def settle(self, *lanes: Lane) -> None:
        """Waits until what was asked of each lane before, one after the other, has been told.

        Its threads meet, so that none of them has anything else to do.
        """
        for lane in lanes:
            _name, threads = lane.value
            self._meet(lane, threading.Barrier(threads, timeout=PATIENCE))

    def _meet(self, lane: Lane, barrier: threading.Barrier) -> None:
        told: list[int] = []
        for _thread in range(barrier.parties):
            self.application.background.run(self.window, barrier.wait, done=told.append, lane=lane)
        self.until(lambda: len(told) == barrier.parties)

    def press(
        self, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        """A key as the user presses it: whatever has the focus gets it, shortcuts first."""
        QTest.keyClick(self._focus(), key, modifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(self._focus(), text)

    def _focus(self) -> QWidget:
        def has_focus() -> bool:
            front = self.qt.activeModalWidget() or self.window
            if self.qt.activeWindow() is not front:
                front.activateWindow()  # a window manager does this when a dialog closes
            widget = self.qt.focusWidget()
            return widget is not None and widget.window() is front

        self.until(has_focus)
        focus = self.qt.focusWidget()
        assert focus is not None
        return focus

    def select(self, id: str) -> None:
        assert self.window.table.select(id)

    def shown(self) -> list[str]:
        """The ids of the lines, top to bottom."""
        model = self.application.model
        return [model.row_at(place).token.id for place in range(model.rowCount())]

    def notice(self) -> str:
        return self.window.notices.words()

    def banner(self) -> str:
        return self.window.banner.words().replace(BREAK, "")

    def clipboard(self) -> str:
        return self.qt.clipboard().text()

    def token(self, id: str) -> ApiToken:
        """The token as the list has it."""
        found = self.application.model.token(id)
        assert found is not None
        return found

    def confirm(self, box: QDialog, words: str) -> None:
        """Presses the button of a question that has these words."""
        next(b for b in box.findChildren(QPushButton) if b.text() == words).click()

    def dialog(self) -> QDialog:
        """The one open dialog."""
        found: list[QWidget] = [
            w for w in self.qt.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()
        ]
        assert len(found) == 1, found
        assert isinstance(found[0], QDialog)
        return found[0]
