"""Where a pasted API token goes: into its own field, into no other, and off the clipboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.ui.token_dialog import TokenDialog
from ui.building import Building, hit, press, spoken_about, type_text
from ui.token_dialog_steps import MARKER, OTHER, Opener, dialogs, fill, save

CLEAR_FIELDS = ("organization", "name", "note")
OFF_THE_CLIPBOARD = "The pasted token was taken off the clipboard."


@pytest.fixture
def opened(house: Building, qtbot: QtBot) -> Iterator[Opener]:
    with dialogs(house, qtbot) as opener:
        yield opener
    QGuiApplication.clipboard().clear()


def on_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def control_v(widget: QWidget) -> None:
    widget.setFocus()
    hit(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def paste_by_menu(qtbot: QtBot, widget: QWidget) -> None:
    target = widget.findChild(QWidget, "qt_scrollarea_viewport") or widget
    place = QPoint(4, 4)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, target.mapToGlobal(place))
    QApplication.sendEvent(target, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    [paste] = [a for a in menu.actions() if a.text().replace("&", "").startswith("Paste")]
    paste.trigger()
    menu.close()


def text_of(dialog: TokenDialog, name: str) -> str:
    editor = dialog.form.fields[name].editor
    return editor.text() if isinstance(editor, QLineEdit) else dialog.form.note.toPlainText()


# ---- the caret --------------------------------------------------------------------------------


def test_what_is_pasted_at_once_is_the_api_token(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER, "Proseware")
    house.know(OTHER, "Contoso")
    house.store(OTHER, "Contoso")  # so the endpoint is the service's
    dialog = opened()
    on_clipboard(f" {MARKER}\n")
    control_v(dialog.focusWidget())
    hit(dialog.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    told = {(token.organization.name, token.name) for token in house.stored()}
    assert told == {("Contoso", "build"), ("Proseware", "API token")}


# ---- astray -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLEAR_FIELDS)
def test_a_token_pasted_into_another_field_is_moved_to_its_own(opened: Opener, name: str) -> None:
    dialog = opened()
    on_clipboard(f"{MARKER}\n")
    control_v(dialog.form.fields[name].editor)
    assert text_of(dialog, name) == ""
    assert dialog.form.secret.line.text() == MARKER
    control_v(dialog.form.fields[name].editor)  # once more: it is there already
    assert text_of(dialog, name) == ""
    assert dialog.form.secret.line.text() == MARKER
    assert "Moved here" in spoken_about(dialog)
    assert MARKER not in spoken_about(dialog)
    dialog.form.secret.clear()
    assert "Moved here" not in spoken_about(dialog)


@pytest.mark.parametrize("name", CLEAR_FIELDS)
def test_the_menus_paste_is_heeded_like_the_keys(opened: Opener, qtbot: QtBot, name: str) -> None:
    dialog = opened()
    on_clipboard(MARKER)
    paste_by_menu(qtbot, dialog.form.fields[name].editor)
    assert text_of(dialog, name) == ""
    assert dialog.form.secret.line.text() == MARKER
    on_clipboard("Contoso")
    paste_by_menu(qtbot, dialog.form.fields[name].editor)
    assert text_of(dialog, name) == "Contoso"


@pytest.mark.parametrize("name", CLEAR_FIELDS)
def test_another_text_is_pasted_where_it_is_wanted(opened: Opener, name: str) -> None:
    dialog = opened()
    on_clipboard("Contoso 2026")
    control_v(dialog.form.fields[name].editor)
    assert text_of(dialog, name) == "Contoso 2026"
    assert dialog.form.secret.is_empty
    assert not dialog.form.fields[name].problem


@pytest.mark.parametrize("name", CLEAR_FIELDS)
def test_with_a_token_there_already_a_second_one_astray_is_refused(
    house: Building, opened: Opener, qtbot: QtBot, name: str
) -> None:
    house.know(MARKER)
    dialog = opened()
    fill(dialog, house, organization="Contoso")
    dialog.form.fields[name].editor.setFocus()
    dialog.form.name.selectAll()
    dialog.form.organization.selectAll()
    on_clipboard(OTHER)
    control_v(dialog.form.fields[name].editor)
    field = dialog.form.fields[name]
    assert "it belongs in the field API token" in field.problem
    save(qtbot, dialog)
    assert "it belongs in the field API token" in field.problem
    assert dialog.focusWidget() is field.focus_widget
    assert house.stored() == ()
    assert house.sandbox.requests == ()


def test_even_a_short_token_is_not_stored_as_a_name_too(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know("short-token")
    dialog = opened()
    fill(dialog, house, organization="Contoso", name="my short-token", secret="short-token")
    save(qtbot, dialog)
    assert "it belongs in the field API token" in dialog.form.fields["name"].problem
    assert house.stored() == ()
    dialog.form.name.clear()
    type_text(dialog.form.name, "mine")
    assert not dialog.form.fields["name"].problem
    save(qtbot, dialog)
    assert [token.name for token in house.stored()] == ["mine"]


def test_a_token_among_the_words_of_a_note_is_refused(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    dialog = opened()
    fill(dialog, house)
    dialog.form.note.setPlainText(f"before May it was\n{OTHER}")
    assert "API token" in dialog.form.fields["note"].problem
    save(qtbot, dialog)
    assert house.stored() == ()


# ---- off the clipboard ------------------------------------------------------------------------


def saved_with(
    dialog: TokenDialog, house: Building, qtbot: QtBot, *, organization: str = "Contoso"
) -> str:
    """Saves; gives what is to be said besides."""
    dialog.form.endpoint.setEditText(house.sandbox.url)
    dialog.form.organization.setText(organization)
    with qtbot.waitSignal(dialog.saved) as saved:
        save(qtbot, dialog)
    assert saved.args is not None
    return str(saved.args[1])


@pytest.mark.parametrize("way", ["button", "keys", "astray", "astray in note"])
def test_a_pasted_token_is_taken_off_the_clipboard_once_it_is_stored(
    house: Building, opened: Opener, qtbot: QtBot, way: str
) -> None:
    house.know(MARKER)
    dialog = opened()
    on_clipboard(f"{MARKER}\n")
    match way:
        case "button":
            press(dialog.form.secret.paste)
        case "keys":
            control_v(dialog.form.secret.line)
        case "astray":
            control_v(dialog.form.organization)
        case _:
            control_v(dialog.form.note)
    assert QGuiApplication.clipboard().text() == f"{MARKER}\n"
    assert saved_with(dialog, house, qtbot) == OFF_THE_CLIPBOARD
    assert QGuiApplication.clipboard().text() == ""


def test_another_text_on_the_clipboard_stays(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER)
    dialog = opened()
    on_clipboard(MARKER)
    press(dialog.form.secret.paste)
    on_clipboard("Contoso")
    assert saved_with(dialog, house, qtbot) == ""
    assert QGuiApplication.clipboard().text() == "Contoso"


def test_a_picture_on_the_clipboard_stays(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.know(MARKER)
    dialog = opened()
    on_clipboard(MARKER)
    press(dialog.form.secret.paste)
    picture = QMimeData()
    picture.setData("image/png", b"not looked at")
    QGuiApplication.clipboard().setMimeData(picture)
    assert saved_with(dialog, house, qtbot) == ""
    assert QGuiApplication.clipboard().mimeData().hasFormat("image/png")


def test_a_token_that_was_not_pasted_here_stays_on_the_clipboard(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    house.know(MARKER)
    dialog = opened()
    on_clipboard(MARKER)
    type_text(dialog.form.secret.line, MARKER)
    assert saved_with(dialog, house, qtbot) == ""
    assert QGuiApplication.clipboard().text() == MARKER


def test_a_token_that_was_not_stored_stays_on_the_clipboard(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened()
    fill(dialog, house, organization="Contoso", secret="")
    on_clipboard(MARKER)
    press(dialog.form.secret.paste)
    save(qtbot, dialog)
    assert house.stored() == ()
    dialog.done(0)
    assert QGuiApplication.clipboard().text() == MARKER
