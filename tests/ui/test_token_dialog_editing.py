"""Editing a stored token."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from ui.building import NOBODY, Building, building
from ui.token_dialog_steps import (
    MARKER,
    OTHER,
    Opener,
    dialogs,
    save,
)


@pytest.fixture
def house(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Building]:
    with building(tmp_path, qtbot, qapp) as made:
        yield made


@pytest.fixture
def opened(house: Building, qtbot: QtBot) -> Iterator[Opener]:
    with dialogs(house, qtbot) as opener:
        yield opener


def test_a_new_note_is_stored_without_asking_the_service(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    before = len(house.sandbox.requests)
    dialog = opened(token)
    assert dialog.form.secret.line.placeholderText() == "unchanged"
    dialog.form.note.setPlainText("new")
    dialog.form.expiry.set_expiry(Expiry.endless())
    save(qtbot, dialog)
    [changed] = house.stored()
    assert (changed.note, changed.expiry) == ("new", Expiry.endless())
    assert changed.result.state is State.READY
    assert len(house.sandbox.requests) == before


def test_nothing_touched_changes_nothing(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    dialog = opened(token)
    save(qtbot, dialog)
    assert house.stored() == (token,)


def test_a_new_secret_is_proven_and_replaces_the_old_one(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    house.know(OTHER)
    token = house.store(MARKER, "Contoso")
    dialog = opened(token)
    dialog.form.secret.line.setText(OTHER)
    save(qtbot, dialog)
    [changed] = house.stored()
    assert changed.id == token.id
    sealed = house.parts.store.sealed(token.id)
    opened_secret = house.parts.vault.open(sealed, token_id=token.id, endpoint=changed.endpoint)
    assert opened_secret == Secret(OTHER)


def test_a_refused_new_secret_leaves_the_row_as_it_was(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    dialog = opened(token)
    dialog.form.secret.line.setText(OTHER)
    save(qtbot, dialog)
    assert dialog.form.fields["secret"].problem
    assert house.stored() == (token,)


def test_another_endpoint_is_proven_with_the_stored_secret(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    dialog = opened(token)
    dialog.form.endpoint.setEditText(NOBODY)
    save(qtbot, dialog)
    assert dialog.panel.words()
    dialog.form.endpoint.setEditText(house.sandbox.url.replace("127.0.0.1", "localhost"))
    save(qtbot, dialog)
    assert "localhost" in house.stored()[0].endpoint
