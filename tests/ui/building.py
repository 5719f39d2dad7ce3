"""The real parts below a dialog: service in small, store on disk, key in memory, threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clock import MovableClock
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.ui.background import Background
from partner_tokens.ui.look import Look
from partner_tokens.ui.session import Access, Session

NOBODY = "http://127.0.0.1:9"


@dataclass(slots=True)
class Building:
    """What a dialog is given, and the service it talks to."""

    parts: Parts
    sandbox: Sandbox
    backend: MemoryBackend
    background: Background
    session: Session
    look: Look
    clock: MovableClock

    def know(
        self,
        api_token: str,
        organization: str = "Contoso",
        behaviour: Behaviour = Behaviour.FINE,
        **more: Any,
    ) -> str:
        """Makes the service know an API token, and gives it back."""
        more.setdefault("organization_id", f"id-of-{organization}")
        self.sandbox.register(
            KnownToken(api_token, organization=organization, behaviour=behaviour, **more)
        )
        return api_token

    def store(self, api_token: str, organization: str, name: str = "build") -> ApiToken:
        """Stores a token that is proven, as the dialog would."""
        draft = Draft(organization, name, self.sandbox.url, Secret(api_token))
        registry = self.parts.registry
        return registry.add(draft, registry.prove(draft))

    def stored(self) -> tuple[ApiToken, ...]:
        """What is on disk."""
        return self.parts.store.tokens()


@contextmanager
def building(folder: Path, qtbot: QtBot, app: QApplication) -> Iterator[Building]:
    """All of it, started, with the vault open; and torn down again."""
    clock = MovableClock()
    backend = MemoryBackend("Memory")
    parts = Parts(profile_under(folder), clock=clock, open_backend=lambda: backend)
    background = Background()
    session = Session(parts, background)
    with Sandbox(clock) as sandbox:
        session.start()
        qtbot.waitUntil(lambda: session.access is Access.NEW)
        session.open()  # as the user does who begins
        qtbot.waitUntil(lambda: session.access is Access.OPEN)
        yield Building(parts, sandbox, backend, background, session, Look(app), clock)
        background.stop()
    parts.close()


def press(widget: QWidget) -> None:
    """Clicks in the middle."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def type_text(widget: QWidget, text: str) -> None:
    """Types letter by letter."""
    QTest.keyClicks(widget, text)


def hit(
    widget: QWidget,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Hits one key."""
    QTest.keyClick(widget, key, modifier)


def spoken_about(widget: QWidget) -> str:
    """All that a screen reader can find out about a widget and what is in it."""
    told = []
    for each in (widget, *widget.findChildren(QWidget)):
        interface = QAccessible.queryAccessibleInterface(each)
        texts = [interface.text(kind) for kind in QAccessible.Text if kind.name != "UserText"]
        told += [*texts, each.toolTip(), each.windowTitle(), each.objectName()]
    return "\n".join(told)
