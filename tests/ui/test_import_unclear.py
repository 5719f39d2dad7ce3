"""Rows of an import whose source does not clearly say what is theirs, and two tokens in a row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.ui.import_model import Column
from partner_tokens.ui.main_window import Page
from ui.import_steps import edit, importing_world, know, marks, pasted, token
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
