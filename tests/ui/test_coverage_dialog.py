"""Comparing with the service: who has no token is seen, and one is added from there."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.ui.background import Lane
from partner_tokens.ui.coverage_dialog import CoverageDialog
from partner_tokens.ui.organizations_dialog import OrganizationsDialog
from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import spoken_about
from ui.world import CONTROL, Key, World

CUSTOMERS = (("org-Contoso", "Contoso"), ("org-Zoo", "Zoo & Park"), ("org-Fabrikam", "Fabrikam"))


@pytest.fixture(autouse=True)
def closed(world: World) -> Iterator[None]:
    yield
    for dialog in world.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.done(0)


@pytest.fixture
def provider(world: World) -> World:
    """A provider's token and a customer's, started."""
    text = world.store("us", "Us")
    known = KnownToken(text, "org-Us", "Us", tenants=CUSTOMERS, unlisted=("org-unnamed",))
    world.sandbox.register(known)
    world.store("c", "Contoso")
    return world.start()


def in_front(kind: type[QDialog]) -> QDialog | None:
    front = QApplication.activeModalWidget()
    return front if isinstance(front, kind) else None


def compared(world: World, id: str = "us") -> CoverageDialog:
    """The comparison, opened by way of the organizations."""
    world.select(id)
    world.press(Key.Key_G, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, OrganizationsDialog)
    world.until(dialog.compare.isEnabled)
    dialog.compare.click()
    world.until(lambda: in_front(CoverageDialog) is not None)
    found = in_front(CoverageDialog)
    assert isinstance(found, CoverageDialog)
    return found


def compared_without_token(world: World, name: str) -> CoverageDialog:
    """As `compared`, by key, for an organization whose token is removed and that has a mark."""
    seen = world.token("c").organization
    world.parts.organizations.edit(seen, replace(seen, note="kept"))
    world.select("c")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: "was removed" in world.notice())
    world.press(Key.Key_G, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, OrganizationsDialog)
    world.until(lambda: bool(len(dialog.model)))
    place = dialog.model.place_of(seen.key)
    assert place is not None
    dialog.list.setCurrentIndex(dialog.model.index(place))
    assert dialog.form.name.text() == name
    world.press(Key.Key_W, Qt.KeyboardModifier.AltModifier)
    world.until(lambda: in_front(CoverageDialog) is not None)
    found = in_front(CoverageDialog)
    assert isinstance(found, CoverageDialog)
    return found


def lines(dialog: CoverageDialog) -> list[str]:
    aloud = Qt.ItemDataRole.AccessibleTextRole
    model = dialog.model
    return [str(model.data(model.index(n, 0), aloud)) for n in range(model.rowCount())]


def test_those_without_a_token_are_shown_first_and_alone(provider: World) -> None:
    dialog = compared(provider)
    provider.until(lambda: dialog.summary.text() == "4 customers, 3 without a token")
    assert lines(dialog) == [
        "Fabrikam, no token, org-Fabrikam",
        "Zoo & Park, no token, org-Zoo",
        "(name not told), no token, org-unnamed",
    ]
    dialog.only_uncovered.setChecked(False)
    assert lines(dialog)[-1] == "Contoso, 1 token, org-Contoso"
    dialog.filter.setText("zoo")
    assert lines(dialog) == ["Zoo & Park, no token, org-Zoo"]
    assert dialog.add.text() == "&Add a token for Zoo && Park…"


def test_no_secret_can_be_heard_in_it(provider: World) -> None:
    dialog = compared(provider)
    provider.until(lambda: bool(dialog.summary.text()))
    told = spoken_about(dialog)
    assert "Us, build" in told
    assert "api-token" not in told
    for exchange in provider.sandbox.requests:
        header = exchange.headers.get("csp-auth-token")
        assert header is None or header not in told


def test_a_token_is_added_for_the_chosen_customer_and_the_list_follows(provider: World) -> None:
    dialog = compared(provider)
    provider.until(lambda: bool(dialog.summary.text()))
    provider.sandbox.register(KnownToken("fresh-token-of-fabrikam", "org-Fabrikam", "Fabrikam"))
    asked = len([r for r in provider.sandbox.requests if r.path.endswith("/tenants")])
    dialog.add.click()
    provider.until(lambda: in_front(TokenDialog) is not None)
    adding = in_front(TokenDialog)
    assert isinstance(adding, TokenDialog)
    assert adding.form.organization.text() == "Fabrikam"
    adding.form.secret.line.setText("fresh-token-of-fabrikam")
    adding.form.endpoint.setCurrentText(provider.sandbox.url)
    adding.save.click()
    provider.until(lambda: dialog.summary.text() == "4 customers, 2 without a token")
    assert not any("Fabrikam" in line for line in lines(dialog))
    now = [r for r in provider.sandbox.requests if r.path.endswith("/tenants")]
    assert len(now) == asked


def test_a_customers_own_token_shows_none_and_says_whose_would(provider: World) -> None:
    dialog = compared(provider, "c")
    provider.until(lambda: "shows this token no customer" in dialog.panel.words())
    assert "provider's token" in dialog.panel.words()
    assert not dialog.add.isEnabled()


def test_another_token_is_chosen_by_name_and_nothing_is_asked_before(provider: World) -> None:
    dialog = compared(provider, "c")
    provider.until(lambda: "shows this token no customer" in dialog.panel.words())
    assert dialog.choice.box.currentText().startswith("Contoso, build at 127.0.0.1")
    assert not dialog.choice.ask.isEnabled()
    asked = len(provider.sandbox.requests)
    dialog.choice.box.setFocus()
    provider.type("us")
    assert dialog.choice.box.currentText().startswith("Us, build")
    assert len(provider.sandbox.requests) == asked
    dialog.choice.ask.click()
    provider.until(lambda: dialog.summary.text() == "4 customers, 3 without a token")
    assert dialog.panel.words() == ""
    assert not dialog.choice.ask.isEnabled()


def test_an_organization_without_a_token_says_so_and_lets_another_one_be_chosen(
    provider: World,
) -> None:
    dialog = compared_without_token(provider, "Contoso")
    assert "Contoso has no token to ask with. Choose a provider's token" in dialog.panel.words()
    assert not dialog.choice.ask.isEnabled()
    provider.until(dialog.choice.box.hasFocus)
    provider.press(Key.Key_Down)
    dialog.choice.ask.click()
    provider.until(lambda: dialog.summary.text() == "4 customers, 4 without a token")


def test_where_there_is_no_token_at_all_one_is_to_be_added_first(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    dialog = compared_without_token(world, "Contoso")
    assert "Add a provider's token first" in dialog.panel.words()
    assert not dialog.choice.box.isEnabled()
    world.until(dialog.shut.hasFocus)


def test_a_token_that_wants_a_passcode_says_how_to_go_on(world: World) -> None:
    world.store("us", "Us", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    dialog = compared(world)
    world.until(lambda: "Copy its header first" in dialog.panel.words())


def test_a_service_in_trouble_can_be_asked_again(provider: World) -> None:
    provider.sandbox.switch(everywhere=Behaviour.UNAVAILABLE)
    dialog = compared(provider)
    provider.until(lambda: "Try &again" in [b.text() for b in dialog.panel.buttons])
    provider.sandbox.switch(everywhere=None)
    dialog.panel.buttons[0].click()
    provider.until(lambda: "customers" in dialog.summary.text())


def test_all_with_a_token_are_listed_as_such(world: World) -> None:
    text = world.store("us", "Us")
    world.store("c", "Contoso")
    world.sandbox.register(KnownToken(text, "org-Us", "Us", tenants=CUSTOMERS[:1]))
    world.start()
    dialog = compared(world)
    world.until(lambda: dialog.summary.text() == "1 customer, each with a token")
    assert lines(dialog) == ["Contoso, 1 token, org-Contoso"]


def test_the_chosen_customer_stays_chosen_when_the_list_behind_is_read_anew(
    provider: World,
) -> None:
    dialog = compared(provider)
    provider.until(lambda: dialog.summary.text() == "4 customers, 3 without a token")
    dialog.filter.setFocus()
    provider.press(Key.Key_Down)
    assert dialog.add.text() == "&Add a token for Zoo && Park…"
    provider.application.shelf.reload()
    provider.settle(Lane.STORE, Lane.STORE)
    assert dialog.add.text() == "&Add a token for Zoo && Park…"
