"""A row that is another organization's: not copied from, unless its user says so by that name."""

import pytest
from PySide6.QtCore import Qt

from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour, KnownToken
from partner_tokens.ui.actions import Act
from partner_tokens.ui.token_model import Chip
from ui.world import World

Key = Qt.Key
STRAY = KnownToken("stray-api-token-0123456789", "org-Fabrikam", "Fabrikam")


@pytest.fixture
def held(world: World) -> World:
    """Started, with a token of Fabrikam's stored under Contoso, and selected."""
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.sandbox.register(STRAY)
    draft = Draft("Contoso", "stray", world.sandbox.url, Secret(STRAY.api_token))
    stray = world.parts.registry.add(draft, None)
    world.start()
    world.select(stray.id)
    world.press(Key.Key_Return)
    world.until(lambda: "belongs to Fabrikam" in world.notice())
    return world


def stray(world: World) -> str:
    (found,) = (t.id for t in world.parts.store.tokens() if t.name == "stray")
    return found


def press(world: World, words: str) -> None:
    buttons = [world.window.notices.button(place) for place in range(3)]
    named = {b.text().replace("&", ""): b for b in buttons if not b.isHidden()}
    named[words].click()


def test_a_copy_names_both_organizations_and_copies_nothing(held: World) -> None:
    assert "This token belongs to Fabrikam, not to Contoso." in held.notice()
    assert "Nothing was copied" in held.notice()
    assert held.clipboard() == ""
    held.until(lambda: held.token(stray(held)).result.state is State.HELD)
    number = held.window.notices.number
    held.press(Key.Key_Return)
    held.until(lambda: held.window.notices.number > number)
    assert "belongs to Fabrikam" in held.notice()
    assert held.clipboard() == ""
    assert len(held.sandbox.exchanges) == 1
    assert held.application.model.counts()[Chip.ATTENTION] == 1


def test_it_moves_to_where_it_belongs_and_its_header_is_at_hand(held: World) -> None:
    press(held, "Move it to Fabrikam")
    held.until(lambda: "stray now belongs to Fabrikam." in held.notice())
    stored = held.parts.store.token(stray(held))
    assert (stored.organization.name, stored.result.state) == ("Fabrikam", State.READY)
    held.until(lambda: held.shown() == ["contoso", "fabrikam", stray(held)])
    press(held, "Copy its header")
    held.until(lambda: "for Fabrikam copied" in held.notice())
    header = held.clipboard().removeprefix("csp-auth-token: ")
    assert held.sandbox.holder_of(header) == STRAY
    assert len(held.sandbox.exchanges) == 1


def test_it_is_copied_for_the_other_organization_once_and_by_that_name(held: World) -> None:
    press(held, "Copy for Fabrikam anyway")
    held.until(lambda: "csp-auth-token for Fabrikam copied" in held.notice())
    assert held.sandbox.holder_of(held.clipboard().removeprefix("csp-auth-token: ")) == STRAY
    assert "Contoso" not in held.notice()
    assert held.parts.store.token(stray(held)).result.state is State.HELD
    press(held, "Clear now")
    held.press(Key.Key_Return)
    held.until(lambda: "belongs to Fabrikam" in held.notice())
    assert held.clipboard() == ""


def test_after_a_restart_the_service_is_asked_whose_it_is(held: World) -> None:
    held.until(lambda: held.parts.store.token(stray(held)).result.state is State.HELD)
    held.restart_parts(lambda: held.backend)
    held.start()
    held.select(stray(held))
    held.press(Key.Key_Return)
    held.until(lambda: "This token belongs to Fabrikam, not to Contoso." in held.notice())
    assert len(held.sandbox.exchanges) == 2
    press(held, "Move it to Fabrikam")
    held.until(lambda: "now belongs" in held.notice())


def test_a_row_that_was_mended_elsewhere_is_not_moved(held: World) -> None:
    seen = held.parts.store.token(stray(held))
    draft = Draft("Litware", "stray", held.sandbox.url, None)
    held.parts.registry.edit(seen, draft, None)
    press(held, "Move it to Fabrikam")
    held.until(lambda: "changed meanwhile" in held.notice())
    assert held.parts.store.token(stray(held)).organization.name == "Litware"


def test_a_refused_row_can_be_replaced_removed_or_tried_with_a_passcode(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.store("fabrikam", "Fabrikam")
    world.start()
    replace = world.window.acts[Act.REGENERATE]
    assert replace.text() == "Re&generate…"
    world.press(Key.Key_Return)
    world.until(lambda: "refused" in world.notice())
    world.until(lambda: replace.text() == "Re&place…")
    for ask in (replace.trigger, lambda: press(world, "Replace…")):
        ask()
        world.until(lambda: world.deeds.renewing.dialog is not None)
        assert "Regenerate token" in world.dialog().windowTitle()
        world.dialog().reject()
    world.select("fabrikam")
    assert replace.text() == "Re&generate…"
    press(world, "Remove")
    world.until(lambda: world.shown() == ["fabrikam"])
    assert "Contoso, build was removed." in world.notice()
