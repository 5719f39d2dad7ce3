"""The whole window in other languages: nothing is cut, nothing was forgotten, each key is one."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as TimedOut
from pytestqt.qtbot import QtBot

from compiled_words import write_compiled
from partner_tokens.core.language import choose_by, spoken
from partner_tokens.ui.qt_words import KeyNames
from pseudo_words import STRANGE, pseudo
from ui.windows import menus, said, shown, windows
from ui.world import World
from words import TRANSLATIONS, source_words

NO_WORDS = re.compile(
    # what users have stored, what is named alike everywhere, and where the service is
    r"\b(Contoso|Fabrikam|Litware|Northwind|Proseware|Tailspin|ana|partner|example|build"
    r"|Test keyring|Partner Tokens|Key|English|Español|csp-auth-token|api-token|oauth-app|UTC"
    r"|http|org)\b|<[^>]+>|`[^`]*`|\{[a-z_:]+\}|--[a-z-]+|https?://\S+|\b[a-f0-9]{7,}\b"
)
HEAD_MARGINS = 16
"""Left and right of the words of a column head, in pixels."""
SMALL_SCREEN = 800
CHANGED = {chr(code) for code in STRANGE}
"""The letters that the pseudo-language has no more."""


@pytest.fixture
def world(
    request: pytest.FixtureRequest,
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The whole window, not started yet, in the language of the test's parameter."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.setenv("LANGUAGE", request.param)
    choose_by(str)
    assert spoken() == request.param
    names = KeyNames(qapp)
    qapp.installTranslator(names)
    built = World.build(qtbot, qapp, tmp_path / "profile")
    yield built
    built.end()
    qapp.removeTranslator(names)
    monkeypatch.undo()
    choose_by(str)


@pytest.fixture(scope="module")
def _pseudo() -> None:
    """The language that nobody speaks, made of the words that the source has now."""
    write_compiled(pseudo(source_words(), "en_XA"), TRANSLATIONS / "en_XA.mo")


def cut(window: QWidget) -> list[str]:
    """The texts that have less room than they need."""
    found = []
    for widget in shown(window):
        match widget:
            case QAbstractButton() if widget.text() and widget.width() < widget.sizeHint().width():
                found.append(widget.text())
            case QLabel() if (
                not widget.wordWrap()
                and widget.text()
                and widget.width() < widget.sizeHint().width()
                and not widget.accessibleName()  # one that is cut on purpose is told whole
            ):
                found.append(widget.text())
            case QTableView():
                across = widget.horizontalHeader()
                found += [
                    str(widget.model().headerData(column, across.orientation()))
                    for column in range(across.count())
                    if not across.isSectionHidden(column)
                    if across.sectionResizeMode(column) is not QHeaderView.ResizeMode.Stretch
                    if across.sectionSize(column) < _need(across, column)
                ]
    return found


def _is_whole(window: QWidget) -> bool:
    return not cut(window)


def _need(across: QHeaderView, column: int) -> int:
    words = str(across.model().headerData(column, across.orientation()))
    return across.fontMetrics().horizontalAdvance(words) + HEAD_MARGINS


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("world", ["en", "es", "en_XA"], indirect=True)
def test_no_button_chip_label_or_column_head_is_cut(world: World) -> None:
    found = {}
    for name, window in windows(world):
        with suppress(TimedOut):  # a line that has just got other words is laid out soon
            world.qtbot.waitUntil(partial(_is_whole, window), timeout=1000)
        found[name] = cut(window)
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize("world", ["es"], indirect=True)
def test_every_window_can_be_made_as_narrow_as_a_small_screen(world: World) -> None:
    least = {name: window.minimumSizeHint().width() for name, window in windows(world)}
    assert {name: width for name, width in least.items() if width > SMALL_SCREEN} == {}


@pytest.mark.usefixtures("_pseudo")
@pytest.mark.parametrize("world", ["en_XA"], indirect=True)
def test_all_that_is_said_can_be_translated(world: World) -> None:
    plain = {
        (name, text)
        for name, window in windows(world)
        for text in said(window)
        for word in re.findall(r"\b[A-Za-z]{3,}\b", NO_WORDS.sub("", text))
        if CHANGED & set(word)
    }
    assert plain == set()


def letters(texts: list[str]) -> list[str]:
    """The letters that are given twice."""
    found = Counter(match[1].lower() for text in texts if (match := re.search(r"&([^&\s])", text)))
    return [letter for letter, count in found.items() if count > 1]


@pytest.mark.parametrize("world", ["en", "es"], indirect=True)
def test_no_letter_is_given_twice_in_a_window_or_menu(world: World) -> None:
    twice: dict[str, object] = {}
    for name, window in windows(world):
        texts = [w.text() for w in shown(window) if isinstance(w, QAbstractButton | QLabel)]
        given = letters(texts)
        if given:
            twice[name] = [
                text for text in texts if any(f"&{one}" in text.lower() for one in given)
            ]
        for menu in menus(window):
            if given := letters([_title(menu, place) for place in range(len(menu.actions()))]):
                twice[f"{name}, {menu.title()}"] = given
    assert twice == {}


def _title(menu: QMenu, place: int) -> str:
    return menu.actions()[place].text()
