"""The dialog of organizations: found, marked, renamed and paused, and nothing typed is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, Qt

from partner_tokens.core.tokens import Colour, Organization
from partner_tokens.ui.choice_box import date_of
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.organizations_dialog import OrganizationsDialog
from ui.building import spoken_about
from ui.world import CONTROL, Key, World


def opened(world: World, select: str = "") -> OrganizationsDialog:
    """The dialog, opened by its key and filled."""
    if select:
        world.select(select)
    world.press(Key.Key_G, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, OrganizationsDialog)
    world.until(lambda: bool(len(dialog.model)))
    return dialog


@pytest.fixture(autouse=True)
def closed(world: World) -> Iterator[None]:
    """What is typed in a test need not be answered for."""
    yield
    for dialog in world.window.findChildren(OrganizationsDialog):
        dialog.done(0)


@pytest.fixture
def three(world: World) -> World:
    """Three organizations, started."""
    world.store("a", "Contoso")
    world.store("b", "Contoso", name="second")
    world.store("c", "Fabrikam")
    world.store("d", "Alpine")
    return world.start()


def names(dialog: OrganizationsDialog) -> list[str]:
    return [dialog.model.organization_at(n).name for n in range(dialog.model.rowCount())]


def aloud(dialog: OrganizationsDialog, place: int) -> str:
    return str(dialog.model.data(dialog.model.index(place), Qt.ItemDataRole.AccessibleTextRole))


def stored(world: World, id: str) -> Organization:
    return world.parts.store.token(id).organization


def saved(world: World, dialog: OrganizationsDialog) -> None:
    dialog.save.click()
    world.until(lambda: "is saved" in dialog.panel.words())


def test_it_opens_at_the_organization_of_the_current_line(three: World) -> None:
    dialog = opened(three, "c")
    assert names(dialog) == ["Alpine", "Contoso", "Fabrikam"]
    assert dialog.form.name.text() == "Fabrikam"
    assert dialog.list.currentIndex().row() == 2
    assert [aloud(dialog, place) for place in range(3)] == [
        "Alpine, 1 token",
        "Contoso, 2 tokens",
        "Fabrikam, 1 token",
    ]
    assert not dialog.save.isEnabled()
    three.press(Key.Key_Escape)
    three.until(lambda: three.qt.activeModalWidget() is None)


def test_marks_are_chosen_by_name_and_shown_in_the_list_at_once(three: World) -> None:
    dialog = opened(three, "a")
    dialog.form.colour.setCurrentIndex(dialog.form.colour.findText("Red"))
    dialog.form.production.setChecked(True)
    dialog.form.note.setPlainText("Owner: Finance")
    saved(three, dialog)
    found = stored(three, "b")
    assert (found.colour, found.production, found.note) == (Colour.RED, True, "Owner: Finance")
    three.until(lambda: aloud(dialog, 1) == "Contoso, Red, production, 2 tokens")
    three.until(lambda: three.token("a").organization.production)
    assert not dialog.save.isEnabled()


def test_every_field_can_be_heard(three: World) -> None:
    dialog = opened(three)
    told = spoken_about(dialog)
    for words in ("Find an organization", "Organizations", "Name", "Colour", "Note", "Pause until"):
        assert words in told
    assert "nothing is exchanged by itself" in dialog.form.pauses.accessibleDescription()


def test_the_keyboard_stays_where_it_was_when_a_change_is_saved(three: World) -> None:
    dialog = opened(three, "a")
    dialog.form.name.setFocus()
    three.press(Key.Key_End)
    three.type("x")
    three.press(Key.Key_Return)
    three.until(lambda: "Contosox is saved" in dialog.panel.words())
    assert dialog.form.name.hasFocus()


def test_a_pause_ends_tomorrow_at_the_earliest(three: World) -> None:
    dialog = opened(three, "a")
    dialog.form.pauses.setChecked(True)
    dialog.form.until.setDate(date_of(three.clock()))
    saved(three, dialog)
    assert stored(three, "a").is_paused(three.clock())
    assert dialog.form.pauses.isChecked()


def test_a_pause_is_stored_as_the_beginning_of_a_day_and_ends_by_the_tick(three: World) -> None:
    dialog = opened(three, "c")
    dialog.form.pauses.setChecked(True)
    dialog.form.until.setDate(QDate(2026, 6, 20))
    saved(three, dialog)
    until = stored(three, "c").paused_until
    assert until is not None
    local = until.astimezone()
    assert (local.date().isoformat(), local.hour, local.minute) == ("2026-06-20", 0, 0)
    three.until(lambda: "paused until 20 Jun" in aloud(dialog, 2))
    dialog.form.pauses.setChecked(False)
    saved(three, dialog)
    assert stored(three, "c").paused_until is None


def test_a_rename_is_seen_in_the_list_of_tokens(three: World) -> None:
    dialog = opened(three, "c")
    dialog.form.name.setText("Fabrikam Ltd")
    three.press(Key.Key_Return, CONTROL)
    three.until(lambda: three.token("c").organization.name == "Fabrikam Ltd")
    three.until(lambda: names(dialog) == ["Alpine", "Contoso", "Fabrikam Ltd"])


def test_a_name_that_is_taken_is_said_below_the_field(three: World) -> None:
    with three.parts.database.writing() as connection:
        connection.execute("UPDATE organizations SET service_id = '' WHERE name = 'Alpine'")
    dialog = opened(three, "d")
    dialog.form.name.setText("contoso")
    dialog.save.click()
    field = dialog.form.fields["name"]
    three.until(lambda: bool(field.problem))
    assert "another organization called Contoso" in field.problem
    assert dialog.form.name.hasFocus()
    assert stored(three, "d").name == "Alpine"
    dialog.form.name.setText("Alpine")
    three.press(Key.Key_Escape)
    three.until(lambda: three.qt.activeModalWidget() is None)


def test_an_id_is_typed_only_where_none_is_known(three: World) -> None:
    with three.parts.database.writing() as connection:
        connection.execute("UPDATE organizations SET service_id = '' WHERE name = 'Alpine'")
    dialog = opened(three, "a")
    assert dialog.form.service_id.isReadOnly()
    dialog.list.setCurrentIndex(dialog.model.index(0))
    assert not dialog.form.service_id.isReadOnly()
    dialog.form.service_id.setText("no id")
    dialog.save.click()
    assert "id" in dialog.form.fields["id"].problem
    dialog.form.service_id.setText("11-aa")
    saved(three, dialog)
    assert stored(three, "d").service_id == "11-aa"
    assert dialog.form.service_id.isReadOnly()


def test_the_list_is_filtered_by_name_and_by_mark(three: World) -> None:
    seen = stored(three, "c")
    three.parts.organizations.edit(seen, replace(seen, production=True))
    dialog = opened(three, "a")
    three.type("produ")
    assert names(dialog) == ["Fabrikam"]
    assert dialog.form.name.text() == "Fabrikam"
    three.press(Key.Key_Escape)
    assert names(dialog) == ["Alpine", "Contoso", "Fabrikam"]
    three.press(Key.Key_Up)
    assert dialog.form.name.text() == "Contoso"


def test_what_was_typed_is_asked_about_before_another_one_is_shown(three: World) -> None:
    dialog = opened(three, "a")
    dialog.form.note.setPlainText("half a thought")
    dialog.list.setCurrentIndex(dialog.model.index(2))
    assert dialog.form.name.text() == "Contoso"
    assert dialog.list.currentIndex().row() == 1
    assert "Save what you changed of Contoso?" in dialog.panel.words()
    dialog.panel.buttons[0].click()
    three.until(lambda: dialog.form.name.text() == "Fabrikam")
    assert stored(three, "a").note == "half a thought"
    dialog.form.note.setPlainText("another")
    dialog.list.setCurrentIndex(dialog.model.index(0))
    dialog.panel.buttons[1].click()
    assert dialog.form.name.text() == "Alpine"
    assert stored(three, "c").note == ""


def test_closing_asks_once_and_escape_goes_back_to_what_was_typed(three: World) -> None:
    dialog = opened(three, "a")
    dialog.form.note.setPlainText("half a thought")
    three.press(Key.Key_Escape)
    assert "Save what you changed" in dialog.panel.words()
    three.press(Key.Key_Escape)
    assert dialog.panel.words() == ""
    assert dialog.form.note.toPlainText() == "half a thought"
    three.press(Key.Key_Escape)
    dialog.panel.buttons[0].click()
    three.until(lambda: three.qt.activeModalWidget() is None)
    assert stored(three, "a").note == "half a thought"


def test_what_another_program_changed_is_not_overwritten(three: World) -> None:
    dialog = opened(three, "a")
    seen = stored(three, "a")
    dialog.form.note.setPlainText("stale")
    three.parts.organizations.edit(seen, replace(seen, production=True))
    dialog.save.click()
    three.until(lambda: "changed meanwhile" in dialog.panel.words())
    dialog.panel.buttons[0].click()
    three.until(dialog.form.production.isChecked)
    assert dialog.form.note.toPlainText() == ""
    assert stored(three, "a").note == ""


def test_an_empty_store_says_where_organizations_come_from(world: World) -> None:
    world.start(page=Page.EMPTY)
    world.press(Key.Key_G, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, OrganizationsDialog)
    world.until(dialog.empty.isVisible)
    assert not dialog.save.isVisible()
    assert not dialog.compare.isVisible()


def test_a_pause_that_is_over_is_shown_as_none(three: World) -> None:
    seen = stored(three, "a")
    until = three.clock() + timedelta(days=1)
    three.parts.organizations.edit(seen, replace(seen, paused_until=until))
    three.clock.forward(days=2)
    dialog = opened(three, "a")
    assert not dialog.form.pauses.isChecked()
    assert not dialog.form.is_edited
