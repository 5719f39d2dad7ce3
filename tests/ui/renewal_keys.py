"""The renewal window as it is used by keys and buttons, and what came of it on disk."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from partner_tokens.core.tokens import ApiToken
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.ui.renewal_window import RenewalWindow
from ui.building import hit, press
from ui.world import CONTROL, Key, World

FRESH = "Fresh" + "Zq7xK9" * 10
OTHER = "Other" + "Zq7xK9" * 10


def known(world: World, secret: str = FRESH, organization: str = "Contoso", **more: object) -> str:
    """Lets the service know a token, as if it was made in the portal."""
    token = KnownToken(secret, f"org-{organization}", organization, **more)  # type: ignore[arg-type]
    world.sandbox.register(token)
    return secret


def window(world: World) -> RenewalWindow:
    """The renewal window, once it is there and nothing runs in it."""

    def is_ready() -> bool:
        dialog = world.deeds.renewing.dialog
        return dialog is not None and dialog.isVisible() and dialog.close_button.isEnabled()

    world.until(is_ready)
    dialog = world.deeds.renewing.dialog
    assert dialog is not None
    dialog.activateWindow()
    world.until(dialog.isActiveWindow)
    return dialog


def regenerate(world: World, id: str = "contoso") -> RenewalWindow:
    world.select(id)
    world.press(Key.Key_R, CONTROL)
    return window(world)


def focus(dialog: RenewalWindow) -> QWidget:
    found = dialog.focusWidget()
    assert found is not None
    return found


def paste(world: World, dialog: RenewalWindow, text: str) -> None:
    """With Ctrl+V, into the field."""
    assert dialog.form is not None
    world.qt.clipboard().setText(text)
    dialog.form.secret.line.setFocus()
    hit(dialog.form.secret.line, Key.Key_V, CONTROL)


def says(world: World, dialog: RenewalWindow, words: str) -> None:
    world.until(lambda: words in dialog.panel.words())


def choose(dialog: RenewalWindow, words: str) -> None:
    """Presses a button of the message by its words."""
    found = {b.text().replace("&", ""): b for b in dialog.panel.buttons if not b.isHidden()}
    press(found[words])


def go_words(dialog: RenewalWindow) -> str:
    return dialog.go.text().replace("&", "")


def waiting(world: World) -> list[tuple[str, str]]:
    """The pending tokens on disk: the row's id, and the secret."""
    vault = world.parts.vault
    return [
        (
            one.token.id,
            vault.open(one.sealed, token_id=one.id, endpoint=one.endpoint).reveal(),
        )
        for one in world.parts.pending.all()
    ]


def stored(world: World) -> list[ApiToken]:
    return list(world.parts.store.tokens())


def secret_of(world: World, token: ApiToken) -> str:
    sealed = world.parts.store.sealed(token.id)
    return world.parts.vault.open(sealed, token_id=token.id, endpoint=token.endpoint).reveal()


@pytest.fixture(autouse=True)
def closes_its_windows(qapp: QApplication) -> Iterator[None]:
    """A renewal window stays open beside the list; what is typed in it is given up here."""
    yield
    for left in qapp.topLevelWidgets():
        if isinstance(left, RenewalWindow):
            left.done(0)
