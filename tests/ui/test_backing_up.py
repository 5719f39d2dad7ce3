"""Backup and hand-over in the window: which tokens, under what, where to, and what is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu

from age_held import age_held
from partner_tokens.core.age_file import sealed_file
from partner_tokens.core.sealing import Sealed
from partner_tokens.core.secret import Secret
from partner_tokens.ui.actions import Act
from partner_tokens.ui.backup_dialog import BackupDialog
from partner_tokens.ui.main_window import Page
from ui.world import Key, World

PASSPHRASE = "correct horse marker-7c1e"
LONG = 40_000
"""Milliseconds: to seal takes a second on purpose, and more on a machine at work."""


def opened(world: World) -> BackupDialog:
    world.window.acts[Act.BACKUP].trigger()
    dialog = world.dialog()
    assert isinstance(dialog, BackupDialog)
    return dialog


def type_passphrase(world: World, dialog: BackupDialog, again: str = PASSPHRASE) -> None:
    """By the keyboard alone: the caret is in the first field."""
    world.type(PASSPHRASE)
    world.press(Key.Key_Tab)
    world.type(again)
    world.press(Key.Key_Return)


def choose_file(dialog: BackupDialog, file: Path) -> None:
    asked = dialog.findChild(QFileDialog)
    assert asked is not None
    name = asked.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    assert name.text() == "partner-tokens-2026-06-01.age"
    name.setText(str(file))
    QTest.keyClick(name, Key.Key_Return)


def until_told(world: World, condition: Callable[[], bool]) -> None:
    world.qtbot.waitUntil(condition, timeout=LONG)


def back_up(world: World, file: Path, choice: str = "") -> BackupDialog:
    dialog = opened(world)
    if choice:
        dialog.what.setCurrentText(choice)
        assert dialog.what.currentText() == choice
    type_passphrase(world, dialog)
    choose_file(dialog, file)
    return dialog


def choices(dialog: BackupDialog) -> list[str]:
    return [dialog.what.itemText(place) for place in range(dialog.what.count())]


def secrets_in(file: Path) -> list[str]:
    content = sealed_file(file.read_bytes(), file.name).opened(Secret(PASSPHRASE))
    return [token["secret"] for token in json.loads(content)["tokens"]]


def test_all_tokens_are_written_and_the_notice_says_what_they_are(
    world: World, tmp_path: Path
) -> None:
    secrets = [world.store("contoso", "Contoso"), world.store("coho", "Coho")]
    world.start()
    file = tmp_path / "backup.age"
    back_up(world, file)
    until_told(world, lambda: "2 tokens written to backup.age." in world.notice())
    assert "whoever has it and knows its passphrase can use them" in world.notice()
    assert secrets_in(file) == secrets
    world.until(lambda: not world.window.findChildren(BackupDialog))


def test_a_backup_whose_dialog_was_closed_early_leaves_the_next_one_open(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    back_up(world, tmp_path / "backup.age").cancel.click()
    world.until(lambda: not world.window.findChildren(BackupDialog))
    dialog = opened(world)
    world.type("half of a passphr")
    until_told(world, lambda: "1 token written to backup.age." in world.notice())
    assert dialog.isVisible()
    assert dialog.first.text() == "half of a passphr"
    dialog.reject()


def test_what_the_list_shows_or_the_selected_token_alone_can_be_chosen(
    world: World, tmp_path: Path
) -> None:
    shown = [world.store("one", "Contoso", name="a"), world.store("two", "Contoso", name="b")]
    world.store("coho", "Coho")
    world.start()
    world.type("contoso")
    world.select("two")
    dialog = opened(world)
    assert choices(dialog) == [
        "The 2 tokens in the list as it is filtered now",
        "All 3 tokens",
        "Only Contoso, b",
    ]
    dialog.reject()
    world.until(lambda: not world.window.findChildren(BackupDialog))
    back_up(world, tmp_path / "shown.age")
    until_told(world, lambda: "2 tokens written to shown.age." in world.notice())
    assert secrets_in(tmp_path / "shown.age") == shown
    world.until(lambda: not world.window.findChildren(BackupDialog))
    back_up(world, tmp_path / "one.age", "Only Contoso, b")
    until_told(world, lambda: "1 token written to one.age." in world.notice())
    assert secrets_in(tmp_path / "one.age") == shown[1:]


def test_several_selected_tokens_are_one_choice(world: World, tmp_path: Path) -> None:
    for id in ("a", "b", "c"):
        world.store(id, "Contoso", name=id)
    world.start()
    world.window.table.setFocus()
    world.select("a")
    world.press(Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    back_up(world, tmp_path / "two.age", "The 2 selected tokens")
    until_told(world, lambda: "2 tokens written to two.age." in world.notice())
    assert len(secrets_in(tmp_path / "two.age")) == 2


def test_a_short_passphrase_and_two_different_ones_are_said_under_their_fields(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    world.type("1234567")
    world.press(Key.Key_Return)
    assert "too short" in dialog.first_field.problem
    dialog.first.clear()
    type_passphrase(world, dialog, again="correct horse marker-7c1f")
    assert "differ" in dialog.second_field.problem
    assert world.qt.focusWidget() is dialog.second
    assert dialog.findChild(QFileDialog) is None
    dialog.reject()


def test_a_file_that_cannot_be_written_is_said_and_what_was_typed_stays(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    type_passphrase(world, dialog)
    asked = dialog.findChild(QFileDialog)
    assert asked is not None
    asked.fileSelected.emit(str(tmp_path / "no folder" / "backup.age"))
    asked.reject()
    world.until(lambda: "could not be written" in dialog.panel.words())
    world.press(Key.Key_Return)  # the button that tries again has the keyboard
    choose_file(dialog, tmp_path / "backup.age")
    until_told(world, lambda: "1 token written" in world.notice())


def test_a_token_that_does_not_open_is_named(world: World, tmp_path: Path) -> None:
    world.store("contoso", "Contoso")
    world.store("broken", "Broken & Sons", name="lost")
    token = world.parts.store.token("broken")
    world.parts.store.edit(token, Sealed(token.key_id, token.nonce, b"spoilt"), b"f" * 32)
    world.start()
    back_up(world, tmp_path / "backup.age")
    until_told(world, lambda: "1 token written to backup.age." in world.notice())
    assert "cannot be opened: Broken & Sons, lost." in world.notice()


def test_where_nothing_opens_the_dialog_says_so(world: World, tmp_path: Path) -> None:
    world.store("broken", "Contoso")
    token = world.parts.store.token("broken")
    world.parts.store.edit(token, Sealed(token.key_id, token.nonce, b"spoilt"), b"f" * 32)
    world.start()
    dialog = back_up(world, tmp_path / "backup.age")
    until_told(world, lambda: "None of these tokens can be opened" in dialog.panel.words())
    assert not (tmp_path / "backup.age").exists()
    dialog.reject()


def test_an_earlier_file_that_may_have_what_opens_no_more_is_kept(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.store("broken", "Broken & Sons", name="lost")
    token = world.parts.store.token("broken")
    world.parts.store.edit(token, Sealed(token.key_id, token.nonce, b"spoilt"), b"f" * 32)
    world.start()
    file = tmp_path / "backup.age"
    file.write_bytes(b"an earlier one")
    dialog = opened(world)
    type_passphrase(world, dialog)
    asked = dialog.findChild(QFileDialog)
    assert asked is not None
    asked.setOption(QFileDialog.Option.DontConfirmOverwrite)  # the user has said yes
    choose_file(dialog, file)
    until_told(world, lambda: "was left as it is" in dialog.panel.words())
    assert "Broken & Sons, lost" in dialog.panel.words()
    assert file.read_bytes() == b"an earlier one"
    dialog.reject()


def test_a_dialog_closed_early_forgets_the_passphrase_and_the_outcome_is_still_told(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = back_up(world, tmp_path / "backup.age")
    assert not dialog.submit.isEnabled()
    dialog.reject()
    assert dialog.first.text() == dialog.second.text() == ""
    until_told(world, lambda: "1 token written to backup.age." in world.notice())


def test_the_window_answers_while_the_file_is_made(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyrage alone would hold every thread for a second."""
    world.store("contoso", "Contoso")
    world.start()
    with age_held(monkeypatch) as wait_until_it_is_there:
        dialog = back_up(world, tmp_path / "backup.age")
        wait_until_it_is_there()
        dialog.reject()
        world.type("conto")
        assert world.window.search.text() == "conto"
        assert "written" not in world.notice()
    until_told(world, lambda: "1 token written to backup.age." in world.notice())


