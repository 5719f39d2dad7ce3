"""Contrast, measured: text 4.5:1; icons, edges of controls and the focus 3:1; in every look."""

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from partner_tokens.assets import resources_folder
from partner_tokens.core.tokens import Colour
from partner_tokens.ui.look import DARK, LIGHT, Look, Shades, shades_of
from partner_tokens.ui.mark_colours import ON_DARK, ON_LIGHT
from partner_tokens.ui.tray import badged
from ui.contrast import contrast

TEXT, PART = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11: text; what tells a control, its state or a picture."""

CONTRAST_THEMES = {
    # Windows 11: background, text, text that is off, selected text, its ground
    "aquatic": ("#202020", "#ffffff", "#a6a6a6", "#263b50", "#8ee3f0"),
    "desert": ("#fffaef", "#3d3d3d", "#676767", "#fff5e3", "#903909"),
    "dusk": ("#2d3236", "#ffffff", "#a6a6a6", "#212d3b", "#a1bfde"),
    "night sky": ("#000000", "#ffffff", "#a6a6a6", "#2b2b2b", "#d6b4fd"),
}
TONES = ("over", "urgent", "soon", "fine", "plain")
PAPERS = ("base", "window", "selection", *(f"{tone}_on" for tone in TONES))
STYLE = resources_folder() / "style.qss"


def forced(theme: str) -> Shades:
    """The shades under a contrast theme of the system."""
    ground, text, off, chosen, chosen_ground = CONTRAST_THEMES[theme]
    role, palette = QPalette.ColorRole, QPalette()
    for which, colour in (
        *((ground_role, ground) for ground_role in (role.Window, role.Base, role.Button)),
        *((ink, text) for ink in (role.WindowText, role.Text, role.ButtonText)),
        (role.Highlight, chosen_ground),
        (role.HighlightedText, chosen),
    ):
        palette.setColor(which, QColor(colour))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Text, QColor(off))
    return shades_of(palette)


LOOKS = {"light": LIGHT, "dark": DARK}


@pytest.fixture(params=[*LOOKS, *CONTRAST_THEMES])
def shades(request: pytest.FixtureRequest, qapp: QApplication) -> Shades:
    name: str = request.param
    return LOOKS[name] if name in LOOKS else forced(name)


def weak(shades: Shades, pairs: Iterator[tuple[str, str]], least: float) -> list[str]:
    """The pairs that are too weak, with what was measured."""
    measured = (
        (ink, paper, contrast(getattr(shades, ink), getattr(shades, paper))) for ink, paper in pairs
    )
    return [f"{ink} on {paper}: {ratio:.2f}" for ink, paper, ratio in measured if ratio < least]


def test_words_can_be_read_on_every_paper(shades: Shades) -> None:
    everywhere = product(("text", "dim", "off"), PAPERS)
    toned = ((tone, paper) for tone in TONES for paper in (*PAPERS[:3], "plain_on", f"{tone}_on"))
    assert weak(shades, everywhere, TEXT) == []
    assert weak(shades, toned, TEXT) == []
    assert weak(shades, product(["accent_text"], ["accent", "accent_hover"]), TEXT) == []
    assert weak(shades, product(["accent"], ["base", "window"]), TEXT) == []  # links


def test_icons_edges_and_the_focus_can_be_seen_on_every_paper(shades: Shades) -> None:
    inks = ("accent", "edge", "text", "dim", *TONES)
    assert weak(shades, product(inks, PAPERS), PART) == []


def test_the_marks_of_organizations_can_be_seen_on_every_line(shades: Shades) -> None:
    marks = ON_DARK if QColor(shades.base).lightness() < 128 else ON_LIGHT
    papers = (shades.base, shades.selection, shades.window)
    ratios = {(mark, paper): contrast(marks[mark], paper) for mark in marks for paper in papers}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < PART} == {}
    assert set(marks) == {colour for colour in Colour if colour}


def test_all_colours_of_the_style_sheet_are_pairs_that_were_measured() -> None:
    """A rule with an ink and a paper of its own names a pair of the tests above."""
    sheet = re.sub(r"/\*.*?\*/", "", STYLE.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\s*;|rgba?\(", sheet) == []
    shades = {field.name for field in fields(Shades)}
    assert set(re.findall(r"@(\w+)", sheet)) - {"leading"} <= shades  # one is a side
    wrong = []
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        rule = dict(re.findall(r"([\w-]+):\s*([^;]+);", body))
        ink, paper = rule.get("color", ""), rule.get("background", "transparent")
        if not ink or not paper.startswith("@"):
            continue
        ink, paper = ink[1:], paper[1:]
        on_accent = ink == "accent_text" and paper in {"accent", "accent_hover"}
        own = paper in {"base", "window", "selection", "plain_on", f"{ink}_on"}
        if not on_accent and not (own and ink in {"text", "dim", "off", *TONES}):
            wrong.append(f"{selector.strip()}: {ink} on {paper}")
    assert wrong == []


def test_what_has_the_focus_says_so_by_a_thick_edge() -> None:
    """Two pixels: an edge that changes its colour alone is told from the others by colour alone."""
    sheet = STYLE.read_text("utf-8")
    colours = {
        selector.strip(): re.findall(r"border(?:-color)?:[^;]*@(\w+)", body)
        for selector, body in re.findall(r"([^{}]*:focus[^{}]*)\{([^}]*)\}", sheet)
    }
    used = {colour for found in colours.values() for colour in found}
    assert used == {"accent", "text"}


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
@pytest.mark.parametrize("kind", ["button", "main button", "chip", "field"])
def test_a_control_that_gets_the_focus_shows_it_and_nothing_moves(
    qtbot: QtBot, qapp: QApplication, scheme: Qt.ColorScheme, kind: str
) -> None:
    look = Look(qapp, scheme)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other = QPushButton("Other")
    control: QWidget = QLineEdit("Words") if kind == "field" else QPushButton("Words")
    control.setProperty("primary", kind == "main button")
    control.setProperty("chip", kind == "chip")
    column.addWidget(other)
    column.addWidget(control)
    window.show()
    other.setFocus()
    window.activateWindow()
    qtbot.waitUntil(other.hasFocus)
    before, size = control.grab().toImage(), control.sizeHint()
    control.setFocus()
    qtbot.waitUntil(control.hasFocus)
    after = control.grab().toImage()
    assert control.sizeHint() == size
    middle = before.height() // 2
    ring = [after.pixelColor(x, middle).name() for x in (0, 1)]
    quiet = [before.pixelColor(x, middle).name() for x in (0, 1)]
    ring_shade = look.shades.accent if kind in {"button", "field"} else look.shades.text
    assert ring == [ring_shade] * 2
    assert contrast(ring[1], look.shades.window) >= PART
    if kind != "main button":  # its own ground is the accent: the ring stands out of the window
        assert contrast(ring[1], quiet[1]) >= PART


def test_the_icon_in_the_tray_can_be_seen_and_its_badge_as_well(qapp: QApplication) -> None:
    drawing = (resources_folder() / "icons" / "app.svg").read_text("utf-8")
    grounds = re.findall(r'stop-color="(#\w{6})"', drawing)
    assert len(grounds) == 2
    assert [g for g in grounds if contrast(g, "#ffffff") < PART] == []
    picture = badged(QIcon(str(Path(resources_folder() / "icons" / "app.svg")))).pixmap(64, 64)
    image = picture.toImage()
    dot, ring = image.pixelColor(50, 50).name(), image.pixelColor(50, 37).name()
    assert contrast(dot, ring) >= PART
