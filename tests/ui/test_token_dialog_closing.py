"""Waiting, giving up, and never losing a pasted token by a slip."""

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import Building, hit, press
from ui.token_dialog_steps import (
    MARKER,
    Opener,
    choose,
    fill,
    save,
)


def test_the_exchange_can_be_abandoned_and_what_was_typed_stays(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.HANG)
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    press(dialog.save)
    assert "Proving the token with 127.0.0.1" in dialog.panel.words()
    assert not dialog.form.isEnabled()
    qtbot.waitUntil(lambda: len(house.sandbox.exchanges) == 1)
    hit(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.form.isEnabled()
    assert dialog.panel.words() == ""
    assert dialog.form.secret.line.text() == MARKER


def test_what_an_abandoned_exchange_brings_home_is_dropped(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.HANG)
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    press(dialog.save)
    qtbot.waitUntil(lambda: len(house.sandbox.exchanges) == 1)
    dialog.reject()
    house.sandbox.stop()
    qtbot.waitUntil(lambda: not house.background._abroad)
    assert dialog.panel.words() == ""
    assert dialog.isVisible()


def test_a_pasted_token_is_given_up_only_after_a_question(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house)
    hit(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Discard the pasted token?" in dialog.panel.words()
    choose(qtbot, dialog, "Keep editing")
    assert dialog.form.secret.line.text() == MARKER
    hit(dialog, Qt.Key.Key_Escape)
    choose(qtbot, dialog, "Discard")
    assert not dialog.isVisible()


def test_a_second_escape_means_keep_editing(house: Building, opened: Opener) -> None:
    dialog = opened()
    fill(dialog, house)
    for _time in range(3):
        hit(dialog.focusWidget(), Qt.Key.Key_Escape)
        assert "Discard the pasted token?" in dialog.panel.words()
        hit(dialog.focusWidget(), Qt.Key.Key_Escape)
        assert dialog.panel.words() == ""
    assert dialog.isVisible()
    assert dialog.focusWidget() is dialog.form.secret.line
    assert dialog.form.secret.line.text() == MARKER


def test_enter_at_the_question_means_keep_editing(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house)
    hit(dialog, Qt.Key.Key_Escape)
    hit(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.panel.words() == ""
    assert house.sandbox.requests == ()


@pytest.mark.parametrize("way", ["frame", "cancel"])
def test_closing_by_frame_or_button_asks_too_however_often(
    house: Building, opened: Opener, qtbot: QtBot, way: str
) -> None:
    dialog = opened()
    fill(dialog, house)
    for _time in range(3):
        dialog.close() if way == "frame" else press(dialog.cancel)
        assert dialog.isVisible()
        assert "Discard the pasted token?" in dialog.panel.words()
        assert dialog.focusWidget() is dialog.panel.buttons[1]
    choose(qtbot, dialog, "Discard")
    assert not dialog.isVisible()


def test_a_question_that_saving_answered_is_asked_anew(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    hit(dialog, Qt.Key.Key_Escape)
    save(qtbot, dialog)
    assert dialog.form.fields["secret"].problem
    hit(dialog, Qt.Key.Key_Escape)
    assert "Discard the pasted token?" in dialog.panel.words()


def test_without_a_pasted_token_escape_just_closes(opened: Opener, qtbot: QtBot) -> None:
    dialog = opened()
    dialog.form.name.setText("typed")
    hit(dialog.form.name, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_forgets_the_token(house: Building, opened: Opener, qtbot: QtBot) -> None:
    dialog = opened()
    fill(dialog, house)
    dialog.reject()
    choose(qtbot, dialog, "Discard")
    assert not dialog.isVisible()
    assert dialog.form.secret.line.text() == ""


def test_a_closed_dialog_is_deleted(house: Building, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = TokenDialog(
        house.session, house.background, house.look, house.clock, tokens=(), parent=parent
    )
    dialog.open()
    dialog.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not shiboken6.isValid(dialog)
