"""Adding a token as a user does it, and the dialog's manners."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ENDPOINT_PRESETS, State
from partner_tokens.ui.session import Access
from ui.building import Building, hit, press, spoken_about, type_text
from ui.token_dialog_steps import (
    MARKER,
    OTHER,
    Opener,
    fill,
    rest,
    save,
)

# ---- adding -----------------------------------------------------------------------------------


def test_a_token_is_proven_and_stored_under_the_organization_the_service_tells(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Proseware")
    dialog = opened()
    fill(dialog, house, name="ops")
    with qtbot.waitSignal(dialog.saved) as saved:
        save(qtbot, dialog)
    assert not dialog.isVisible()
    [token] = house.stored()
    assert saved.args == [token, ""]
    assert (token.organization.name, token.name) == ("Proseware", "ops")
    assert token.result.state is State.READY
    assert len(house.sandbox.exchanges) == 1


def test_the_header_is_at_hand_without_another_exchange(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    assert house.session.at_hand(house.stored()[0]) is not None
    assert len(house.sandbox.exchanges) == 1


def test_control_enter_saves_from_the_note(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER)
    dialog = opened()
    fill(dialog, house)
    dialog.form.note.setFocus()
    type_text(dialog.form.note, "owner")
    hit(dialog.form.note, Qt.Key.Key_Enter)
    type_text(dialog.form.note, "finance")
    hit(dialog.form.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, dialog)
    assert [token.note for token in house.stored()] == ["owner\nfinance"]


def test_six_months_and_the_first_preset_are_proposed(opened: Opener, house: Building) -> None:
    form = opened().form
    assert form.endpoint.currentText() == ENDPOINT_PRESETS[0]
    ends = form.expiry.expiry().at
    assert ends is not None
    assert 180 <= (ends - house.clock()).days <= 185


def test_the_endpoint_most_tokens_use_is_proposed(house: Building, opened: Opener) -> None:
    for secret, organization in ((OTHER, "Contoso"), (MARKER, "Fabrikam")):
        house.know(secret, organization)
        house.store(secret, organization)
    form = opened().form
    assert form.endpoint.currentText() == house.sandbox.url
    assert [form.endpoint.itemText(place) for place in range(2)] == list(ENDPOINT_PRESETS)


def test_each_bad_field_says_so_and_the_first_gets_the_caret(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, name="x" * 201, endpoint="ftp://x", secret="")
    save(qtbot, dialog)
    fields = dialog.form.fields
    wrong = [name for name, field in fields.items() if field.problem]
    assert wrong == ["secret", "name", "endpoint"]
    assert dialog.focusWidget() is dialog.form.secret.line
    assert dialog.form.name.accessibleDescription() == fields["name"].problem
    type_text(dialog.form.name, "o")
    assert not fields["name"].problem
    assert house.sandbox.requests == ()


def test_a_token_without_a_name_gets_one_of_its_own(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    for secret in (MARKER, OTHER):
        house.know(secret, "Proseware")
        dialog = opened()
        assert "API token" in dialog.form.name.placeholderText()
        fill(dialog, house, name=" ", secret=secret)
        save(qtbot, dialog)
    assert sorted(token.name for token in house.stored()) == ["API token", "API token 2"]


@pytest.mark.parametrize(
    ("pasted", "named"),
    [
        ("eyJhbGciOi.eyJzdWIiOi.c2ln", "access token"),
        ("Bearer abcdef", "whole header"),
        ("csp-auth-token: abcdef", "whole header"),
        ("two words", "no spaces"),
    ],
)
def test_a_wrong_paste_is_named_at_once(
    opened: Opener, qtbot: QtBot, pasted: str, named: str
) -> None:
    dialog = opened()
    QGuiApplication.clipboard().setText(f"  {pasted}\n")
    press(dialog.form.secret.paste)
    assert named in dialog.form.fields["secret"].problem
    QGuiApplication.clipboard().clear()


def test_quotes_and_white_space_around_a_paste_are_trimmed(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    dialog = opened()
    fill(dialog, house, secret="")
    QGuiApplication.clipboard().setText(f' "{MARKER}"\n')
    press(dialog.form.secret.paste)
    QGuiApplication.clipboard().clear()
    save(qtbot, dialog)
    assert len(house.stored()) == 1


def test_pasting_from_an_empty_clipboard_says_so(opened: Opener, qtbot: QtBot) -> None:
    dialog = opened()
    QGuiApplication.clipboard().clear()
    press(dialog.form.secret.paste)
    assert dialog.form.fields["secret"].problem


def test_known_organizations_complete_without_case_and_accents(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(OTHER, "Électricité Nord")
    house.store(OTHER, "Électricité Nord")
    dialog = opened()
    type_text(dialog.form.organization, "electr")
    completer = dialog.form.organization.completer()
    assert completer.currentCompletion() == "Électricité Nord"


def test_locked_tokens_are_said_to_be_locked(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER)
    house.parts.locksmith.set_passphrase(Secret("correct horse"))
    house.session.slot_kinds = frozenset({SlotKind.PASSPHRASE})
    house.session.access = Access.LOCKED
    dialog = opened()
    fill(dialog, house)
    save(qtbot, dialog)
    assert "locked" in dialog.panel.words()
    assert dialog.form.secret.line.text() == MARKER


# ---- secrets, keys, sizes ---------------------------------------------------------------------


def test_no_secret_is_in_anything_that_is_shown_or_spoken(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    assert "refused" in spoken_about(dialog)
    assert MARKER not in spoken_about(dialog)
    assert MARKER[-5:] not in spoken_about(dialog)


def test_every_field_has_a_name_for_screen_readers(opened: Opener) -> None:
    dialog = opened()
    for field in dialog.form.fields.values():
        assert field.focus_widget.accessibleName()


def test_tab_goes_through_the_fields_in_the_order_they_stand_in(
    opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    form = dialog.form
    order = [
        form.secret.line,
        form.secret.paste,
        form.organization,
        form.name,
        form.endpoint,
        form.expiry.kind,
        form.expiry.amount,
        form.expiry.unit,
        form.note,
        form.interactive,
        dialog.save,
        dialog.cancel,
    ]
    walked = []
    for _step in order:
        focused = dialog.focusWidget()
        walked.append(form.endpoint if focused is form.endpoint.lineEdit() else focused)
        hit(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert walked == order


def test_a_small_window_can_still_be_scrolled_to_every_field(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    dialog.setMaximumHeight(280)
    fill(dialog, house, organization="Contoso")
    save(qtbot, dialog)
    button = dialog.form.fields["secret"].button
    qtbot.waitUntil(lambda: button.visibleRegion().boundingRect() == button.rect())
    assert dialog.minimumSizeHint().width() <= 480
    dialog.form.note.setPlainText("x" * 2001)
    save(qtbot, dialog)
    note = dialog.form.fields["note"]
    assert note.problem
    qtbot.waitUntil(lambda: note.visibleRegion().boundingRect() == note.rect())
