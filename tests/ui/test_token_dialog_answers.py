"""What the service answers, and what the dialog makes of it."""

import pytest
from pytestqt.qtbot import QtBot

from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from ui.building import NOBODY, Building, press, type_text
from ui.token_dialog_steps import (
    MARKER,
    OTHER,
    Opener,
    choose,
    fill,
    save,
    type_passcode,
)

# ---- what the service answers -----------------------------------------------------------------


def test_a_refused_token_stays_in_the_dialog_and_nothing_is_stored(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    assert "refused" in dialog.form.fields["secret"].problem
    assert "edit this row" not in dialog.form.fields["secret"].problem
    assert dialog.focusWidget() is dialog.form.secret.line
    assert dialog.form.secret.line.text() == MARKER
    assert house.stored() == ()


def test_a_refused_token_can_be_tried_with_a_passcode(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.PASSCODE_UNSAID)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    press(dialog.form.fields["secret"].button)
    type_passcode(qtbot, dialog, "123456")
    [token] = house.stored()
    assert token.interactive
    assert len(house.sandbox.exchanges) == 2


def test_after_a_wrong_code_for_a_refused_token_it_is_said_that_the_token_may_be_dead(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.PASSCODE_UNSAID)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    press(dialog.form.fields["secret"].button)
    for _time in range(2):
        type_passcode(qtbot, dialog, "999999")
        assert "the token itself may be dead" in dialog.panel.words()
        assert dialog.panel.asks_passcode
    type_passcode(qtbot, dialog, "123456")
    assert len(house.stored()) == 1


def test_a_wrong_code_for_a_token_that_asked_for_one_says_nothing_against_the_token(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(OTHER, behaviour=Behaviour.PASSCODE)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)  # the service refuses this one
    dialog.form.secret.line.setText(OTHER)
    save(qtbot, dialog)
    type_passcode(qtbot, dialog, "999999")
    assert dialog.panel.asks_passcode
    assert "the token itself may be dead" not in dialog.panel.words()


def test_a_wanted_passcode_is_asked_in_place_and_one_submit_is_one_attempt(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.PASSCODE)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    type_passcode(qtbot, dialog, "12")
    assert dialog.panel.passcode_field.problem
    assert len(house.sandbox.exchanges) == 1
    dialog.focusWidget().clear()  # type: ignore[attr-defined]
    type_passcode(qtbot, dialog, "999999")
    assert dialog.panel.asks_passcode
    assert len(house.sandbox.exchanges) == 2
    type_passcode(qtbot, dialog, "123456")
    assert len(house.sandbox.exchanges) == 3
    assert [token.interactive for token in house.stored()] == [True]


def test_a_token_marked_as_interactive_is_not_tried_without_its_passcode(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, behaviour=Behaviour.PASSCODE)
    dialog = opened()
    fill(dialog, house)
    dialog.form.interactive.setChecked(True)
    save(qtbot, dialog)
    assert house.sandbox.exchanges == ()
    type_passcode(qtbot, dialog, "123456")
    assert len(house.stored()) == 1


def test_an_unreachable_endpoint_leaves_the_choice_to_store_unproven(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, organization="Contoso", endpoint=NOBODY)
    save(qtbot, dialog)
    assert "does not accept connections" in dialog.panel.words()
    assert house.stored() == ()
    choose(qtbot, dialog, "Store unproven")
    assert [token.result.state for token in house.stored()] == [State.UNPROVEN]
    assert not dialog.isVisible()


def test_unproven_needs_the_organization_to_be_named(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, endpoint=NOBODY)
    save(qtbot, dialog)
    choose(qtbot, dialog, "Store unproven")
    assert dialog.form.fields["organization"].problem
    assert dialog.focusWidget() is dialog.form.organization
    assert house.stored() == ()


@pytest.mark.parametrize(
    "behaviour", [Behaviour.THROTTLED, Behaviour.SIGN_IN_PAGE, Behaviour.BAD_GATEWAY]
)
def test_a_service_in_trouble_is_said_with_the_next_step(
    house: Building, opened: Opener, qtbot: QtBot, behaviour: Behaviour
) -> None:
    house.know(MARKER, behaviour=behaviour)
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    assert dialog.panel.words()
    assert not dialog.panel.buttons[0].isHidden()
    assert house.stored() == ()


def test_a_token_that_is_stored_already_names_its_row_and_asks_nobody(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    house.store(MARKER, "Contoso", "nightly")
    before = len(house.sandbox.requests)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    assert "Contoso, nightly" in dialog.form.fields["secret"].problem
    assert len(house.sandbox.requests) == before


# ---- another organization than named ----------------------------------------------------------


def test_another_name_can_be_corrected(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER, "Proseware")
    dialog = opened()
    fill(dialog, house, organization="Some Firm & Sons")
    save(qtbot, dialog)
    assert "Proseware" in dialog.panel.words()
    assert house.stored() == ()
    choose(qtbot, dialog, "Store it under Proseware")
    assert [token.organization.name for token in house.stored()] == ["Proseware"]
    assert len(house.sandbox.exchanges) == 1


def test_another_name_can_be_kept(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER, "Proseware")
    dialog = opened()
    fill(dialog, house, organization="Some Firm & Sons")
    save(qtbot, dialog)
    choose(qtbot, dialog, "Keep Some Firm & Sons")
    [token] = house.stored()
    assert token.organization.name == "Some Firm & Sons"
    assert token.organization.service_id == "id-of-Proseware"


def test_the_name_of_another_stored_organization_cannot_be_kept(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(OTHER, "Contoso")
    house.store(OTHER, "Contoso")
    house.know(MARKER, "Proseware")
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    offered = [b.text() for b in dialog.panel.buttons if not b.isHidden()]
    assert offered == ["Store it under Proseware"]


def test_an_organization_that_is_stored_keeps_its_name(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(OTHER, "Contoso")
    house.store(OTHER, "Contoso")
    house.know(MARKER, "Contoso")
    dialog = opened()
    fill(dialog, house, organization="Fabrikam")
    save(qtbot, dialog)
    offered = [b.text() for b in dialog.panel.buttons if not b.isHidden()]
    assert offered == ["Store it under Contoso"]


def test_a_corrected_name_is_compared_without_a_second_exchange(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Proseware")
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    dialog.form.organization.clear()
    type_text(dialog.form.organization, "proseware")
    assert dialog.panel.words() == ""
    save(qtbot, dialog)
    assert len(house.sandbox.exchanges) == 1
    assert len(house.stored()) == 1


def test_a_service_that_tells_no_name_makes_the_user_type_one(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, tells_organization=False)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    assert dialog.form.fields["organization"].problem
    type_text(dialog.form.organization, "Contoso")
    save(qtbot, dialog)
    assert [token.organization.name for token in house.stored()] == ["Contoso"]
    assert len(house.sandbox.exchanges) == 1
