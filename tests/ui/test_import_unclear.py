"""Rows of an import whose source does not clearly say what is theirs, or holds more than them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.columns import Meaning
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.import_steps import (
    choose,
    drop,
    edit,
    importing_world,
    know,
    marks,
    opened,
    pasted,
    token,
)
from ui.world import World


@pytest.fixture
def world(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[World]:
    with importing_world(qtbot, qapp, tmp_path) as built:
        yield built


def test_a_token_of_a_block_without_endpoint_waits_until_one_is_typed(world: World) -> None:
    know(world, 1, 2)
    world.start(page=Page.EMPTY)
    blocks = (
        f"CSP_URL={world.sandbox.url}\nCSP_ORG_ID=org-1\nCSP_API_TOKEN={token(1)}\n",
        f"CSP_ORG_ID=org-2\nCSP_API_TOKEN={token(2)}\n",
    )
    dialog = pasted(world, "\n".join(blocks))
    assert marks(dialog) == ["malformed", "new"]
    assert dialog.preview.model.index(0, Column.MARK).data() == "The endpoint is missing."
    assert dialog.preview.model.index(0, Column.ENDPOINT).data() == ""
    dialog.preview.table.setCurrentIndex(dialog.preview.model.index(0, Column.MARK))
    edit(dialog, 0, Column.ENDPOINT, world.sandbox.url)
    world.until(lambda: marks(dialog) == ["new", "new"])
    dialog.take.click()
    world.until(lambda: "2 of 2 tokens work." in world.window.proving.words())


def test_a_column_of_tokens_that_is_not_read_is_named_before_and_after_the_import(
    world: World, tmp_path: Path
) -> None:
    know(world, 1)
    path = tmp_path / "customers.csv"
    row = f"Contoso;{world.sandbox.url};{token(1)};{'Q7x' + 'aB3dE5fG' * 7}"
    path.write_text(f"customer;endpoint;production;staging\n{row}\n")
    world.start(page=Page.EMPTY)
    drop(world.window, path)
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: marks(dialog) == ["new"])
    named = "The column “staging” of customers.csv"
    assert named in spoken_about(dialog.panel)
    choose(dialog, 0, Meaning.NAME)
    world.until(lambda: marks(dialog) == ["malformed"])
    assert named in spoken_about(dialog.panel)
    choose(dialog, 0, Meaning.ORGANIZATION)
    world.until(lambda: marks(dialog) == ["new"])
    dialog.take.click()
    world.until(lambda: "1 token imported." in world.notice())
    assert "delete it once nothing more of it is needed" in world.notice()
    world.until(lambda: not world.deeds.proving.is_running)


def test_a_column_that_is_not_read_is_named_beside_a_file_that_was_left_out(
    world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    row = f"Contoso;{token(1)};{'Q7x' + 'aB3dE5fG' * 7}"
    (folder / "customers.csv").write_text(f"customer;production;staging\n{row}\n")
    (folder / "photo.png").write_bytes(b"\x89PNG\0")
    world.start(page=Page.EMPTY)
    dialog = opened(world)
    drop(dialog, folder)
    world.until(lambda: "1 file was left out." in spoken_about(dialog.panel))
    assert "photo.png is not a text file." in spoken_about(dialog.panel)
    assert "The column “staging” of customers.csv" in spoken_about(dialog.panel)
    world.until(lambda: marks(dialog) == ["new"])


def test_two_tokens_in_one_row_of_a_table_are_corrected_each_for_itself(world: World) -> None:
    know(world, 2)
    world.start(page=Page.EMPTY)
    row = f"Contoso;{world.sandbox.url};{token(1)};{token(2)}"
    dialog = pasted(world, f"customer;endpoint;token;token\n{row}\n")
    assert marks(dialog) == ["new", "new"]
    edit(dialog, 1, Column.NAME, "second")
    world.until(lambda: dialog.preview.model.index(1, Column.NAME).data() == "second")
    dialog.preview.model.toggle(0)
    dialog.take.click()
    world.until(lambda: len(world.parts.store.tokens()) == 1)
    world.until(lambda: len(world.sandbox.exchanges) == 1)
    assert world.parts.store.tokens()[0].name == "second"
