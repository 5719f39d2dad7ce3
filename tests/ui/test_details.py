"""The details beside the list: opened by a key, following the choice, telling what happened."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from partner_tokens.core.preferences import load, save
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.actions import Act
from partner_tokens.ui.details_panel import DetailsPanel
from partner_tokens.ui.fact_list import FactText
from partner_tokens.ui.main_window import Page
from ui.building import spoken_about
from ui.world import CONTROL, Key, World

ALT = Qt.KeyboardModifier.AltModifier
WIDE, NARROW = QSize(1200, 760), QSize(700, 640)


@pytest.fixture
def wide(world: World) -> World:
    """Two tokens in a window with room beside the list."""
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    world.window.resize(WIDE)
    return world


def panel_of(world: World) -> DetailsPanel:
    panel = world.deeds.details.panel
    assert panel is not None
    return panel


def opened(world: World) -> DetailsPanel:
    """Opened by its key, with the history read."""
    world.press(Key.Key_Return, ALT)
    panel = panel_of(world)
    world.until(lambda: bool(history(world)))
    return panel


def history(world: World) -> list[str]:
    entries = panel_of(world).history.entries
    return [str(entries.index(row, 0).data()) for row in range(entries.rowCount())]


# ---- opening ----------------------------------------------------------------------------------


def test_a_key_opens_the_details_and_the_keyboard_stays_where_it_was(wide: World) -> None:
    assert wide.deeds.details.panel is None
    panel = opened(wide)
    assert panel.isVisible()
    assert wide.window.search.hasFocus()
    assert panel.title.toPlainText() == "Contoso"
    wide.press(Key.Key_Return, ALT)
    assert not panel.isVisible()


def test_the_panel_stands_beside_the_list_and_below_it_in_a_narrow_window(wide: World) -> None:
    panel = opened(wide)
    wide.until(lambda: panel.x() > 0)
    assert panel.y() == 0
    wide.window.resize(NARROW)
    wide.until(lambda: panel.y() > 0)
    assert panel.x() == 0
    assert panel.title.isHidden() or not panel.title.isVisible()
    wide.window.resize(WIDE)
    wide.until(lambda: panel.x() > 0)


def test_the_line_spoken_of_stays_in_sight_when_the_panel_opens_below(world: World) -> None:
    for number in range(30):
        world.store(f"t{number:02}", f"Organization {number:02}")
    world.start()
    world.window.resize(NARROW)
    world.select("t09")
    opened(world)
    table = world.window.table
    world.until(
        lambda: table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    )


def test_a_height_that_was_chosen_stays_while_the_window_changes(wide: World) -> None:
    panel = opened(wide)
    wide.window.resize(NARROW)
    wide.until(lambda: panel.y() > 0)
    middle = wide.window.middle
    middle.setSizes([middle.height() - 180, 180])
    middle.splitterMoved.emit(0, 1)
    wide.window.resize(NARROW.width(), NARROW.height() + 60)
    wide.until(lambda: panel.height() == 180)


def test_open_and_width_are_remembered_and_closed_leaves_no_trace(wide: World) -> None:
    opened(wide)
    details, path = wide.deeds.details, wide.parts.profile.preferences_path
    wide.window.middle.setSizes([700, 500])
    wide.window.middle.splitterMoved.emit(700, 1)
    wide.application.stop()
    assert load(path)[0].details is True
    assert load(path)[0].details_width == wide.window.middle.sizes()[1]
    save(path, details=False, details_width=0)
    assert "details" not in path.read_text()
    assert set(details.remembered()) == {"details", "details_width"}


def test_details_that_were_open_are_open_after_the_first_paint(world: World) -> None:
    world.store("contoso", "Contoso")
    save(world.parts.profile.preferences_path, details=True, details_width=99_999)
    world.start()
    world.until(lambda: world.deeds.details.panel is not None)
    world.until(lambda: bool(history(world)))
    assert panel_of(world).isVisible()
    assert world.window.table.width() > 100


# ---- following --------------------------------------------------------------------------------


def test_the_panel_follows_the_selection(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Down)
    wide.until(lambda: panel.title.toPlainText() == "Fabrikam")
    wide.until(lambda: bool(history(wide)))
    wide.type("contoso")
    wide.until(lambda: panel.title.toPlainText() == "Contoso")
    wide.type("zzz")
    wide.until(lambda: panel.title.toPlainText() == "")
    assert history(wide) == []
    assert not panel.export.isEnabled()


def test_a_copy_shows_the_claims_and_stands_in_the_history(wide: World) -> None:
    panel = opened(wide)
    assert panel.access.facts() == {"At hand": "None. It is fetched when you copy."}
    assert panel.statement.isHidden()
    wide.press(Key.Key_Return)
    wide.until(lambda: history(wide)[0].startswith("Copied: Header csp-auth-token"))
    assert history(wide)[1].startswith("Exchanged")
    assert panel.access.facts()["Life left"] == "30:00 of 30 minutes"
    facts = panel.statement.facts()
    assert facts["Organization id"] == "org-Contoso"
    assert "organization owner" in facts["Roles"].splitlines()


def test_the_life_that_is_left_counts_down_and_ends(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Return)
    wide.until(lambda: "Life left" in panel.access.facts())
    wide.clock.forward(seconds=65)
    wide.window.ticked.emit()
    assert panel.access.facts()["Life left"] == "28:55 of 30 minutes"
    wide.clock.forward(minutes=30)
    wide.window.ticked.emit()
    assert "Life left" not in panel.access.facts()
    assert panel.statement.isHidden()


def test_a_refusal_is_shown_with_its_request_id(wide: World) -> None:
    panel = opened(wide)
    wide.select("fabrikam")
    wide.until(lambda: panel.title.toPlainText() == "Fabrikam" and bool(history(wide)))
    wide.press(Key.Key_Return)
    wide.until(lambda: panel.result.facts().get("Result") == "Refused by the service")
    wide.until(lambda: bool(history(wide)) and history(wide)[0].startswith("Refused"))
    request_id = panel.result.facts()["Request id"]
    assert request_id
    assert request_id in history(wide)[0]


def test_what_another_program_notes_is_shown(wide: World) -> None:
    opened(wide)
    token = wide.parts.store.token("contoso")
    organization = replace(token.organization, name="Contoso Ltd")
    wide.parts.store.edit(replace(token, name="other", organization=organization))
    wide.application.shelf.reload()
    wide.until(lambda: history(wide)[0].startswith("Edited: the organization's name, name"))


def test_notes_and_what_the_service_said_are_shown_where_there_are_any(wide: World) -> None:
    panel = opened(wide)
    assert panel.notes.isHidden()
    assert panel.particulars.isHidden()
    token = wide.parts.store.token("contoso")
    wide.parts.store.edit(replace(token, note="<b>Ask Ana</b>"))
    wide.application.shelf.reload()
    wide.until(lambda: panel.notes.facts() == {"Token": "<b>Ask Ana</b>"})


def test_a_locked_window_shows_nothing_of_any_token(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Return)
    wide.until(lambda: bool(panel.statement.facts()))
    wide.window.wanted.emit(Act.LOCK)
    wide.until(lambda: wide.window.page is Page.SHUT)
    assert not panel.isVisible()
    assert panel.title.toPlainText() == ""
    assert history(wide) == []
    assert all(facts.facts() == {} for facts in panel._lists())


# ---- by keyboard and by ear -------------------------------------------------------------------


def test_f6_goes_into_the_panel_and_back_and_escape_leaves_it(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_F6)
    assert panel.isAncestorOf(wide.window.focusWidget())
    wide.press(Key.Key_F6)
    assert wide.window.search.hasFocus()
    wide.press(Key.Key_F6)
    wide.press(Key.Key_Escape)
    assert wide.window.search.hasFocus()
    wide.press(Key.Key_F6)
    wide.type("fab")
    assert wide.window.search.text() == "fab"


def test_closing_from_inside_gives_the_keyboard_back(wide: World) -> None:
    opened(wide)
    wide.press(Key.Key_F6)
    wide.press(Key.Key_Return, ALT)
    assert wide.window.search.hasFocus()


def test_every_text_has_the_name_of_its_label(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Return)
    wide.until(lambda: bool(panel.statement.facts()))
    texts = [text for text in panel.findChildren(FactText) if text.isVisible()]
    assert len(texts) > 12
    for text in texts:
        assert text.accessibleName()
        assert text.focusPolicy() is Qt.FocusPolicy.StrongFocus
    assert "Organization id" in {text.accessibleName() for text in texts}


def test_what_is_selected_stays_so_from_one_second_to_the_next(wide: World) -> None:
    panel = opened(wide)
    token = wide.parts.store.token("contoso")
    wide.parts.store.edit(replace(token, note="spaces\u00a0that do not break\r\nlines"))
    wide.application.shelf.reload()
    wide.until(lambda: bool(panel.notes.facts()))
    note = next(text for text in panel.notes.findChildren(FactText) if text.isVisible())
    note.selectAll()
    wide.window.ticked.emit()
    assert note.textCursor().hasSelection()


def test_control_c_copies_what_is_selected_here_and_else_the_header(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_F6)
    wide.press(Key.Key_A, CONTROL)
    wide.press(Key.Key_C, CONTROL)
    assert wide.clipboard().startswith("in 3 months")
    panel.tabs.setCurrentIndex(1)
    panel.history.setFocus()
    wide.press(Key.Key_C, CONTROL)
    assert wide.clipboard() == history(wide)[0]
    wide.window.search.setFocus()
    wide.press(Key.Key_C, CONTROL)
    wide.until(lambda: wide.clipboard().startswith("csp-auth-token: "))


def test_no_access_token_is_in_anything_the_panel_says(wide: World) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Return)
    wide.until(lambda: bool(panel.statement.facts()))
    wide.until(lambda: wide.clipboard().startswith("csp-auth-token: "))
    header = wide.clipboard().removeprefix("csp-auth-token: ")
    said = spoken_about(panel)
    assert "org-Contoso" in said
    assert not any(part in said for part in header.split("."))


# ---- the file ---------------------------------------------------------------------------------


def test_the_history_is_exported_from_the_panel(wide: World, tmp_path: Path) -> None:
    panel = opened(wide)
    wide.press(Key.Key_Return)
    wide.until(lambda: len(history(wide)) > 2)
    panel.tabs.setCurrentIndex(1)
    panel.export.click()
    dialog = wide.dialog()
    assert isinstance(dialog, QFileDialog)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    assert name.text() == "partner-tokens-history-2026-06-01.csv"
    file = tmp_path / "history.csv"
    name.setText(str(file))
    QTest.keyClick(name, Key.Key_Return)
    wide.until(lambda: "lines written to history.csv" in wide.notice())
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    assert [(row["event"], row["detail"]) for row in rows][:2] == [
        ("copied", "header"),
        ("exchanged", ""),
    ]
    assert rows[-1]["event"] == "added"
    assert {row["organization"] for row in rows} == {"Contoso"}
