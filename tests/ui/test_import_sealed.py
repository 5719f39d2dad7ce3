"""Encrypted files in the import: the passphrase in place, a wrong one, several, none."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from age_by_hand import quick_age_file
from age_command import sealed_by_age
from partner_tokens.core.handover import Entry, handover
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Colour, Organization
from partner_tokens.ui.background import Lane
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import drop, everything_in, importing_world, know, marks, opened, table, token
from ui.world import CONTROL, Key, World

PASSPHRASE = "correct horse marker-7c1e"
MARKED = Organization("Customer 1", "org-1", colour=Colour.GREEN, production=True, note="VIP")


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


def backup(world: World, file: Path, *numbers: int, work: int = 8) -> Path:
    """As another computer would have written it; to open it takes little `work`."""
    entries = [
        Entry(
            ApiToken("", MARKED, f"build {n}", world.sandbox.url, world.clock(), pinned=True),
            Secret(token(n)),
        )
        for n in numbers
    ]
    file.write_bytes(quick_age_file(handover(entries, world.clock()), PASSPHRASE, work))
    return file


def asked_for(world: World, *files: Path) -> ImportDialog:
    """The dialog with these files dropped on it, that asks for a passphrase."""
    dialog = opened(world)
    drop(dialog, *files)
    world.until(lambda: dialog.locked.isVisible())
    return dialog


def answer(world: World, passphrase: str = PASSPHRASE) -> None:
    """The caret is in the field already."""
    world.type(passphrase)
    world.press(Key.Key_Return)


def test_a_backup_is_opened_previewed_and_stored_with_all_that_belongs_to_it(
    world: World, tmp_path: Path
) -> None:
    know(world, 1, 2)
    world.start(page=Page.EMPTY)
    dialog = asked_for(world, backup(world, tmp_path / "backup.age", 1, 2))
    assert "backup.age is encrypted." in spoken_about(dialog.locked)
    assert not dialog.take.isEnabled()
    assert dialog.locked.line.echoMode() is QLineEdit.EchoMode.Password
    answer(world)
    world.until(lambda: marks(dialog) == ["new", "new"])
    assert world.parts.store.tokens() == ()
    assert dialog.locked.line.text() == ""
    dialog.take.click()
    world.until(lambda: "2 tokens imported." in world.notice())
    assert "They are still in the encrypted file, too." in world.notice()
    first, _second = world.parts.store.tokens()
    assert (first.name, first.pinned, first.endpoint) == ("build 1", True, world.sandbox.url)
    there = first.organization
    assert (there.colour, there.production, there.note) == (Colour.GREEN, True, "VIP")


def test_a_wrong_passphrase_is_said_under_the_field_and_can_be_typed_again(
    world: World, tmp_path: Path
) -> None:
    world.start(page=Page.EMPTY)
    dialog = asked_for(world, backup(world, tmp_path / "backup.age", 1))
    answer(world, "another one")
    world.until(lambda: "does not open backup.age" in dialog.locked.field.problem)
    assert world.qt.focusWidget() is dialog.locked.line
    world.qt.clipboard().setText(PASSPHRASE)
    world.press(Key.Key_V, CONTROL)  # what was typed is selected, and so replaced
    world.press(Key.Key_Return)
    world.until(lambda: marks(dialog) == ["new"])


@pytest.mark.skipif(sys.platform == "win32", reason="age asks on a pty")
def test_a_list_that_age_made_is_pasted_in_letters(world: World, tmp_path: Path) -> None:
    know(world, 1)
    file = sealed_by_age(table(world, 1).encode(), PASSPHRASE, tmp_path / "x", "--armor")
    world.start(page=Page.EMPTY)
    world.qt.clipboard().setText(file.read_text())
    dialog = opened(world)
    world.press(Key.Key_V, CONTROL)
    world.until(lambda: dialog.locked.isVisible())
    assert "This is encrypted." in spoken_about(dialog.locked)
    answer(world)
    world.until(lambda: marks(dialog) == ["new"])
    assert dialog.preview.sheets.isVisible()  # inside it is a table, whose columns can be corrected


def test_files_beside_an_encrypted_one_are_kept_whatever_becomes_of_it(
    world: World, tmp_path: Path
) -> None:
    world.start(page=Page.EMPTY)
    (tmp_path / "Fabrikam.txt").write_text(token(2))
    dialog = asked_for(world, backup(world, tmp_path / "backup.age", 1), tmp_path / "Fabrikam.txt")
    dialog.locked.skip.click()
    world.until(lambda: marks(dialog) == ["new"])
    assert dialog.preview.model.row_at(0).organization.name == "Fabrikam"


def test_each_encrypted_file_is_asked_for(world: World, tmp_path: Path) -> None:
    world.start(page=Page.EMPTY)
    files = [backup(world, tmp_path / f"{n}.age", n) for n in (1, 2)]
    dialog = asked_for(world, *files)
    assert "1.age is encrypted." in spoken_about(dialog.locked)
    answer(world)
    world.until(lambda: "2.age is encrypted." in spoken_about(dialog.locked))
    answer(world)
    world.until(lambda: marks(dialog) == ["new", "new"])


def test_a_file_that_is_skipped_while_it_is_opened_stays_skipped(
    world: World, tmp_path: Path
) -> None:
    world.start(page=Page.EMPTY)
    slow = backup(world, tmp_path / "1.age", 1, work=17)
    dialog = asked_for(world, slow, backup(world, tmp_path / "2.age", 2))
    answer(world)
    assert "Opening…" in spoken_about(dialog.locked)
    world.press(Key.Key_Return)  # a hasty second one does nothing
    assert "1.age is encrypted." in spoken_about(dialog.locked)
    world.press(Key.Key_Space)  # the button that skips has the keyboard
    assert "2.age is encrypted." in spoken_about(dialog.locked)
    come_home: list[None] = []
    background = world.application.background
    background.run(dialog, lambda: None, done=come_home.append, lane=Lane.FILES)
    world.until(lambda: bool(come_home))  # and so is what was opened before it
    answer(world)
    world.until(lambda: marks(dialog) == ["new"])
    assert dialog.preview.model.row_at(0).found.name == "build 2"


def test_a_damaged_file_is_said_and_the_dialog_begins_anew(world: World, tmp_path: Path) -> None:
    world.start(page=Page.EMPTY)
    file = backup(world, tmp_path / "backup.age", 1)
    file.write_bytes(file.read_bytes()[:-1])
    dialog = asked_for(world, file)
    answer(world)
    world.until(lambda: "backup.age is encrypted, but damaged" in spoken_about(dialog.panel))
    assert dialog.begin.isVisible()


def test_a_file_that_asks_for_absurd_work_is_refused_at_once(world: World, tmp_path: Path) -> None:
    world.start(page=Page.EMPTY)
    file = backup(world, tmp_path / "backup.age", 1)
    file.write_bytes(re.sub(rb"(-> scrypt \S+) \d+", rb"\1 40", file.read_bytes(), count=1))
    dialog = opened(world)
    drop(dialog, file)
    world.until(lambda: "backup.age takes more time or memory" in spoken_about(dialog.panel))
    assert dialog.begin.isVisible()


def test_a_preview_is_there_again_after_an_encrypted_file_was_skipped(
    world: World, tmp_path: Path
) -> None:
    know(world, 3)
    world.start(page=Page.EMPTY)
    (tmp_path / "Contoso.txt").write_text(token(3))
    dialog = opened(world)
    drop(dialog, tmp_path / "Contoso.txt")
    world.until(lambda: marks(dialog) == ["new"])
    drop(dialog, backup(world, tmp_path / "backup.age", 1))
    world.until(lambda: dialog.locked.isVisible())
    assert not dialog.take.isEnabled()
    dialog.locked.skip.click()
    world.until(lambda: dialog.preview.table.isVisible())
    assert dialog.take.isEnabled()


def test_nothing_secret_is_shown_spoken_or_kept(world: World, tmp_path: Path) -> None:
    world.start(page=Page.EMPTY)
    dialog = asked_for(world, backup(world, tmp_path / "backup.age", 1))
    answer(world, "marker of a wrong one")
    world.until(lambda: bool(dialog.locked.field.problem))
    assert "marker" not in spoken_about(dialog.locked)
    answer(world)
    world.until(lambda: marks(dialog) == ["new"])
    assert "marker" not in spoken_about(dialog) + everything_in(dialog.preview.model)
    dialog.reject()
    written = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    assert b"marker" not in written
