"""The portal's address: shown, corrected, remembered, opened in the browser."""

import json

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from partner_tokens.parts import Parts
from partner_tokens.ui.portal import Portal
from partner_tokens.ui.portal_field import PortalField
from ui.browser import Browser
from ui.building import Building, hit, press, spoken_about

ENDPOINT = "https://console.navigator.vmware.com"
PAGE = "https://portal.example/#/user/tokens"


@pytest.fixture
def owner() -> QObject:
    return QObject()


@pytest.fixture
def portal(house: Building, owner: QObject) -> Portal:
    return Portal(house.parts, house.background, owner)


@pytest.fixture
def field(portal: Portal, qtbot: QtBot) -> PortalField:
    made = PortalField(portal, ENDPOINT)
    qtbot.addWidget(made)
    made.show()
    return made


def saved(house: Building) -> object:
    path = house.parts.profile.preferences_path
    return json.loads(path.read_text()).get("portals") if path.exists() else None


def test_the_root_of_the_endpoint_is_opened_and_nothing_is_written(
    field: PortalField, browser: Browser, house: Building, qtbot: QtBot
) -> None:
    assert field.line.text() == f"{ENDPOINT}/"
    with qtbot.waitSignal(field.opened):
        press(field.button)
    assert browser.opened == [f"{ENDPOINT}/"]
    assert saved(house) is None


def test_a_corrected_address_is_opened_and_remembered(
    field: PortalField, portal: Portal, browser: Browser, house: Building, qtbot: QtBot
) -> None:
    field.line.setText(PAGE)
    press(field.button)
    assert browser.opened == [PAGE]
    qtbot.waitUntil(lambda: saved(house) == {ENDPOINT: PAGE})
    assert portal.address(ENDPOINT) == PAGE
    assert portal.address("https://other.example") == "https://other.example/"
    field.line.clear()
    press(field.button)
    assert field.line.text() == f"{ENDPOINT}/"
    qtbot.waitUntil(lambda: saved(house) is None)


def test_what_is_no_page_is_said_and_not_opened(
    field: PortalField, browser: Browser, house: Building
) -> None:
    field.line.setText("file:///etc/passwd")
    field.line.setFocus()
    press(field.button)
    assert browser.opened == []
    assert "not the address of a page" in spoken_about(field)
    assert saved(house) is None
    hit(field.line, Qt.Key.Key_Backspace)
    assert "not the address of a page" not in spoken_about(field)


def test_what_was_set_by_hand_and_is_no_page_is_passed_over(
    house: Building, owner: QObject
) -> None:
    path = house.parts.profile.preferences_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"portals": {ENDPOINT: "javascript:alert(1)", "x": PAGE}}))
    portal = Portal(Parts(house.parts.profile), house.background, owner)
    assert portal.address(ENDPOINT) == f"{ENDPOINT}/"
    assert portal.address("x") == PAGE
