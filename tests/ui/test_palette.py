"""The quick palette: opened on call, found by a few letters, copied by a key, gone."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from partner_tokens.core.formats import Format
from partner_tokens.core.tokens import State
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.palette import CURL, Palette
from ui.world import Key, World

NONE = Qt.KeyboardModifier.NoModifier


def opened(world: World, words: str = "") -> Palette:
    world.deeds.quick.open(words)
    palette = world.deeds.quick.palette
    world.until(palette.isVisible)
    return palette


def press(palette: Palette, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(palette.search, key, modifier)


def offered(palette: Palette) -> list[str]:
    model = palette.model
    return [model.token_at(n).organization.name for n in range(model.rowCount())]


@pytest.fixture
def three(world: World) -> World:
    for id, organization in (("a", "Adatum"), ("c", "Contoso"), ("f", "Fabrikam")):
        world.store(id, organization)
    return world.start()


def test_a_few_letters_and_enter_copy_the_header_and_the_palette_is_gone(three: World) -> None:
    palette = opened(three)
    QTest.keyClicks(palette.search, "cont")
    assert offered(palette) == ["Contoso"]
    press(palette, Key.Key_Return)
    three.until(lambda: three.clipboard().startswith("csp-auth-token: "))
    assert not palette.isVisible()
    assert "Contoso" in three.notice()


@pytest.mark.parametrize(
    ("modifier", "begins"),
    [
        (Qt.KeyboardModifier.ControlModifier, "curl"),
        (Qt.KeyboardModifier.AltModifier, "$request"),
    ],
)
def test_a_modifier_asks_for_a_command(
    three: World, modifier: Qt.KeyboardModifier, begins: str
) -> None:
    palette = opened(three)
    press(palette, Key.Key_Return, modifier)
    three.until(lambda: three.clipboard().startswith(begins))
    assert CURL.value.startswith("curl")


def test_tab_offers_the_other_forms(three: World) -> None:
    palette = opened(three, "fabri")
    press(palette, Key.Key_Tab)
    menu = three.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    bearer = next(action for action in menu.actions() if action.data() == Format.BEARER)
    letter = bearer.text().partition("&")[2][0].upper()
    QTest.keyClick(menu, Qt.Key(ord(letter)))
    three.until(lambda: three.clipboard().startswith("Authorization: Bearer "))


def test_what_was_used_lately_is_offered_first_next_time(three: World) -> None:
    palette = opened(three)
    assert offered(palette) == ["Adatum", "Contoso", "Fabrikam"]
    press(palette, Key.Key_Down)
    press(palette, Key.Key_Down)
    press(palette, Key.Key_Return)
    three.until(lambda: not palette.isVisible())
    three.until(lambda: three.token("f").last_used_at is not None)
    assert offered(opened(three)) == ["Fabrikam", "Adatum", "Contoso"]


def test_escape_closes_it_and_copies_nothing(three: World) -> None:
    palette = opened(three)
    press(palette, Key.Key_Escape)
    assert not palette.isVisible()
    assert three.clipboard() == ""
    assert three.window.isVisible()


def test_a_refusal_is_said_in_the_palette_which_stays(world: World) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    palette = opened(world)
    press(palette, Key.Key_Return)
    world.until(lambda: "refused" in palette.notices.words())
    assert palette.isVisible()
    assert "Contoso" in palette.notices.words()
    palette.notices.button(0).click()
    assert not palette.isVisible()
    world.until(world.window.isActiveWindow)


def test_a_passcode_is_asked_for_in_place(world: World) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    palette = opened(world)
    press(palette, Key.Key_Return)
    world.until(lambda: "passcode" in palette.notices.words())
    field = palette.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "123456")
    QTest.keyClick(field, Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert not palette.isVisible()


@pytest.fixture
def two_with_passcodes(world: World) -> World:
    for id, organization in (("c", "Contoso"), ("f", "Fabrikam")):
        world.store(id, organization, behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    return world.start()


def asked_for(world: World, words: str) -> Palette:
    """A passcode is asked for in the palette, for the token that these words mean."""
    palette = opened(world, words)
    press(palette, Key.Key_Return)
    world.until(lambda: "passcode" in palette.notices.words())
    return palette


def copied_in_the_window(world: World, id: str) -> None:
    world.press(Key.Key_Escape)  # what the window has told so far
    assert world.notice() == ""
    world.select(id)
    world.press(Key.Key_Return)


def owner_of_header_for_passcode(world: World, palette: Palette) -> str:
    """The organization whose header is copied once the passcode is typed into the palette."""
    field = palette.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "123456")
    QTest.keyClick(field, Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    holder = world.sandbox.holder_of(world.clipboard().removeprefix("csp-auth-token: "))
    assert holder is not None
    return holder.organization


def test_what_was_asked_in_a_closed_palette_is_not_answered_in_the_next(
    two_with_passcodes: World,
) -> None:
    world = two_with_passcodes
    asked_for(world, "contoso").close()
    copied_in_the_window(world, "f")
    palette = opened(world)
    world.until(lambda: "Fabrikam" in world.notice())
    assert palette.notices.words() == ""
    palette.close()
    palette = asked_for(world, "fabrikam")
    assert owner_of_header_for_passcode(world, palette) == "Fabrikam"


def test_a_failure_in_the_window_opens_no_palette_that_was_closed(
    two_with_passcodes: World,
) -> None:
    world = two_with_passcodes
    palette = asked_for(world, "contoso")
    palette.close()
    copied_in_the_window(world, "c")
    world.until(lambda: "Contoso" in world.notice())
    assert not palette.isVisible()


def test_a_palette_that_was_closed_by_escape_stays_closed_where_the_copy_fails(
    world: World,
) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    palette = opened(world)
    press(palette, Key.Key_Return)
    press(palette, Key.Key_Escape)
    world.until(lambda: "refused" in world.notice())
    assert not palette.isVisible()


def test_a_wrong_passcode_is_said_and_the_next_one_is_for_the_same_token(
    two_with_passcodes: World,
) -> None:
    world = two_with_passcodes
    palette = asked_for(world, "fabrikam")
    for digits in ("654321", "123456"):
        field = palette.focusWidget()
        assert field is not None
        QTest.keyClicks(field, digits)
        QTest.keyClick(field, Key.Key_Return)
        world.until(lambda: "did not accept" in palette.notices.words() or not palette.isVisible())
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert not palette.isVisible()
    assert "Fabrikam" in world.notice()


def test_a_copy_in_the_window_leaves_the_palette_open(three: World) -> None:
    copied_in_the_window(three, "c")
    palette = opened(three)
    QTest.keyClicks(palette.search, "fab")
    three.until(lambda: three.clipboard().startswith("csp-auth-token: "))
    assert palette.isVisible()
    assert palette.search.text() == "fab"


def test_a_copy_from_outside_leaves_a_palette_open_that_was_opened_meanwhile(three: World) -> None:
    three.deeds.quick.copy("contoso")
    palette = opened(three)
    QTest.keyClicks(palette.search, "fab")
    three.until(lambda: three.clipboard().startswith("csp-auth-token: "))
    assert palette.isVisible()


def test_words_that_mean_one_token_copy_it_without_a_window(three: World) -> None:
    three.deeds.quick.copy("contoso build")
    three.until(lambda: three.clipboard().startswith("csp-auth-token: "))
    assert not three.deeds.quick.is_open


@pytest.mark.parametrize("words", ["build", "nobody", ""])
def test_words_that_mean_several_or_none_open_the_palette_with_them(
    three: World, words: str
) -> None:
    three.deeds.quick.copy(words)
    palette = three.deeds.quick.palette
    assert palette.isVisible()
    assert palette.search.text() == words
    assert len(offered(palette)) == (0 if words == "nobody" else 3)
    assert three.clipboard() == ""


def test_a_note_that_speaks_of_another_organization_copies_nothing_unseen(three: World) -> None:
    one = three.parts.store.token("a")
    three.parts.store.edit(replace(one, note="as for Tailspin"))
    three.application.shelf.reload()
    three.until(
        lambda: "as for Tailspin" in {token.note for token in three.application.model.tokens()}
    )
    three.deeds.quick.copy("tailspin")
    assert offered(three.deeds.quick.palette) == ["Adatum"]  # to be looked at, and then chosen
    assert three.clipboard() == ""


def test_a_copy_from_outside_that_fails_opens_the_palette_to_say_so(world: World) -> None:
    world.store("c", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    world.deeds.quick.copy("contoso")
    world.until(lambda: world.deeds.quick.is_open)
    assert "refused" in world.deeds.quick.palette.notices.words()


def test_a_copy_from_outside_that_wants_a_passcode_asks_for_it_in_the_palette(
    two_with_passcodes: World,
) -> None:
    world = two_with_passcodes
    world.deeds.quick.copy("contoso")
    world.until(lambda: world.deeds.quick.is_open)
    palette = world.deeds.quick.palette
    assert "passcode" in palette.notices.words()
    field = palette.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "123456")
    QTest.keyClick(field, Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert not palette.isVisible()


def test_another_line_that_is_clicked_takes_the_place_of_the_question(
    two_with_passcodes: World,
) -> None:
    world = two_with_passcodes
    palette = asked_for(world, "build")
    assert "Contoso" in palette.notices.words()
    line = palette.list.visualRect(palette.model.index(1)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=line)
    assert "Contoso" not in palette.notices.words()
    world.until(lambda: "Fabrikam" in palette.notices.words())
    assert owner_of_header_for_passcode(world, palette) == "Fabrikam"


def test_a_row_reads_as_a_sentence_and_says_what_is_left(three: World) -> None:
    palette = opened(three, "adatum")
    press(palette, Key.Key_Return)
    three.until(lambda: not palette.isVisible())
    palette = opened(three, "adatum")
    index = palette.model.index(0)
    sentence = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert sentence.startswith("Adatum, build, ")
    assert "left" in sentence
    assert palette.model.standing(palette.model.token_at(0)) == ("30:00", False)


def test_more_than_fit_are_counted(world: World) -> None:
    for n in range(60):
        world.store(f"t{n:02}", f"Org {n:02}")
    world.start()
    palette = opened(world)
    assert palette.model.rowCount() == 50
    assert palette.list.accessibleDescription() == "10 more: type to narrow"


TWO_SCREENS = """
import sys
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from partner_tokens.core.clock import utc_now
from partner_tokens.ui.look import Look
from partner_tokens.ui.palette import Palette
qt = QApplication([])
palette = Palette(Look(qt), utc_now, lambda token: None, lambda: ())
for place in (300, 1700):
    QCursor.setPos(place, 300)
    palette.open([])
    print(palette.geometry().center().x())
    palette.close()
"""


def test_it_stands_in_the_middle_of_the_screen_with_the_pointer(tmp_path: Path) -> None:
    left = {"name": "left", "x": 0, "y": 0, "width": 1000, "height": 800}
    right = {"name": "right", "x": 1000, "y": 0, "width": 1200, "height": 900}
    screens = tmp_path / "screens.json"
    screens.write_text(json.dumps({"screens": [left, right]}))
    done = subprocess.run(
        [sys.executable, "-c", TWO_SCREENS],
        env=os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={screens}"},
        capture_output=True,
        text=True,
        check=True,
    )
    middles = [int(line) for line in done.stdout.splitlines()]
    assert middles == [pytest.approx(500, abs=2), pytest.approx(1600, abs=2)]
