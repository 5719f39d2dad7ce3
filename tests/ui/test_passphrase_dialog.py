"""Choosing a passphrase, and opening the tokens with it."""

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors.keys import WrongPassphrase
from partner_tokens.core.secret import Secret
from partner_tokens.ui.look import Look
from partner_tokens.ui.passphrase_dialog import PassphraseDialog, Purpose
from ui.building import hit, press, spoken_about, type_text

PASSPHRASE = "correct horse battery"

Opener = Callable[[Purpose], PassphraseDialog]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Iterator[Opener]:
    dialogs: list[PassphraseDialog] = []

    def open_dialog(purpose: Purpose) -> PassphraseDialog:
        dialog = PassphraseDialog(Look(qapp), purpose)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        with qtbot.waitActive(dialog):
            dialog.open()
            dialog.activateWindow()
        dialogs.append(dialog)
        return dialog

    yield open_dialog
    for dialog in dialogs:
        dialog.done(QDialog.DialogCode.Rejected)
        shiboken6.delete(dialog)


def given_by(dialog: PassphraseDialog) -> list[Secret]:
    """What the dialog hands over from now on."""
    given: list[Secret] = []
    dialog.given.connect(given.append)
    return given


def test_a_chosen_passphrase_is_typed_twice(opened: Opener) -> None:
    dialog = opened(Purpose.CHOOSE)
    given = given_by(dialog)
    type_text(dialog.first, PASSPHRASE)
    type_text(dialog.second, PASSPHRASE)
    hit(dialog.second, Qt.Key.Key_Return)
    assert given == [Secret(PASSPHRASE)]


def test_two_that_differ_are_not_taken(opened: Opener) -> None:
    dialog = opened(Purpose.CHOOSE)
    given = given_by(dialog)
    type_text(dialog.first, PASSPHRASE)
    type_text(dialog.second, PASSPHRASE.upper())
    press(dialog.submit)
    assert given == []
    assert "differ" in dialog.second_field.problem
    assert dialog.focusWidget() is dialog.second


def test_seven_characters_are_too_few(opened: Opener) -> None:
    dialog = opened(Purpose.CHOOSE)
    given = given_by(dialog)
    for line in (dialog.first, dialog.second):
        type_text(line, "seven77")
    press(dialog.submit)
    assert given == []
    assert "too short" in dialog.first_field.problem


def test_it_is_said_that_nobody_can_recover_it(opened: Opener) -> None:
    assert "cannot be recovered" in spoken_about(opened(Purpose.CHOOSE)).replace("\n", " ")


def test_opening_asks_once_and_takes_short_ones(opened: Opener) -> None:
    dialog = opened(Purpose.OPEN)
    given = given_by(dialog)
    assert not dialog.second.isVisible()
    type_text(dialog.first, "short")
    hit(dialog.first, Qt.Key.Key_Return)
    assert given == [Secret("short")]
    assert not dialog.submit.isEnabled()


def test_an_error_is_shown_in_place_and_may_be_followed_by_another_try(opened: Opener) -> None:
    dialog = opened(Purpose.OPEN)
    given = given_by(dialog)
    type_text(dialog.first, "wrong")
    press(dialog.submit)
    dialog.show_error(WrongPassphrase())
    assert WrongPassphrase().title in dialog.panel.words()
    assert dialog.focusWidget() is dialog.first
    type_text(dialog.first, "right")
    assert dialog.panel.words() == ""
    press(dialog.submit)
    assert given == [Secret("wrong"), Secret("right")]


def test_an_empty_field_is_not_handed_over(opened: Opener) -> None:
    dialog = opened(Purpose.OPEN)
    given = given_by(dialog)
    press(dialog.submit)
    assert given == []


def test_closing_forgets_what_was_typed_and_nothing_speaks_it(opened: Opener) -> None:
    dialog = opened(Purpose.CHOOSE)
    type_text(dialog.first, PASSPHRASE)
    type_text(dialog.second, PASSPHRASE)
    assert PASSPHRASE not in spoken_about(dialog)
    hit(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.first.text() + dialog.second.text() == ""
