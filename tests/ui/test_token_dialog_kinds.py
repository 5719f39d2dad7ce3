"""Adding and editing each kind of token: fields that follow the kind, one address, one word."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from partner_tokens.core.credentials import PRESETS
from partner_tokens.core.kind_words import kind_words
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ENDPOINT_PRESETS, ApiToken, Kind, State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.expiry_field import Kind as Way
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import Building, hit, spoken_about, type_text
from ui.token_dialog_steps import MARKER, OTHER, Opener, choose, fill, save

CLIENT_ID = "inventory-app-4f2a"
APPS = (Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2)
ID = "5b1c2f0e-aaaa-4bbb-8ccc-9d7e3c1a5f20"


def choose_kind(dialog: TokenDialog, kind: Kind) -> None:
    """By its words, with the keys, as a user does."""
    box = dialog.form.credential.kind
    box.setFocus()
    place = box.findText(kind_words(kind))
    while box.currentIndex() != place:
        down = box.currentIndex() < place
        hit(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def type_app(dialog: TokenDialog, secret: str = MARKER, id: str = ID) -> None:
    fields = dialog.form.credential
    type_text(fields.client_id, CLIENT_ID)
    type_text(fields.secret.line, secret)
    type_text(fields.organization_id, id)


def know(house: Building, kind: Kind, **more: Any) -> None:
    text = f"{CLIENT_ID}:{MARKER}" if kind.is_app else MARKER
    user = CLIENT_ID if kind.is_app else "ana@partner.example"
    house.know(text, kind=kind, user=user, organization_id=ID, **more)


def visible(dialog: TokenDialog) -> set[str]:
    return {name for name, field in dialog.form.fields.items() if not field.isHidden()}


def add(house: Building, opened: Opener, qtbot: QtBot, kind: Kind, **more: Any) -> ApiToken:
    know(house, kind, **more)
    dialog = opened()
    choose_kind(dialog, kind)
    fill(dialog, house, secret="")
    if kind.is_app:
        type_app(dialog)
    else:
        type_text(dialog.form.secret.line, MARKER)
    save(qtbot, dialog)
    assert not dialog.isVisible()
    [token] = house.stored()
    return token


# ---- adding -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_token_of_each_kind_is_added(
    house: Building, opened: Opener, qtbot: QtBot, kind: Kind
) -> None:
    token = add(house, opened, qtbot, kind)
    assert (token.kind, token.result.state) == (kind, State.READY)
    assert (token.organization.name, token.organization.service_id) == ("Contoso", ID)
    assert token.user == (CLIENT_ID if kind.is_app else "ana@partner.example")
    assert len(house.sandbox.exchanges) == 1
    assert house.session.at_hand(token) is not None


def test_the_fields_follow_the_kind(opened: Opener) -> None:
    dialog = opened()
    usual = {"kind", "secret", "organization", "name", "endpoint", "expiry", "note"}
    form = dialog.form
    assert visible(dialog) == usual
    assert form.focusWidget() is form.secret.line
    for kind in APPS:
        choose_kind(dialog, kind)
        assert visible(dialog) == usual | {"client_id", "organization_id"}
        assert form.interactive.isHidden()
        assert form.name.placeholderText() == "“OAuth app” if left empty"
        assert form.secret.line.accessibleName() == "Client secret"
        assert form.secret.paste.accessibleName() == "Paste the client secret"
    choose_kind(dialog, Kind.CLOUD_SERVICES)
    assert visible(dialog) == usual
    assert not form.interactive.isHidden()
    assert form.secret.line.accessibleName() == "API token"


def test_the_endpoints_follow_the_kind_unless_one_was_typed(opened: Opener) -> None:
    dialog = opened()
    box = dialog.form.endpoint
    for kind in (Kind.CLOUD_SERVICES, Kind.OAUTH_APP_V1, Kind.NAVIGATOR):
        choose_kind(dialog, kind)
        assert tuple(box.itemText(place) for place in range(box.count())) == PRESETS[kind]
        assert box.currentText() == PRESETS[kind][0]
    box.setEditText("console.of-our-own.example")
    choose_kind(dialog, Kind.CLOUD_SERVICES)
    assert box.currentText() == "console.of-our-own.example"


def test_the_end_that_is_proposed_follows_the_kind_unless_another_was_chosen(
    opened: Opener,
) -> None:
    dialog = opened()
    expiry = dialog.form.expiry
    ways = []
    for kind in (Kind.NAVIGATOR, Kind.CLOUD_SERVICES, Kind.OAUTH_APP_V2, Kind.NAVIGATOR):
        choose_kind(dialog, kind)
        ways.append(expiry.kind.currentData())
    assert ways == [Way.IN, Way.TOLD, Way.UNKNOWN, Way.IN]
    expiry.kind.setCurrentIndex(expiry.kind.findData(Way.NEVER))
    choose_kind(dialog, Kind.CLOUD_SERVICES)
    assert expiry.expiry() == Expiry.endless()


def test_what_one_kind_calls_a_secret_is_not_kept_for_another(opened: Opener) -> None:
    dialog = opened()
    type_text(dialog.form.secret.line, MARKER)
    choose_kind(dialog, Kind.OAUTH_APP_V2)
    assert dialog.form.secret.is_empty


@pytest.mark.parametrize("kind", APPS)
def test_each_part_of_an_app_that_is_missing_says_so(
    house: Building, opened: Opener, qtbot: QtBot, kind: Kind
) -> None:
    dialog = opened()
    choose_kind(dialog, kind)
    save(qtbot, dialog)
    fields = dialog.form.fields
    assert "client id is missing" in fields["client_id"].problem
    assert dialog.form.focusWidget() is dialog.form.credential.client_id
    type_text(dialog.form.credential.client_id, "has:colon")
    save(qtbot, dialog)
    assert "without a colon" in fields["client_id"].problem
    dialog.form.credential.client_id.clear()
    type_text(dialog.form.credential.client_id, CLIENT_ID)
    save(qtbot, dialog)
    assert "No client secret" in fields["secret"].problem
    assert "id is missing" in fields["organization_id"].problem
    assert house.sandbox.requests == ()


def test_a_client_secret_is_not_stored_as_anything_else(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    choose_kind(dialog, Kind.OAUTH_APP_V1)
    type_app(dialog, secret="short-secret")
    dialog.form.credential.client_id.setText("short-secret")
    dialog.form.name.setText("app short-secret")
    save(qtbot, dialog)
    assert "client secret, not the client id" in dialog.form.fields["client_id"].problem
    assert dialog.form.fields["name"].problem
    dialog.form.credential.organization_id.setText(OTHER)
    save(qtbot, dialog)
    assert "API token" in dialog.form.fields["organization_id"].problem
    assert house.sandbox.requests == ()


def test_a_refused_app_says_what_to_check_and_wants_no_passcode(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    know(house, Kind.OAUTH_APP_V1)
    dialog = opened()
    choose_kind(dialog, Kind.OAUTH_APP_V2)  # the wrong version: it is not tried as the other
    fill(dialog, house, secret="")
    type_app(dialog)
    save(qtbot, dialog)
    field = dialog.form.fields["secret"]
    assert "refused this app" in field.problem
    assert "of this version" in field.problem
    assert field.button.isHidden()
    assert len(house.sandbox.requests) == 1
    assert MARKER not in spoken_about(dialog)


def test_the_id_of_a_known_organization_is_filled_in(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    add(house, opened, qtbot, Kind.NAVIGATOR)
    dialog = opened()
    choose_kind(dialog, Kind.OAUTH_APP_V1)
    type_text(dialog.form.organization, "contoso")
    assert dialog.form.credential.organization_id.text() == ID
    type_text(dialog.form.organization, " east")
    assert dialog.form.credential.organization_id.text() == ""
    type_text(dialog.form.credential.organization_id, "typed")
    dialog.form.organization.setText("Contoso")
    assert dialog.form.credential.organization_id.text() == "typed"


def test_an_unreachable_app_may_be_stored_unproven(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    know(house, Kind.OAUTH_APP_V1, behaviour=Behaviour.UNAVAILABLE)
    dialog = opened()
    choose_kind(dialog, Kind.OAUTH_APP_V1)
    fill(dialog, house, secret="", organization="Contoso")
    type_app(dialog)
    save(qtbot, dialog)
    choose(qtbot, dialog, "Store unproven")
    [token] = house.stored()
    assert (token.user, token.result.state) == (CLIENT_ID, State.UNPROVEN)
    assert token.organization.service_id == ID


def test_a_pasted_client_secret_is_taken_off_the_clipboard(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    know(house, Kind.OAUTH_APP_V2)
    dialog = opened()
    choose_kind(dialog, Kind.OAUTH_APP_V2)
    fill(dialog, house, secret="")
    type_app(dialog, secret="")
    QGuiApplication.clipboard().setText(f"  {MARKER}\n")
    dialog.form.secret.paste.click()
    save(qtbot, dialog)
    assert len(house.stored()) == 1
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.parametrize("kind", APPS)
def test_an_app_that_is_stored_already_is_named_before_anything_is_sent(
    house: Building, opened: Opener, qtbot: QtBot, kind: Kind
) -> None:
    add(house, opened, qtbot, kind)
    before = len(house.sandbox.requests)
    dialog = opened()
    choose_kind(dialog, kind)
    type_app(dialog)
    field = dialog.form.fields["secret"]
    qtbot.waitUntil(lambda: "stored already" in field.problem)
    assert field.button.text() == "&Go to it"
    type_text(dialog.form.credential.client_id, "x")
    assert field.problem == ""
    assert len(house.sandbox.requests) == before


# ---- whose word the end is --------------------------------------------------------------------


def test_the_service_tells_the_end_of_a_cloud_services_token(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    ends = house.clock() + timedelta(days=60)
    token = add(house, opened, qtbot, Kind.CLOUD_SERVICES, expires_at=ends)
    assert (token.expiry, token.expiry_told) == (Expiry(ends), True)
    dialog = opened(token)
    assert dialog.form.expiry.kind.currentText() == "as the service says"
    assert dialog.form.expiry.exact_words().endswith("from the service.")
    dialog.form.note.setPlainText("looked at")
    save(qtbot, dialog)
    [after] = house.stored()
    assert after == replace(token, note="looked at")


def test_an_end_typed_over_the_services_word_is_the_users(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    ends = house.clock() + timedelta(days=60)
    token = add(house, opened, qtbot, Kind.CLOUD_SERVICES, expires_at=ends)
    dialog = opened(token)
    expiry = dialog.form.expiry
    expiry.kind.setCurrentIndex(expiry.kind.findData(Way.IN))
    assert expiry.exact_words().endswith("typed by you.")
    save(qtbot, dialog)
    [after] = house.stored()
    assert not after.expiry_told
    assert after.expiry != token.expiry
    assert house.sandbox.exchanges[1:] == ()
    dialog = opened(after)
    assert dialog.form.expiry.kind.currentText() == "on a date"
    assert dialog.form.expiry.exact_words().endswith("typed by you.")


# ---- editing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_stored_token_keeps_its_kind(
    house: Building, opened: Opener, qtbot: QtBot, kind: Kind
) -> None:
    token = add(house, opened, qtbot, kind)
    dialog = opened(token)
    assert not dialog.form.credential.kind.isEnabled()
    assert ("kind" in visible(dialog)) is (kind is not Kind.NAVIGATOR)
    assert dialog.form.endpoint.currentText() == house.sandbox.url
    dialog.form.name.setText("renamed")
    save(qtbot, dialog)
    [after] = house.stored()
    assert after == replace(token, name="renamed")
    assert len(house.sandbox.exchanges) == 1


@pytest.mark.parametrize("kind", APPS)
def test_a_new_secret_of_an_app_is_proven_with_its_client_id(
    house: Building, opened: Opener, qtbot: QtBot, kind: Kind
) -> None:
    token = add(house, opened, qtbot, kind)
    house.know(f"{CLIENT_ID}:{OTHER}", kind=kind, user=CLIENT_ID, organization_id=ID)
    dialog = opened(token)
    type_text(dialog.form.secret.line, OTHER)
    save(qtbot, dialog)
    assert len(house.sandbox.exchanges) == 2
    [after] = house.stored()
    assert (after.user, after.result.state) == (CLIENT_ID, State.READY)
    assert after.version != token.version


def test_another_client_id_wants_its_secret(house: Building, opened: Opener, qtbot: QtBot) -> None:
    token = add(house, opened, qtbot, Kind.OAUTH_APP_V1)
    dialog = opened(token)
    dialog.form.credential.client_id.setText("another-app")
    save(qtbot, dialog)
    assert "No client secret" in dialog.form.fields["secret"].problem
    assert house.stored() == (token,)


def test_the_preset_of_the_navigator_stays_the_first(opened: Opener) -> None:
    assert opened().form.endpoint.currentText() == ENDPOINT_PRESETS[0]
