"""Editing a stored token."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.expiry_field import Kind
from ui.building import NOBODY, Building
from ui.token_dialog_steps import (
    MARKER,
    OTHER,
    Opener,
    choose,
    save,
)


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


def test_long_texts_show_their_beginning(house: Building, opened: Opener) -> None:
    house.know(MARKER, "A very long organization " * 7)
    token = house.store(MARKER, "A very long organization " * 7, "a long name " * 12)
    form = opened(token).form
    assert form.organization.cursorPosition() == 0
    line = form.endpoint.lineEdit()
    assert line is not None
    assert line.cursorPosition() == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_all_boxes_beside_each_other_are_equally_tall(opened: Opener, kind: Kind) -> None:
    field = opened().form.expiry
    field.kind.setCurrentIndex(field.kind.findData(kind))
    QApplication.processEvents()
    boxes = (field.kind, field.amount, field.unit, field.date)
    assert len({box.height() for box in boxes if box.isVisible()}) == 1


def test_a_token_that_cannot_be_read_is_told_what_to_do_in_this_dialog(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    house.backend.entries.clear()
    house.parts.vault.close()
    house.parts.vault.begin_anew_with_keyring()
    dialog = opened(token)
    dialog.form.endpoint.setEditText(NOBODY)
    save(qtbot, dialog)
    problem = dialog.form.fields["secret"].problem
    assert "can no longer be read. Paste it here again" in problem
    assert "edit the row" not in problem


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


def test_a_secret_stored_unproven_leaves_no_header_of_the_old_one(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    house.know(OTHER, "Fabrikam", Behaviour.SIGN_IN_PAGE)
    token = house.store(MARKER, "Contoso")
    broker = house.parts.broker
    broker.fresh(token)
    dialog = opened(house.stored()[0])
    dialog.form.secret.line.setText(OTHER)
    dialog.form.organization.setText("Fabrikam")
    save(qtbot, dialog)
    choose(qtbot, dialog, "Store unproven")
    [changed] = house.stored()
    assert changed.organization.name == "Fabrikam"
    assert house.session.at_hand(changed) is None
    assert house.session.at_hand(token) is None
    house.know(OTHER, "Fabrikam")
    assert broker.fresh(changed).organization_id == "id-of-Fabrikam"


def test_a_new_note_leaves_the_header_at_hand(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    house.parts.broker.fresh(house.store(MARKER, "Contoso"))
    dialog = opened(house.stored()[0])
    dialog.form.note.setPlainText("new")
    save(qtbot, dialog)
    assert house.session.at_hand(house.stored()[0]) is not None


def test_a_dialog_older_than_another_programs_edit_stores_nothing(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    token = house.store(MARKER, "Contoso")
    dialog = opened(token)
    other = Draft("Contoso", "build", NOBODY, Secret(OTHER))
    edited = house.parts.registry.edit(token, other, None)
    dialog.form.name.setText("renamed")
    save(qtbot, dialog)
    assert "changed meanwhile by another program" in dialog.panel.words()
    assert house.stored() == (edited,)
