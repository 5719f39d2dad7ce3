"""What the window writes stands in the one file soon after, for whoever copies that file alone."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from ui.world import Key, World


def uses_in_a_copy(world: World, folder: Path) -> int:
    """How many headers the file alone, as a backup program takes it, says were copied."""
    copy = folder / "copied"
    shutil.copy(world.parts.profile.store_path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        (found,) = connection.execute(
            "SELECT count(*) FROM tokens WHERE last_used_at IS NOT NULL"
        ).fetchone()
    return int(found)


def test_what_a_copy_notes_is_soon_in_the_file(world: World, tmp_path: Path) -> None:
    world.store("c", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.until(lambda: uses_in_a_copy(world, tmp_path) == 1)


def test_also_in_a_window_that_was_hidden_meanwhile(world: World, tmp_path: Path) -> None:
    world.store("c", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.window.hide()
    world.until(lambda: uses_in_a_copy(world, tmp_path) == 1)
