"""What the window writes stands in the one file soon after, for whoever copies that file alone."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from partner_tokens.parts import Parts
from ui.renewal_keys import (  # noqa: F401  # the fixture is used by being here
    FRESH,
    closes_its_windows,
    paste,
    regenerate,
)
from ui.waking import settled
from ui.world import Key, World


@pytest.fixture
def rows(world: World, tmp_path: Path) -> Callable[[str], int]:
    """What the file alone counts, as a backup program takes it."""
    copy = tmp_path / "copied"

    def count(query: str) -> int:
        shutil.copy(world.parts.profile.store_path, copy)
        with closing(sqlite3.connect(copy)) as connection:
            (found,) = connection.execute(query).fetchone()
        return int(found)

    return count


def at_rest(world: World) -> World:
    """A program in which nothing is left to be moved."""
    world.store("c", "Contoso")
    world.start()
    settled(world)
    world.until(lambda: not world.application.shelf._settling.isActive())
    world.until(lambda: world.parts.database.is_settled)
    return world


Rows = Callable[[str], int]
USED = "SELECT count(*) FROM tokens WHERE last_used_at IS NOT NULL"
PINNED = "SELECT count(*) FROM tokens WHERE pinned"


@pytest.mark.parametrize("hides", [False, True], ids=["shown", "hidden"])
def test_what_a_copy_notes_is_soon_in_the_file(world: World, rows: Rows, hides: bool) -> None:
    at_rest(world).press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    if hides:
        world.window.hide()
    world.until(lambda: rows(USED) == 1)


def test_so_is_a_pasted_token_that_waits_to_be_put_in_place(world: World, rows: Rows) -> None:
    dialog = regenerate(at_rest(world), "c")
    paste(world, dialog, FRESH)
    world.until(lambda: rows("SELECT count(*) FROM pending") == 1)


def test_so_is_what_another_program_has_left_in_the_journal(world: World, rows: Rows) -> None:
    at_rest(world)
    with (
        closing(Parts(world.parts.profile, clock=world.clock)) as other,
        world.parts.database.reading() as connection,
    ):
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM tokens").fetchall()
        other.store.pin("c", True)
        other.close()  # what it has written cannot be moved while this is read
        connection.execute("ROLLBACK")
    assert rows(PINNED) == 0
    world.until(lambda: rows(PINNED) == 1)
