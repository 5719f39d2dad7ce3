"""The window on a store that cannot be written: the list, copies, one sentence, the way back."""

import sys

import pytest

from hindered import hindered
from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.session import Access
from partner_tokens.ui.token_dialog import TokenDialog
from ui.world import CONTROL, Key, World

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes a link")

TOKEN = "Marker0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"
SAID = "Your list can only be read now."


@pytest.fixture
def filled(world: World) -> World:
    """Two tokens, and a program that is not started yet."""
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.restart_parts(lambda: world.backend)
    return world


def test_the_list_is_there_a_header_is_copied_and_the_banner_says_why(filled: World) -> None:
    with hindered(filled.parts.profile.store_path):
        filled.start()
        assert filled.shown() == ["contoso", "fabrikam"]
        assert SAID in filled.banner()
        assert f"{filled.folder} cannot be written. Copying works;" in filled.banner()
        filled.press(Key.Key_Return)
        filled.until(lambda: filled.clipboard().startswith("csp-auth-token: "))
        filled.until(lambda: "copied" in filled.notice())
        assert SAID in filled.banner()
        filled.application.stop()


def test_a_change_is_refused_in_the_same_words_and_works_once_it_can_be_written(
    filled: World,
) -> None:
    backups = filled.parts.profile.backups
    with hindered(filled.parts.profile.store_path):
        filled.start()
        filled.window.wanted.emit(Act.PIN)
        filled.until(lambda: SAID in filled.notice())
        assert not filled.token("contoso").pinned
        number = filled.window.notices.number
        filled.press(Key.Key_Delete, CONTROL)
        filled.until(lambda: filled.window.notices.number > number)
        assert SAID in filled.notice()
        assert filled.shown() == ["contoso", "fabrikam"]
        assert not any(backups.glob("*"))
    filled.until(lambda: filled.banner() == "")
    filled.window.wanted.emit(Act.PIN)
    filled.until(lambda: filled.token("contoso").pinned)
    filled.until(lambda: any(backups.glob("*daily*")))  # the house-keeping that had to wait


def test_a_token_that_cannot_be_stored_stays_in_its_dialog_until_it_can(filled: World) -> None:
    filled.sandbox.register(KnownToken(TOKEN, "litware-id", "Litware"))
    with hindered(filled.parts.profile.store_path):
        filled.start()
        filled.qt.clipboard().setText(TOKEN)
        filled.press(Key.Key_N, CONTROL)
        dialog = filled.dialog()
        assert isinstance(dialog, TokenDialog)
        filled.press(Key.Key_V, CONTROL)
        filled.press(Key.Key_Return)
        filled.until(lambda: SAID in dialog.panel.words())
        assert filled.clipboard() == TOKEN  # it is nowhere else yet
    filled.press(Key.Key_Return)
    filled.until(lambda: "saved" in filled.notice())
    filled.until(lambda: filled.banner() == "")
    assert len(filled.shown()) == 3


def test_an_error_page_heals_by_itself(filled: World) -> None:
    store = filled.parts.profile.store_path
    away = store.with_name("away")
    store.rename(away)
    with hindered(store):
        store.symlink_to(away)
        filled.application.start()
        filled.until(lambda: filled.window.page is Page.SHUT)
        filled.until(lambda: filled.application.session.access is Access.FAILED)
        store.unlink()
        away.rename(store)
        filled.until(lambda: filled.window.page is Page.LIST)
        filled.until(lambda: SAID in filled.banner())
        filled.until(lambda: filled.application.session.access is Access.OPEN)
        filled.press(Key.Key_Return)
        filled.until(lambda: filled.clipboard().startswith("csp-auth-token: "))
        filled.application.stop()


@pytest.mark.parametrize("has_copy", [True, False])
def test_a_harmed_list_is_left_as_it_is_and_mended_once_the_disk_allows_it(
    world: World, has_copy: bool
) -> None:
    world.store("contoso", "Contoso")
    if has_copy:
        world.parts.database.back_up("daily")
    world.restart_parts(lambda: world.backend)
    store, session = world.parts.profile.store_path, world.application.session
    harmed = store.read_bytes()[:8192]
    store.write_bytes(harmed)
    with hindered(store):
        world.application.start()
        world.until(lambda: world.window.page is Page.SHUT)
        world.until(lambda: session.access is Access.FAILED)
        assert store.read_bytes() == harmed
    world.window.shut.action.click()
    said = "was restored" if has_copy else "No good copy was found"
    world.until(lambda: said in world.banner())
    world.until(lambda: session.access is (Access.OPEN if has_copy else Access.NEW))
    assert world.shown() == (["contoso"] if has_copy else [])
    if not has_copy:
        world.skip_guide()
