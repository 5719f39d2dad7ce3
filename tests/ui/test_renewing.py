"""Regenerate a token: pasted, sealed, proven, put in place; offered again until it is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from partner_tokens.core.events import SUPERSEDED
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui import renewal_words
from partner_tokens.ui.background import Lane
from ui.browser import Browser
from ui.building import hit, press, spoken_about, type_text
from ui.renewal_keys import (  # noqa: F401  # the fixture is used by being here
    FRESH,
    OTHER,
    choose,
    closes_its_windows,
    focus,
    go_words,
    known,
    paste,
    regenerate,
    says,
    secret_of,
    stored,
    waiting,
    window,
)
from ui.samples import NOW, api_token
from ui.world import Key, World


@pytest.fixture
def contoso(world: World) -> World:
    world.store("contoso", "Contoso", days=3)
    world.parts.change_preferences(reminders=False)  # their banner would come at any moment
    return world


# ---- the way it goes --------------------------------------------------------------------------


def test_it_says_what_regenerating_does_and_where_to_switch_and_opens_the_portal(
    contoso: World, browser: Browser
) -> None:
    contoso.start()
    dialog = regenerate(contoso)
    told = spoken_about(dialog)
    assert "Every copy of the old token stops working at once" in told
    assert "switch to Contoso there first" in told
    assert "Contoso, build" in told
    assert not dialog.isModal()
    hit(focus(dialog), Key.Key_Space)
    assert browser.opened == [f"{contoso.sandbox.url}/"]
    assert dialog.form is not None
    assert dialog.form.secret.line.hasFocus()


def test_whose_token_it_is_stands_below_its_name_with_the_mark_of_production() -> None:
    token = api_token("contoso", days=3)
    marked = replace(token, organization=replace(token.organization, production=True))
    ends = "ana@partner.example  ·  console.navigator.vmware.com  ·  expires in 3 days"
    assert renewal_words.details(token, NOW) == ends
    assert renewal_words.details(marked, NOW) == f"production  ·  {ends}"


def test_a_paste_and_enter_put_the_new_token_in_place(contoso: World) -> None:
    contoso.start()
    known(contoso, user="bob@partner.example")
    dialog = regenerate(contoso)
    paste(contoso, dialog, f" {FRESH}\n")
    says(contoso, dialog, "The new token works.")
    assert contoso.clipboard() == ""
    assert dialog.form is not None
    lines = dialog.form.comparison.words().splitlines()
    assert lines[:2] == [
        "Organization: Contoso → Contoso",
        "User: ana@partner.example → bob@partner.example",
    ]
    before, after = lines[2].split(" → ")
    assert before.endswith("typed by you")
    assert after.endswith("typed by you")
    assert "bob@partner.example (another one)" in spoken_about(dialog.form.comparison)
    assert go_words(dialog) == "Replace"
    assert dialog.go.hasFocus()
    hit(dialog.go, Key.Key_Return)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert contoso.shown() == [new.id]
    assert contoso.window.table.selected() == new
    assert secret_of(contoso, new) == FRESH
    assert contoso.notice().startswith("Contoso, build has its new token.")
    assert "taken off the clipboard" in contoso.notice()
    (old,) = contoso.parts.trash.tokens()
    assert (old.token.id, old.why) == ("contoso", SUPERSEDED)
    asked = len(contoso.sandbox.exchanges)
    contoso.press(Key.Key_Return)
    contoso.until(lambda: contoso.clipboard().startswith("csp-auth-token"))
    assert len(contoso.sandbox.exchanges) == asked


def test_what_is_typed_by_hand_waits_for_the_button(contoso: World) -> None:
    contoso.start()
    known(contoso, "short-token")
    dialog = regenerate(contoso)
    assert dialog.form is not None
    dialog.form.secret.line.setFocus()
    type_text(dialog.form.secret.line, "short-token")
    assert waiting(contoso) == []
    hit(dialog.form.secret.line, Key.Key_Return)
    says(contoso, dialog, "The new token works.")
    assert waiting(contoso) == [("contoso", "short-token")]


def test_it_is_on_disk_before_the_service_has_answered_and_stopping_keeps_it(
    contoso: World,
) -> None:
    contoso.start()
    known(contoso, behaviour=Behaviour.HANG)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    contoso.until(lambda: len(contoso.sandbox.exchanges) == 1)
    assert "Proving the new token with 127.0.0.1" in dialog.panel.words()
    assert waiting(contoso) == [("contoso", FRESH)]
    press(dialog.close_button)
    says(contoso, dialog, "A new token is not in place yet.")
    press(dialog.close_button)
    contoso.until(lambda: "A new token is not in place yet." in contoso.banner())
    assert waiting(contoso) == [("contoso", FRESH)]


def test_in_the_next_run_it_is_offered_again_and_the_row_says_so(contoso: World) -> None:
    contoso.start()
    known(contoso)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The new token works.")
    contoso.restart_parts(lambda: contoso.backend)
    contoso.start()
    contoso.until(lambda: contoso.banner() != "")
    assert contoso.banner() == (
        "A new token is not in place yet. Pasted for Contoso, build, just now."
    )
    assert contoso.window.search.hasFocus()
    model = contoso.application.model
    assert model.sentence(contoso.token("contoso")).endswith("new token waits")
    contoso.window.banner.button(0).click()
    dialog = window(contoso)
    says(contoso, dialog, "It was pasted just now. It is kept, sealed,")
    assert contoso.banner() == ""
    assert dialog.go.hasFocus()
    hit(dialog.go, Key.Key_Return)
    says(contoso, dialog, "The new token works.")
    hit(dialog.go, Key.Key_Return)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert secret_of(contoso, new) == FRESH
    contoso.until(lambda: "waits" not in model.sentence(new))
    assert contoso.banner() == ""


def test_later_is_taken_for_an_answer_in_this_run(contoso: World) -> None:
    contoso.start()
    contoso.parts.renewal.paste(
        contoso.token("contoso"), Secret(FRESH), contoso.token("contoso").expiry
    )
    contoso.application.shelf.reload()
    contoso.until(lambda: contoso.banner() != "")
    contoso.window.banner.button(1).click()
    assert contoso.banner() == ""
    dialog = regenerate(contoso)
    assert "A new token is not in place yet." in dialog.panel.words()
    press(dialog.close_button)
    contoso.application.shelf.reload()
    read: list[object] = []
    background = contoso.application.background
    for count in (1, 2, 3):  # behind the rows, then behind what waits
        background.run(background, lambda: None, done=read.append, lane=Lane.STORE)
        contoso.until(lambda count=count: len(read) == count)  # type: ignore[misc]
    assert contoso.banner() == ""


# ---- what may be in the way -------------------------------------------------------------------


def test_the_old_token_and_that_of_another_row_are_told_below_the_field(contoso: World) -> None:
    old = contoso.store("second", "Fabrikam")
    contoso.start()
    dialog = regenerate(contoso)
    assert dialog.form is not None
    for text, words in (
        (f"contoso-api-token-{'0' * 40}", "This is the token that is stored already."),
        (old, "This token is stored already: Fabrikam, build."),
        ("Bearer abc", "whole header"),
    ):
        dialog.form.secret.clear()
        paste(contoso, dialog, text)
        if dialog.go.isEnabled():
            press(dialog.go)
        contoso.until(lambda words=words: words in spoken_about(dialog.form.secret_field))  # type: ignore[misc]
    assert waiting(contoso) == []
    assert len(contoso.sandbox.exchanges) == 0


def test_offline_it_goes_in_unproven(contoso: World) -> None:
    contoso.start()
    known(contoso)
    contoso.sandbox.switch(everywhere=Behaviour.BAD_GATEWAY)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "is in trouble")
    choose(dialog, "Replace unproven")
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert (new.result.state, secret_of(contoso, new)) == (State.UNPROVEN, FRESH)


def test_a_passcode_is_asked_for_in_place_and_remembered(contoso: World) -> None:
    contoso.start()
    known(contoso, behaviour=Behaviour.PASSCODE)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    contoso.until(lambda: dialog.panel.asks_passcode)
    type_text(focus(dialog), "000000")
    hit(focus(dialog), Key.Key_Return)
    says(contoso, dialog, "did not accept this passcode")
    type_text(focus(dialog), "123456")
    hit(focus(dialog), Key.Key_Return)
    says(contoso, dialog, "The new token works.")
    hit(dialog.go, Key.Key_Return)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert new.interactive


def test_one_of_another_organization_is_refused_and_can_be_stored_there(contoso: World) -> None:
    contoso.start()
    known(contoso, organization="Fabrikam")
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "This token belongs to Fabrikam, not to Contoso.")
    assert waiting(contoso) == [("contoso", FRESH)]
    choose(dialog, "Store it under Fabrikam")
    contoso.until(lambda: len(stored(contoso)) == 2)
    dialog = window(contoso)
    contoso.until(lambda: go_words(dialog) == "Prove" and "Contoso, build" in spoken_about(dialog))
    assert dialog.form is not None
    assert not dialog.form.secret.isHidden()
    assert {token.organization.name for token in stored(contoso)} == {"Contoso", "Fabrikam"}
    assert waiting(contoso) == []


def test_another_paste_puts_the_first_into_the_trash(contoso: World) -> None:
    contoso.start()
    known(contoso, OTHER)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The service refused this token.")
    choose(dialog, "Paste another")
    paste(contoso, dialog, OTHER)
    says(contoso, dialog, "The new token works.")
    assert waiting(contoso) == [("contoso", OTHER)]
    (kept,) = contoso.parts.trash.tokens()
    assert contoso.parts.trash.restore([kept.token.id]).tokens
    assert FRESH in {secret_of(contoso, token) for token in stored(contoso)}


def test_it_is_discarded_after_a_question_only(contoso: World) -> None:
    contoso.start()
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The service refused this token.")
    choose(dialog, "Discard…")
    says(contoso, dialog, "Discard the new token?")
    choose(dialog, "Keep it")
    assert waiting(contoso) == [("contoso", FRESH)]
    choose(dialog, "Discard…")
    choose(dialog, "Discard")
    contoso.until(lambda: waiting(contoso) == [])
    dialog = window(contoso)
    contoso.until(lambda: dialog.form is not None and not dialog.form.secret.isHidden())
    press(dialog.close_button)
    assert contoso.banner() == ""
    assert [token.id for token in stored(contoso)] == ["contoso"]


def test_closing_asks_while_something_typed_is_not_sealed(contoso: World) -> None:
    contoso.start()
    dialog = regenerate(contoso)
    assert dialog.form is not None
    type_text(dialog.form.secret.line, "half a")
    press(dialog.close_button)
    assert "Discard the pasted token?" in dialog.panel.words()
    choose(dialog, "Keep editing")
    assert dialog.form.secret.line.hasFocus()
    hit(dialog, Key.Key_Escape)
    choose(dialog, "Discard")
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)


# ---- other windows ----------------------------------------------------------------------------


def elsewhere(world: World, deed: Callable[[Parts], object]) -> None:
    """Does something on the same files, as another program would."""
    deed(world.parts)
    world.application.shelf.reload()


def test_a_row_that_was_moved_meanwhile_is_replaced_where_it_is_now(contoso: World) -> None:
    contoso.store("other", "Elsewhere", name="other")
    contoso.start()
    dialog = regenerate(contoso)
    seen = contoso.token("contoso")
    draft = Draft("Elsewhere", "build", contoso.sandbox.url, None, expiry=seen.expiry)
    contoso.parts.registry.edit(seen, draft, None)
    contoso.application.shelf.reload()
    contoso.until(lambda: contoso.token("contoso").organization.name == "Elsewhere")
    known(contoso, organization="Elsewhere")
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The new token works.")
    assert dialog.form is not None
    assert dialog.form.title() == "Elsewhere, build"
    hit(dialog.go, Key.Key_Return)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    assert "contoso" not in contoso.shown()
    assert contoso.notice() == (
        "Elsewhere, build has its new token. The old one lies in the trash. "
        "The pasted token was taken off the clipboard."
    )


def test_a_row_that_was_removed_meanwhile_is_told_and_the_new_token_stored_alone(
    contoso: World,
) -> None:
    contoso.start()
    known(contoso)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The new token works.")
    elsewhere(contoso, lambda parts: parts.trash.put(["contoso"]))
    press(dialog.go)
    says(contoso, dialog, "The old token was removed from the list meanwhile.")
    assert go_words(dialog) == "Store"
    press(dialog.go)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert (new.organization.name, new.name, secret_of(contoso, new)) == (
        "Contoso",
        "build",
        FRESH,
    )


def test_a_row_that_was_changed_meanwhile_is_shown_again_before_it_is_replaced(
    contoso: World,
) -> None:
    contoso.start()
    known(contoso)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The new token works.")
    draft = Draft("Contoso", "build", "http://127.0.0.1:9", None)
    seen = contoso.token("contoso")
    elsewhere(contoso, lambda parts: parts.registry.edit(seen, draft, None))
    press(dialog.go)
    says(contoso, dialog, "This token was changed meanwhile by another program.")
    assert dialog.form is not None
    assert f"Endpoint: http://127.0.0.1:9 → {contoso.sandbox.url}" in dialog.form.comparison.words()
    press(dialog.go)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    (new,) = stored(contoso)
    assert (new.endpoint, secret_of(contoso, new)) == (contoso.sandbox.url, FRESH)


def test_one_that_another_window_has_put_in_place_is_told(contoso: World) -> None:
    contoso.start()
    known(contoso)
    dialog = regenerate(contoso)
    paste(contoso, dialog, FRESH)
    says(contoso, dialog, "The new token works.")

    def swap(parts: Parts) -> None:
        (pending,) = parts.renewal.pending()
        parts.renewal.swap(pending, pending.token, None, pending.expiry)

    elsewhere(contoso, swap)
    press(dialog.go)
    contoso.until(lambda: contoso.deeds.renewing.dialog is None)
    assert "The new token no longer waits here." in contoso.notice()
    assert len(stored(contoso)) == 1


# ---- the ways to it ---------------------------------------------------------------------------


def test_the_notice_of_a_refused_token_offers_to_replace_it(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    world.select("contoso")
    world.press(Key.Key_Return)
    world.until(lambda: "refused" in world.notice())
    buttons = {
        b.text().replace("&", ""): b
        for b in world.window.notices.findChildren(QPushButton)
        if b.isVisible()
    }
    press(buttons["Replace…"])
    assert "Contoso, build" in spoken_about(window(world))


def test_a_locked_window_names_nobody_who_waits(contoso: World) -> None:
    contoso.start()
    contoso.parts.renewal.paste(
        contoso.token("contoso"), Secret(FRESH), contoso.token("contoso").expiry
    )
    contoso.application.shelf.reload()
    contoso.until(lambda: "Contoso" in contoso.banner())
    contoso.deeds.locking.lock()
    contoso.until(lambda: contoso.banner() == "")


def test_no_secret_is_left_in_the_window_when_it_is_closed(contoso: World) -> None:
    contoso.start()
    dialog = regenerate(contoso)
    assert dialog.form is not None
    line = dialog.form.secret.line
    type_text(line, "half a")
    assert line.echoMode() is line.EchoMode.Password
    press(dialog.close_button)
    choose(dialog, "Discard")
    assert line.text() == ""
