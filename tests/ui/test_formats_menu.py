"""The menu of forms: complete, grouped, and one letter for each."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.core.formats import Form, Format
from partner_tokens.ui.formats_menu import formats_menu, with_letter


def test_every_form_is_offered_once_with_a_letter_of_its_own(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    chosen: list[Form] = []
    menu = formats_menu(parent, chosen.append)
    actions = [action for action in menu.actions() if not action.isSeparator()]
    letters = [action.text().partition("&")[2][:1].casefold() for action in actions]
    assert len(set(letters)) == len(actions) == len(Format)
    for action in actions:
        action.trigger()
    assert chosen == [action.data() for action in actions]
    assert set(chosen) == set(Format)
    assert sum(action.isSeparator() for action in menu.actions()) == 2


@pytest.mark.parametrize(
    ("label", "taken", "shown"),
    [
        ("curl for bash", set(), "&curl for bash"),
        ("curl for bash", {"c"}, "curl &for bash"),
        ("HTTPie", {"h", "t", "p"}, "HTTP&ie"),
        ("ab", {"a", "b"}, "ab"),
    ],
)
def test_a_letter_begins_a_word_where_it_can(label: str, taken: set[str], shown: str) -> None:
    assert with_letter(label, taken) == shown
