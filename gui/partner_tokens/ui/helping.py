"""Opens the sheet of shortcuts and what the program says of itself, and copies diagnostics."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess
from PySide6.QtGui import QClipboard, QGuiApplication, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from partner_tokens.core.language import _
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.look import DARK, LIGHT, Look
from partner_tokens.ui.main_window import MainWindow
from partner_tokens.ui.session import Session
from partner_tokens.ui.token_model import TokenModel
from partner_tokens.ui.watch import Watch

if TYPE_CHECKING:
    from partner_tokens.core.diagnostics import Facts
    from partner_tokens.core.licences import Part
    from partner_tokens.parts import Parts


SHEET = "sheet"


class Helping(QObject):
    """One window of each kind at a time; asked for again, it comes forward."""

    def __init__(
        self,
        application: QApplication,
        parts: "Parts",
        window: MainWindow,
        model: TokenModel,
        session: Session,
        watch: Watch,
        background: Background,
        look: Look,
        clipboard: QClipboard,
    ) -> None:
        super().__init__(window)
        self._application = application
        self._parts = parts
        self._window = window
        self._model = model
        self._session = session
        self._watch = watch
        self._background = background
        self._look = look
        self._clipboard = clipboard
        self._open: dict[Act, QDialog] = {}
        window.wanted.connect(self._do)
        application.focusChanged.connect(self._arm)

    def _arm(self, _before: QWidget | None, now: QWidget | None) -> None:
        """A dialog hears the keys of the sheet as well; the window's own action does not in it."""
        front = now.window() if now is not None else None
        if not isinstance(front, QDialog) or front in self._open.values():
            return
        if front.findChild(QShortcut, SHEET) is None:
            for key in self._window.acts[Act.SHORTCUTS].shortcuts():
                shortcut = QShortcut(key, front)
                shortcut.setObjectName(SHEET)
                shortcut.activated.connect(self._show_sheet)

    def _do(self, act: Act) -> None:
        match act:
            case Act.SHORTCUTS:
                self._show_sheet()
            case Act.ABOUT:
                self._bring(act, self._make_about)
            case Act.DIAGNOSTICS:
                self._gather(self, self._copy)
            case Act.DEMO:
                self._background.run(self, _demo, done=self._open_demo, lane=Lane.STORE)

    def _open_demo(self, command: list[str]) -> None:
        """In a program of its own: nothing of it is mixed with what is the user's."""
        if QProcess.startDetached(command[0], command[1:])[0]:
            self._window.notices.tell(
                _("The demo opens in a window of its own."),
                _("Its organizations are invented, and nothing of it stays on this computer."),
            )
        else:
            self._window.notices.warn(
                _("The demo could not be started."),
                _("Try it in a terminal: {command}").format(command=" ".join(command)),
            )

    def _bring(self, act: Act, make: Callable[[], QDialog]) -> None:
        if act not in self._open or not isValid(self._open[act]):  # gone with its dialog
            self._open[act] = make()
            self._open[act].finished.connect(lambda _result: self._open.pop(act))
        self._open[act].show()
        self._open[act].raise_()
        self._open[act].activateWindow()

    def _show_sheet(self) -> None:
        """In front of the dialog that stands in the way of all other windows, if there is one."""
        home = self._application.activeModalWidget() or self._window
        sheet = self._open.get(Act.SHORTCUTS)
        if sheet is not None and isValid(sheet) and sheet.parent() is not home:
            sheet.reject()
        self._bring(Act.SHORTCUTS, lambda: self._make_sheet(home))

    def _make_sheet(self, home: QWidget) -> QDialog:
        from partner_tokens.ui.shortcut_sheet import ShortcutSheet
        from partner_tokens.ui.shortcuts import groups

        return ShortcutSheet(groups(self._window.acts), self._look, home)

    def _make_about(self) -> QDialog:
        from partner_tokens.ui.about_dialog import AboutDialog

        dialog = AboutDialog(self._look, self._window)
        dialog.copy_wanted.connect(self._copy)
        dialog.copy_wanted.connect(dialog.show_copied)
        self._gather(dialog, dialog.show_diagnostics)
        self._background.run(
            dialog,
            _licences,
            done=dialog.show_licences,
            lane=Lane.STORE,
        )
        return dialog

    # ---- diagnostics ----

    def _gather(self, owner: QObject, done: Callable[[str], None]) -> None:
        """Puts together what is known here and what must be looked up, if `owner` lives then."""
        here = self._facts()
        preferences = self._parts.preferences

        def gather() -> str:
            from partner_tokens.core import diagnostics

            system, libraries = diagnostics.system_facts(), diagnostics.library_facts()
            choices = diagnostics.preference_facts(preferences)
            return diagnostics.report([*system, *here, *choices, *libraries])

        self._background.run(
            owner,
            gather,
            done=done,
            failed=lambda error: self._window.notices.warn(error.title, error.hint, names=False),
            lane=Lane.STORE,
        )

    def _copy(self, report: str) -> None:
        self._clipboard.setText(report)
        self._window.notices.tell(
            _("The diagnostics are copied."),
            _("Versions, settings and counts: no token, no name, no address."),
            names=False,
        )

    def _facts(self) -> "Facts":
        shades, session = self._look.shades, self._session
        look = "light" if shades == LIGHT else "dark" if shades == DARK else "contrast"
        healths = self._watch.healths()
        stages = [h.failure.stage.name for h in healths if h.failure and h.failure.stage]
        chips = {chip.value: count for chip, count in self._model.counts().items() if count}
        organizations = {token.organization.key for token in self._model.tokens()}
        screens = QGuiApplication.screens()
        sizes = (
            f"{s.size().width()}x{s.size().height()}@{s.devicePixelRatio():g}" for s in screens
        )
        return [
            ("Windowing", QGuiApplication.platformName()),
            ("Screens", ", ".join(sizes)),
            ("Look", look),
            ("Access", session.access.value),
            ("Keyring", session.keyring),
            ("Opened by", ", ".join(sorted(kind.value for kind in session.slot_kinds))),
            ("Organizations", str(len(organizations))),
            ("Tokens", ", ".join(f"{name} {count}" for name, count in chips.items())),
            ("Endpoints", f"{len(healths)}, failing at: {', '.join(stages) or 'none'}"),
        ]


def _demo() -> list[str]:
    from partner_tokens.core.autostart import own_command

    return own_command(["--demo"])


def _licences() -> list[tuple["Part", str]]:
    from partner_tokens.core.licences import shipped_parts

    return [(part, part.text()) for part in shipped_parts()]
