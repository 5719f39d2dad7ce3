"""About and diagnostics: what the program is made of, and what can be told without a secret."""

from collections.abc import Iterator

import pytest

from partner_tokens import __version__
from partner_tokens.core.redaction import gives_away
from partner_tokens.core.secret import Secret
from partner_tokens.ui.about_dialog import AboutDialog
from partner_tokens.ui.actions import Act
from partner_tokens.ui.fact_list import FactText
from partner_tokens.ui.main_window import Page
from ui.world import CONTROL, Key, World


@pytest.fixture(autouse=True)
def closes_the_window(world: World) -> Iterator[None]:
    """It stays open until it is closed; so the test does."""
    yield
    for dialog in world.window.findChildren(AboutDialog):
        dialog.reject()


def about(world: World) -> AboutDialog:
    """The window, with all that had to be looked up."""
    world.window.acts[Act.ABOUT].trigger()
    dialog = world.dialog()
    assert isinstance(dialog, AboutDialog)
    world.until(lambda: dialog.parts.count() > 0 and dialog.copy.isEnabled())
    return dialog


def test_it_says_what_it_does_not_do_and_how_qt_is_used(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = about(world)
    said = " ".join(text.toPlainText() for text in dialog.findChildren(FactText))
    assert "looks for no updates" in said
    assert "GNU Lesser General Public License, version 3" in said
    assert f"Partner Tokens: {__version__}" in dialog.diagnostics.toPlainText()


def test_every_part_is_named_with_version_licence_and_the_text_of_it(world: World) -> None:
    world.start(page=Page.EMPTY)
    dialog = about(world)
    parts = [dialog.parts.item(row).text() for row in range(dialog.parts.count())]
    assert parts[0] == f"Partner Tokens, {__version__}, MIT"
    assert any(part.startswith("requests, ") and part.endswith(", Apache-2.0") for part in parts)
    for row in range(len(parts)):
        dialog.parts.setCurrentRow(row)
        assert len(dialog.licence.toPlainText()) > 500, parts[row]
    qt = next(row for row, part in enumerate(parts) if part.startswith("Qt, "))
    dialog.parts.setCurrentRow(qt)
    text = dialog.licence.toPlainText()
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "TERMS AND CONDITIONS" in text  # of the GPL, on which the LGPL is built


def test_diagnostics_name_versions_and_counts_but_nobody_and_no_secret(world: World) -> None:
    secret = world.store("a", "Contoso", days=3)
    world.store("b", "Fabrikam")
    world.parts.change_preferences(reminders=False)  # they are counted, too, once they are made
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    header = Secret(world.clipboard().removeprefix("csp-auth-token: "))
    world.parts.change_preferences(
        min_life=20,
        ca_file="/home/ana/contoso.pem",
        proxy="manual",
        proxy_address="http://proxy.contoso.example:3128",
        templates={"For Contoso": "{token}"},
        format="For Contoso",
    )
    world.window.acts[Act.DIAGNOSTICS].trigger()
    world.until(lambda: "diagnostics" in world.notice())
    told = world.clipboard()
    for words in (
        f"Partner Tokens: {__version__}",
        "Python: 3",
        "requests: 2",
        "Access: open",
        "Keyring: Test keyring",
        "Organizations: 2",
        "all 2, week 1",
        "preference min_life: 20",
        "preference ca_file: set",
        "preference proxy: manual",
        "preference format: set",
        "preference templates: set",
    ):
        assert words in told
    for name in ("Contoso", "Fabrikam", "ana", "127.0.0.1", "build", "example", ".pem"):
        assert name.casefold() not in told.casefold()
    assert not gives_away(told, Secret(secret), header)


def test_what_is_shown_is_what_is_copied_also_while_it_is_locked(world: World) -> None:
    world.store("a", "Contoso")
    world.start()
    world.press(Key.Key_L, CONTROL)
    world.until(lambda: world.window.page is Page.SHUT)
    dialog = about(world)
    assert "Access: locked" in dialog.diagnostics.toPlainText()
    dialog.copy.click()
    assert world.clipboard() == dialog.diagnostics.toPlainText()
    assert dialog.copy.text() == "Copied"
