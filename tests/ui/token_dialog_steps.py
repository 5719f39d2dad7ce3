"""What a user does in the dialog that adds and edits tokens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import Building, hit, press, type_text

MARKER = "MarkerTokenThatMustNotShow0123456789abcdefghijklmnopqrstuvwxyzABC"
OTHER = "OtherTokenOfAnotherOrganization0123456789abcdefghijklmnopqrstuvw"

Opener = Callable[..., TokenDialog]
"""Opens the dialog; takes the token to edit, if any."""


@contextmanager
def dialogs(house: Building, qtbot: QtBot) -> Iterator[Opener]:
    """A way to open dialogs, which are closed and deleted at the end."""
    opened: list[TokenDialog] = []

    def open_dialog(token: ApiToken | None = None) -> TokenDialog:
        dialog = TokenDialog(
            house.session,
            house.background,
            house.look,
            house.clock,
            tokens=house.stored(),
            token=token,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        with qtbot.waitActive(dialog):
            dialog.open()
            dialog.activateWindow()
        opened.append(dialog)
        return dialog

    yield open_dialog
    for dialog in opened:
        dialog.done(QDialog.DialogCode.Rejected)
        shiboken6.delete(dialog)


def fill(dialog: TokenDialog, house: Building, **parts: str) -> None:
    """Types into the fields; the endpoint is the service's unless told otherwise."""
    form = dialog.form
    form.endpoint.setEditText(parts.get("endpoint", house.sandbox.url))
    form.name.setText(parts.get("name", "build"))
    form.organization.setText(parts.get("organization", ""))
    form.secret.line.setText(parts.get("secret", MARKER))


def save(qtbot: QtBot, dialog: TokenDialog) -> None:
    """Presses Save and waits for what comes of it."""
    press(dialog.save)
    rest(qtbot, dialog)


def rest(qtbot: QtBot, dialog: TokenDialog) -> None:
    """Waits until the dialog can be used again, or is closed."""
    qtbot.waitUntil(lambda: dialog.save.isEnabled() or not dialog.isVisible())


def choose(qtbot: QtBot, dialog: TokenDialog, words: str) -> None:
    """Presses a button of the message by its words."""
    named = {b.text().replace("&&", "\0").replace("&", "").replace("\0", "&"): b
             for b in dialog.panel.buttons if not b.isHidden()}  # fmt: skip
    press(named[words])
    rest(qtbot, dialog)


def type_passcode(qtbot: QtBot, dialog: TokenDialog, digits: str) -> None:
    """Types where the caret stands, and presses Enter."""
    caret = dialog.focusWidget()
    assert dialog.panel.passcode_field.focus_widget is caret
    type_text(caret, digits)
    hit(caret, Qt.Key.Key_Return)
    rest(qtbot, dialog)
