"""Renew what runs out: one token after the other, by keyboard, and go on tomorrow."""

import pytest

from partner_tokens.core.preferences import save
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.ui.renewal_window import RenewalWindow
from ui.browser import Browser
from ui.building import hit, press, spoken_about, type_text
from ui.renewal_keys import (  # noqa: F401  # the fixture is used by being here
    FRESH,
    OTHER,
    closes_its_windows,
    focus,
    known,
    paste,
    says,
    secret_of,
    stored,
    window,
)
from ui.world import CONTROL, Key, World

SHIFT = CONTROL.ShiftModifier


@pytest.fixture
def many(world: World) -> World:
    """Four to renew within 14 days, of three organizations; one that runs out later; one fine."""
    world.store("alpine", "Alpine", days=9)
    world.store("contoso-1", "Contoso", days=2, name="build")
    world.store("contoso-2", "Contoso", days=12, name="deploy")
    world.store("coho", "Coho", days=90, state=State.REFUSED)
    world.store("later", "Later", days=25)
    world.store("fine", "Fine", days=200)
    return world


def renew(world: World) -> RenewalWindow:
    world.press(Key.Key_R, CONTROL | SHIFT)
    return window(world)


def title(dialog: RenewalWindow) -> str:
    assert dialog.form is not None
    return dialog.form.title()


def bar(dialog: RenewalWindow) -> str:
    assert dialog.bar is not None
    return dialog.bar.words()


def test_the_queue_counts_by_cause_and_begins_with_the_most_urgent(many: World) -> None:
    many.start()
    dialog = renew(many)
    assert bar(dialog) == "1 of 4 4 to renew: 1 refused, 3 run out within 14 days."
    assert title(dialog) == "Coho, build"


def test_skipped_ones_are_left_for_another_sitting(many: World) -> None:
    many.start()
    dialog = renew(many)
    seen = []
    for left in (3, 2, 1, 0):
        seen.append(title(dialog))
        press(dialog.skip)
        many.until(lambda left=left: dialog.go.isHidden() or f"{left} to renew" in bar(dialog))  # type: ignore[misc]
    assert seen == ["Coho, build", "Contoso, build", "Contoso, deploy", "Alpine, build"]
    assert dialog.panel.words().startswith("0 tokens renewed, 4 skipped.")
    many.until(dialog.close_button.hasFocus)
    press(dialog.close_button)
    many.until(lambda: many.deeds.renewing.dialog is None)
    assert bar(renew(many)).startswith("1 of 4")


def test_a_token_of_the_same_organization_needs_no_other_switch(many: World) -> None:
    many.start()
    dialog = renew(many)
    press(dialog.skip)
    many.until(lambda: title(dialog) == "Contoso, build")
    assert "switch to Contoso there first" in spoken_about(dialog)
    press(dialog.skip)
    many.until(lambda: title(dialog) == "Contoso, deploy")
    assert "Stay in Contoso in the portal" in spoken_about(dialog)


def test_by_keyboard_alone_two_are_renewed_and_the_rest_is_there_tomorrow(
    many: World, browser: Browser
) -> None:
    many.start()
    dialog = renew(many)
    assert dialog.form is not None
    dialog.form.expiry.amount.setValue(12)
    for secret, organization, name in (
        (FRESH, "Coho", "Coho, build"),
        (OTHER, "Contoso", "Contoso, build"),
    ):
        known(many, secret, organization)
        many.until(lambda name=name: title(dialog) == name)  # type: ignore[misc]
        hit(focus(dialog), Key.Key_Return)  # the portal's button
        many.qt.clipboard().setText(secret)
        hit(focus(dialog), Key.Key_V, CONTROL)
        says(many, dialog, "The new token works.")
        hit(focus(dialog), Key.Key_Return)
    many.until(lambda: title(dialog) == "Contoso, deploy")
    assert dialog.form.expiry.amount.value() == 12
    assert bar(dialog) == "3 of 4 2 to renew: 2 run out within 14 days."
    assert len(browser.opened) == 2
    hit(focus(dialog), Key.Key_Escape)
    many.until(lambda: many.deeds.renewing.dialog is None)
    in_place = {(t.organization.name, t.name): secret_of(many, t) for t in stored(many)}
    assert (in_place["Coho", "build"], in_place["Contoso", "build"]) == (FRESH, OTHER)
    many.clock.forward(days=1)
    dialog = renew(many)
    assert bar(dialog) == "1 of 2 2 to renew: 2 run out within 14 days."
    assert title(dialog) == "Alpine, build"


def test_what_was_pasted_and_is_not_in_place_comes_first(many: World) -> None:
    many.start()
    later = many.token("later")
    many.parts.renewal.paste(later, Secret(FRESH), later.expiry)
    dialog = renew(many)
    assert title(dialog) == "Later, build"
    assert bar(dialog).startswith("1 of 5 5 to renew: 1 pasted already, 1 refused,")
    assert "A new token is not in place yet." in dialog.panel.words()


def test_how_far_it_looks_ahead_can_be_chosen_from_the_lead_times(many: World) -> None:
    path = many.parts.profile.preferences_path
    path.parent.mkdir(parents=True, exist_ok=True)
    save(path, reminder_days=[30, 3])
    many.start()
    dialog = renew(many)
    assert dialog.bar is not None
    box = dialog.bar.days
    assert [box.itemText(each) for each in range(box.count())] == ["3 days", "30 days"]
    assert bar(dialog) == "1 of 2 2 to renew: 1 refused, 1 runs out within 3 days."
    box.setFocus()
    hit(box, Key.Key_Down)
    many.until(lambda: "within 30 days" in bar(dialog))
    assert bar(dialog) == "1 of 5 5 to renew: 1 refused, 4 run out within 30 days."


def test_what_is_typed_stays_when_it_is_to_look_further_ahead(many: World) -> None:
    many.start()
    dialog = renew(many)
    assert dialog.form is not None
    assert dialog.bar is not None
    type_text(dialog.form.secret.line, "a client secret")
    hit(dialog.bar.days, Key.Key_Down)
    many.until(lambda: "within 30 days" in bar(dialog))
    assert title(dialog) == "Coho, build"
    assert dialog.form.secret.line.text() == "a client secret"
    press(dialog.skip)
    assert "Discard the pasted token?" in dialog.panel.words()
    press(dialog.panel.buttons[0])
    many.until(lambda: title(dialog) == "Contoso, build")
    assert dialog.form.secret.is_empty


def test_where_nothing_runs_out_it_says_so(world: World) -> None:
    world.store("fine", "Fine", days=200)
    world.start()
    dialog = renew(world)
    assert bar(dialog) == "Nothing is refused or runs out within 14 days."
    world.until(dialog.close_button.hasFocus)


def test_one_that_runs_out_soon_again_is_not_asked_for_twice_in_a_sitting(world: World) -> None:
    world.store("contoso", "Contoso", days=2)
    world.start()
    known(world)
    dialog = renew(world)
    assert dialog.form is not None
    dialog.form.expiry.unit.setCurrentIndex(2)
    paste(world, dialog, FRESH)
    says(world, dialog, "The new token works.")
    hit(dialog.go, Key.Key_Return)
    world.until(lambda: dialog.panel.words().startswith("1 token renewed."))


def test_the_reminder_opens_the_queue(many: World) -> None:
    many.start()
    many.until(lambda: "to look after" in many.banner())
    assert many.window.banner.button(0).text() == "Renew…"
    many.window.banner.button(0).click()
    assert title(window(many)) == "Coho, build"
    assert many.banner() == ""