def test_while_the_window_is_locked_nothing_can_be_chosen(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.window.acts[Act.LOCK].trigger()
    world.until(lambda: world.window.page is Page.SHUT)
    world.window.acts[Act.BACKUP].trigger()
    assert not world.window.findChildren(BackupDialog)


def test_locking_hides_the_dialog_and_unlocking_shows_it_again(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    world.deeds.locking.lock()
    assert not dialog.isVisible()
    world.application.session.open()
    until_told(world, dialog.isVisible)
    dialog.first.setFocus()
    type_passphrase(world, dialog)
    choose_file(dialog, tmp_path / "backup.age")
    until_told(world, lambda: "1 token written to backup.age." in world.notice())


def test_an_empty_list_has_nothing_to_back_up(world: World) -> None:
    world.start(page=Page.EMPTY)
    world.window.acts[Act.BACKUP].trigger()
    assert "no tokens to back up" in world.notice()
    assert not world.window.findChildren(BackupDialog)


def test_it_stands_in_the_menu_below_the_exports_without_secrets(world: World) -> None:
    world.start(page=Page.EMPTY)
    menus = [menu for menu in world.window.findChildren(QMenu) if "xport" in menu.title()]
    assert [menu.actions()[-1] for menu in menus] == [world.window.acts[Act.BACKUP]]
