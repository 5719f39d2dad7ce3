"""A pasted token that is known already is told before anything is sent, and offers the way on."""

import threading
from functools import partial

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from partner_tokens.ui.background import Lane
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import Building, hit, press, spoken_about
from ui.token_dialog_steps import MARKER, OTHER, Opener, fill, save


def problem(dialog: TokenDialog) -> str:
    return dialog.form.fields["secret"].problem


def pasted(dialog: TokenDialog, text: str) -> None:
    dialog.form.secret.take_pasted(f" {text}\n")


def test_a_token_that_is_stored_is_named_before_any_exchange(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    stored = house.store(MARKER, "Fabrikam")
    asked = len(house.sandbox.requests)
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "This token is stored already: Fabrikam, build." in problem(dialog))
    assert len(house.sandbox.requests) == asked
    assert MARKER not in spoken_about(dialog)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        press(dialog.form.fields["secret"].button)
    assert chosen.args == [stored.id]
    assert not dialog.isVisible()


def test_another_token_takes_the_words_away(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER, "Fabrikam")
    house.store(MARKER, "Fabrikam")
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "Fabrikam" in problem(dialog))
    pasted(dialog, OTHER)
    assert problem(dialog) == ""
    dialog.reject()
    assert "Discard the pasted token?" in dialog.panel.words()  # this one is stored nowhere


def test_a_known_token_is_given_up_without_a_question(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    house.store(MARKER, "Fabrikam")
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "Fabrikam" in problem(dialog))
    dialog.reject()
    assert not dialog.isVisible()


def test_a_token_in_the_trash_can_be_restored_from_here(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    stored = house.store(MARKER, "Fabrikam")
    house.parts.trash.put([stored.id])
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "This token is in the trash: Fabrikam, build." in problem(dialog))
    with qtbot.waitSignal(dialog.saved) as saved:
        press(dialog.form.fields["secret"].button)
    assert saved.args is not None
    assert saved.args[0] == stored
    assert "back from the trash" in saved.args[1]
    assert house.stored() == (stored,)


def test_a_token_that_is_being_restored_is_waited_for_also_after_escape(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    stored = house.store(MARKER, "Fabrikam")
    house.parts.trash.put([stored.id])
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "in the trash" in problem(dialog))
    gate = threading.Event()
    house.background.run(
        dialog, partial(gate.wait, 20), done=lambda _through: None, lane=Lane.STORE
    )
    try:
        press(dialog.form.fields["secret"].button)
        hit(dialog, Qt.Key.Key_Escape)
        press(dialog.cancel)
        assert dialog.isVisible()
        assert not dialog.form.isEnabled()
    finally:
        with qtbot.waitSignal(dialog.saved) as saved:
            gate.set()
    assert saved.args is not None
    assert saved.args[0] == stored
    assert not dialog.isVisible()


def test_a_token_that_cannot_be_restored_says_why_and_leaves_the_dialog_open(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    house.parts.trash.put([house.store(MARKER, "Fabrikam").id])
    dialog = opened()
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "in the trash" in problem(dialog))
    house.parts.trash.empty()  # by another program
    press(dialog.form.fields["secret"].button)
    qtbot.waitUntil(lambda: "no longer stored" in dialog.panel.words())
    assert dialog.form.isEnabled()
    assert dialog.isVisible()


def test_a_token_in_the_trash_may_be_stored_anew_too(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    house.parts.trash.put([house.store(MARKER, "Fabrikam").id])
    dialog = opened()
    fill(dialog, house, name="anew")
    qtbot.waitUntil(lambda: "in the trash" in problem(dialog))
    save(qtbot, dialog)
    assert [token.name for token in house.stored()] == ["anew"]
    assert house.parts.trash.tokens() == ()


def test_the_rows_own_token_is_no_mistake_and_another_rows_is(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Fabrikam")
    house.know(OTHER, "Contoso")
    mine = house.store(MARKER, "Fabrikam")
    house.store(OTHER, "Contoso")
    dialog = opened(mine)
    pasted(dialog, MARKER)
    qtbot.waitUntil(lambda: "stored in this row already" in spoken_about(dialog))
    assert problem(dialog) == ""
    pasted(dialog, OTHER)
    qtbot.waitUntil(lambda: "stored already: Contoso, build." in problem(dialog))
    assert not dialog.form.fields["secret"].button.isVisible()
