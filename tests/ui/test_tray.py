"""What the tray's menu offers and what its icon says; there need not be a tray for it."""

from dataclasses import replace

from PySide6.QtGui import QAction, QColor, QIcon

from partner_tokens.assets import resources_folder
from partner_tokens.core.tokens import State
from partner_tokens.ui.session import Access
from partner_tokens.ui.tray import badged
from ui.world import CONTROL, Key, World


def entries(world: World) -> list[str]:
    world.deeds.tray.menu.aboutToShow.emit()
    return [action.text().replace("&", "") for action in world.deeds.tray.menu.actions()]


def entry(world: World, words: str) -> QAction:
    world.deeds.tray.menu.aboutToShow.emit()
    actions = world.deeds.tray.menu.actions()
    return next(action for action in actions if action.text().replace("&", "") == words)


def test_what_is_pinned_and_what_was_used_lately_can_be_copied_from_the_menu(world: World) -> None:
    for id, organization in (("a", "Adatum"), ("c", "Contoso"), ("f", "Fabrikam")):
        world.store(id, organization)
    world.parts.store.pin("f", True)
    world.start()
    assert not any("Adatum" in words for words in entries(world))
    assert "Fabrikam, build" in entries(world)
    entry(world, "Fabrikam, build").trigger()
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    world.select("c")
    world.press(Key.Key_Return)
    world.until(lambda: world.token("c").last_used_at is not None)
    assert entries(world).index("Contoso, build") > entries(world).index("Fabrikam, build")


def test_the_kinds_of_tokens_in_the_menu_have_headings_that_do_nothing(world: World) -> None:
    world.store("c", "Contoso")
    world.parts.store.pin("c", True)
    world.start()
    assert entries(world).index("Pinned") == entries(world).index("Contoso, build") - 1
    assert not entry(world, "Pinned").isEnabled()


def test_a_locked_program_shows_no_names(world: World) -> None:
    world.store("c", "Contoso")
    world.parts.store.pin("c", True)
    world.start()
    entry(world, "Forget key and headers").trigger()
    world.until(lambda: world.application.session.access is Access.LOCKED)
    assert not any("Contoso" in words for words in entries(world))


def test_the_menu_opens_the_palette_and_the_window(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    world.window.hide()
    entry(world, "Find and copy…").trigger()
    world.until(lambda: world.deeds.quick.is_open)
    entry(world, "Show the window").trigger()
    assert world.window.isVisible()


def test_what_needs_somebody_is_told_beside_the_icon(world: World) -> None:
    world.store("c", "Contoso", state=State.REFUSED)
    world.store("f", "Fabrikam")
    world.start()
    assert world.deeds.tray.words == "Partner Tokens\n1 token needs you"
    world.select("c")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.deeds.tray.words == "Partner Tokens")


def test_the_badge_is_seen_in_the_corner_of_each_size(world: World) -> None:
    plain = QIcon(str(resources_folder() / "icons" / "app.svg"))
    for size in (16, 22, 48):
        ratio = badged(plain).pixmap(size, size).devicePixelRatio()
        picture = badged(plain).pixmap(size, size).toImage()
        place = round((size - size * 7 // 32) * ratio) - 1
        assert picture.pixelColor(place, place) == QColor("#c4314b")
        assert picture.pixelColor(place, place).alpha() == 255


def test_an_ampersand_in_a_name_is_no_shortcut(world: World) -> None:
    world.store("c", "Contoso & Sons")
    world.parts.store.pin("c", True)
    world.start()
    world.deeds.tray.menu.aboutToShow.emit()
    texts = [action.text() for action in world.deeds.tray.menu.actions()]
    assert "Contoso && Sons, build" in texts


def test_long_names_make_no_menu_wider_than_a_screen_and_the_mark_stays(world: World) -> None:
    world.store("c", "W" * 200, name="n" * 200)
    world.parts.store.pin("c", True)
    seen = world.parts.store.token("c").organization
    world.parts.organizations.edit(seen, replace(seen, production=True))
    world.start()
    (words,) = [words for words in entries(world) if "WWW" in words]
    assert words == f"{'W' * 39}…, {'n' * 39}… (production)"
