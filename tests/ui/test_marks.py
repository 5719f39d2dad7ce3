"""Marks of organizations as the list shows them: by colour, in words, and aloud."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication

from clock import MovableClock
from partner_tokens.core.marks import colour_word
from partner_tokens.core.tokens import ApiToken, Colour, Organization, State
from partner_tokens.ui.actions import Act
from partner_tokens.ui.look import DARK, LIGHT, Look, Shades, shades_of
from partner_tokens.ui.mark_colours import ON_DARK, ON_LIGHT, mark_colour
from partner_tokens.ui.token_model import Chip, Column, TokenModel
from ui.samples import NOW, api_token
from ui.world import World

LOOKS = [(ON_LIGHT, LIGHT), (ON_DARK, DARK)]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2, section 1.4.3."""

    def luminance(name: str) -> float:
        colour = QColor(name)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mark(world: World, id: str, **marks: object) -> Organization:
    """Marks the organization of a stored token."""
    seen = world.parts.store.token(id).organization
    return world.parts.organizations.edit(seen, replace(seen, **marks))  # type: ignore[arg-type]


@pytest.mark.parametrize(("colours", "shades"), LOOKS)
def test_every_colour_can_be_seen_on_a_line_selected_or_not(
    colours: dict[Colour, str], shades: Shades
) -> None:
    assert set(colours) == set(Colour) - {Colour.NONE}
    for name in colours.values():
        assert min(contrast(name, shades.base), contrast(name, shades.selection)) >= 3


@pytest.mark.parametrize("paper", ["#000000", "#ffffff"])
def test_the_badge_can_be_read_in_every_look(paper: str) -> None:
    palette = QPalette(QColor(paper))
    ink = "#ffffff" if paper == "#000000" else "#000000"
    palette.setColor(QPalette.ColorRole.Base, QColor(paper))
    palette.setColor(QPalette.ColorRole.Text, QColor(ink))
    for shades in (LIGHT, DARK, shades_of(palette)):
        assert contrast(shades.urgent, shades.urgent_on) >= 4.5


def test_every_colour_has_a_name_of_its_own() -> None:
    assert len({colour_word(colour) for colour in Colour}) == len(Colour)


def model_of(*tokens: ApiToken) -> TokenModel:
    model = TokenModel(MovableClock(NOW), lambda _token: None)
    model.set_tokens(tokens)
    return model


def marked(id: str, organization: Organization, state: State = State.READY) -> ApiToken:
    return replace(api_token(id, organization.name, state=state), organization=organization)


def test_production_is_found_by_its_word_and_read_aloud() -> None:
    live = Organization("Contoso", "", 1, production=True, colour=Colour.RED)
    model = model_of(marked("live", live), api_token("test", "Fabrikam"))
    model.filter("produc", Chip.ALL)
    assert [model.row_at(place).token.id for place in range(model.rowCount())] == ["live"]
    sentence = model.sentence(model.row_at(0).token)
    assert sentence.startswith("Contoso, Red, production, build")
    tooltip = model.data(model.index(0, Column.ORGANIZATION), Qt.ItemDataRole.ToolTipRole)
    assert "Red, production" in tooltip


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.READY, "Paused until 4 Jun"),
        (State.UNPROVEN, "Paused until 4 Jun"),
        (State.UNREACHABLE, "Paused until 4 Jun"),
        (State.REFUSED, "Refused by the service"),
        (State.HELD, "Another organization's"),
    ],
)
def test_a_pause_is_said_where_the_background_would_have_exchanged(
    state: State, words: str
) -> None:
    paused = Organization("Contoso", "", 1, paused_until=NOW + timedelta(days=3))
    model = model_of(marked("t", paused, state))
    result = model.index(0, Column.RESULT)
    assert model.data(result) == words
    assert "paused until 4 Jun" in model.sentence(model.row_at(0).token)
    assert "paused until 4 Jun" in model.data(result, Qt.ItemDataRole.ToolTipRole)


def test_the_end_of_a_pause_is_seen_without_a_deed() -> None:
    clock = MovableClock(NOW)
    model = TokenModel(clock, lambda _token: None)
    paused = Organization("Contoso", "", 1, paused_until=NOW + timedelta(minutes=1))
    model.set_tokens([marked("t", paused)])
    assert model.data(model.index(0, Column.RESULT)) == "Paused until 1 Jun"
    changed: list[int] = []
    model.dataChanged.connect(lambda first, _last: changed.append(first.column()))
    clock.forward(minutes=2)
    model.tick(0, 0)
    assert Column.RESULT in changed
    assert model.data(model.index(0, Column.RESULT)) == "Ready"


def pixels(image: QImage, ratio: float, left: float, top: float, count: int) -> set[str]:
    x = round(left * ratio)
    return {image.pixelColor(x, round((top + n) * ratio)).name() for n in range(count)}


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_the_lines_of_an_organization_bear_its_colour_and_others_do_not(
    world: World, qapp: QApplication, scheme: Qt.ColorScheme
) -> None:
    world.store("a", "Contoso")
    world.store("b", "Contoso", name="second")
    world.store("c", "Fabrikam")
    mark(world, "a", colour=Colour.GREEN)
    world.start()
    look = Look(qapp, scheme)
    world.application.look._scheme = scheme
    world.application.look._follow()
    image = world.window.table.viewport().grab().toImage()
    ratio = image.devicePixelRatio()
    green = mark_colour(look, Colour.GREEN).name()

    def has_bar(id: str) -> bool:
        place = world.application.model.place_of(id)
        assert place is not None
        line = world.window.table.visualRect(world.application.model.index(place, 0))
        return green in pixels(image, ratio, 8, line.center().y() - 4, 8)

    assert [has_bar(id) for id in ("a", "b", "c")] == [True, True, False]
    world.application.look._scheme = None
    world.application.look._follow()


def test_the_notice_of_a_copy_says_production(world: World) -> None:
    world.store("a", "Contoso")
    mark(world, "a", production=True)
    world.start()
    world.select("a")
    world.window.wanted.emit(Act.COPY)
    world.until(lambda: "copied" in world.notice())
    assert "csp-auth-token for Contoso (production) copied" in world.notice()
