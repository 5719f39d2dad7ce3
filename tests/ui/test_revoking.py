"""Revoking: explained, done in the portal, then confirmed here; headers and rows go with it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from partner_tokens.core.events import REVOKED, Event
from partner_tokens.ui.actions import Act
from partner_tokens.ui.revoke_dialog import RevokeDialog
from ui.browser import Browser
from ui.building import spoken_about
from ui.world import CONTROL, World

Key = Qt.Key
LIVES_ON = "An access token that was issued before may keep working for up to 30 minutes."


def opened(world: World) -> RevokeDialog:
    world.window.acts[Act.REVOKE].trigger()
    dialog = world.dialog()
    assert isinstance(dialog, RevokeDialog)
    return dialog


def test_the_dialog_explains_and_opens_the_portal(world: World, browser: Browser) -> None:
    world.store("contoso", "Contoso")
    world.start()
    dialog = opened(world)
    said = spoken_about(dialog)
    for words in (
        "Contoso, build",
        "Every copy of it stops working at once",
        "switch to Contoso there first",
        "revoke “build”",
        LIVES_ON,
    ):
        assert words in said
    assert dialog.all is None
    world.press(Key.Key_Return)
    assert browser.opened == [f"{world.sandbox.url}/"]
    assert dialog.isVisible()
    assert world.shown() == ["contoso"]
    world.press(Key.Key_Escape)
    world.press(Key.Key_Escape)
    assert world.shown() == ["contoso"]


def test_what_was_revoked_goes_to_the_trash_and_its_header_is_forgotten(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    seen = world.token("contoso")
    dialog = opened(world)
    world.confirm(dialog, "&I have revoked it")
    assert world.clipboard() == ""
    world.until(lambda: world.shown() == ["fabrikam"])
    assert "Contoso, build is revoked, and in the trash." in world.notice()
    assert LIVES_ON in world.notice()
    core = world.application.session.core
    assert core is not None
    assert core.broker.at_hand(seen) is None
    (removed,) = world.parts.trash.tokens()
    last = world.parts.history.of(removed.token.id)[0]
    assert (last.event, last.detail) == (Event.REMOVED, REVOKED)
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["contoso", "fabrikam"])


def test_another_tokens_header_and_another_programs_text_stay_on_the_clipboard(
    world: World,
) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    header = world.clipboard()
    world.select("fabrikam")
    world.confirm(opened(world), "&I have revoked it")
    world.until(lambda: world.shown() == ["contoso"])
    assert world.clipboard() == header
    QGuiApplication.clipboard().setText("a ticket number")
    world.confirm(opened(world), "&I have revoked it")
    world.until(lambda: len(world.application.model) == 0)
    assert world.clipboard() == "a ticket number"
    QGuiApplication.clipboard().clear()


def test_a_header_that_is_still_fetched_is_not_copied_any_more(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.sandbox.switch(delay_seconds=0.5)
    world.press(Key.Key_Return)
    world.until(lambda: world.deeds.copying.is_busy)
    world.confirm(opened(world), "&I have revoked it")
    world.until(lambda: world.shown() == ["fabrikam"])
    world.until(lambda: not world.deeds.copying.is_busy)
    assert world.clipboard() == ""
    assert "is revoked" in world.notice()


def test_all_of_a_users_tokens_in_the_organization_are_named_and_go_at_once(world: World) -> None:
    for id in ("deploy", "build", "ops"):
        world.store(id, "Contoso", name=id)
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.select("build")
    dialog = opened(world)
    assert dialog.all is not None
    assert dialog.all.text() == "Revoke &all 3 tokens of ana@partner.example in Contoso"
    assert not dialog.names.isVisible()
    dialog.all.click()
    model = dialog.names.model()
    named = [model.index(line, 0).data() for line in range(model.rowCount())]
    assert named == ["build", "deploy", "ops"]
    assert "revoke all of those below" in spoken_about(dialog)
    world.confirm(dialog, "&I have revoked all 3")
    world.until(lambda: world.shown() == ["fabrikam"])
    assert "3 tokens are revoked, and in the trash." in world.notice()
    assert len({removed.removed_at for removed in world.parts.trash.tokens()}) == 1
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: len(world.shown()) == 4)


def test_another_users_token_is_no_part_of_all(world: World) -> None:
    world.store("build", "Contoso", name="build")
    world.store("ops", "Contoso", name="ops")
    with world.parts.database.writing() as connection:
        connection.execute("UPDATE tokens SET user = 'bob@partner.example' WHERE id = 'ops'")
    world.start()
    world.select("ops")
    dialog = opened(world)
    assert dialog.all is None
    dialog.reject()


def test_what_was_added_meanwhile_is_named_and_confirmed_before_all_is_taken_away(
    world: World,
) -> None:
    for id in ("deploy", "build"):
        world.store(id, "Contoso", name=id)
    world.start()
    world.select("build")
    dialog = opened(world)
    assert dialog.all is not None
    dialog.all.click()
    world.store("ops", "Contoso", name="ops")  # as another window or the terminal does
    world.confirm(dialog, "&I have revoked all 2")
    world.until(lambda: "Contoso, ops was added meanwhile." in spoken_about(dialog.panel))
    assert dialog.isVisible()
    assert world.parts.trash.tokens() == ()
    assert dialog.all.text() == "Revoke &all 3 tokens of ana@partner.example in Contoso"
    model = dialog.names.model()
    assert [model.index(n, 0).data() for n in range(model.rowCount())] == ["build", "deploy", "ops"]
    assert not dialog.names.verticalScrollBar().isVisible()  # so few are seen all at once
    assert not dialog.confirm.hasFocus()  # one key too many must not say that all was done
    world.confirm(dialog, "&I have revoked all 3")
    world.until(lambda: world.shown() == [])
    assert "3 tokens are revoked, and in the trash." in world.notice()


def test_what_was_removed_meanwhile_is_left_out_without_asking(world: World) -> None:
    for id in ("deploy", "build", "ops"):
        world.store(id, "Contoso", name=id)
    world.start()
    world.select("build")
    dialog = opened(world)
    assert dialog.all is not None
    dialog.all.click()
    world.parts.trash.put(["ops"])
    world.confirm(dialog, "&I have revoked all 3")
    world.until(lambda: "2 tokens are revoked, and in the trash." in world.notice())
    world.until(lambda: world.shown() == [])


def test_one_token_alone_is_not_held_up_by_what_was_added_meanwhile(world: World) -> None:
    for id in ("deploy", "build"):
        world.store(id, "Contoso", name=id)
    world.start()
    world.select("build")
    dialog = opened(world)
    world.store("ops", "Contoso", name="ops")
    world.confirm(dialog, "&I have revoked it")
    world.until(lambda: "Contoso, build is revoked" in world.notice())
    assert {token.id for token in world.parts.store.tokens()} == {"deploy", "ops"}
