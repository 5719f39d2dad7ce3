"""The day's reminder: once, when rows and clock are there, without taking the keyboard."""

from datetime import timedelta

from PySide6.QtWidgets import QLabel

from partner_tokens.core.instants import local_day
from partner_tokens.core.preferences import save
from partner_tokens.core.secret import Secret
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.token_model import Chip
from ui.world import CONTROL, Key, World


def look(world: World) -> None:
    """Looks as the timer would, and waits until what it found is told."""
    reminders = world.deeds.reminders
    reminders.look()
    world.until(lambda: not reminders._is_looking)


def fill(world: World) -> None:
    world.store("fabrikam", "Fabrikam", days=6)
    world.store("contoso", "Contoso", days=90)
    world.store("coho", "Coho Winery", days=-2)


def test_what_runs_out_is_told_once_with_counts_and_names_only(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    assert world.banner() == (
        "2 API tokens to look after 1 has run out, 1 within 7 days: Coho Winery, Fabrikam."
    )
    assert world.window.search.hasFocus()
    world.window.banner.button(2).click()
    look(world)
    assert world.banner() == ""


def test_they_are_told_where_the_window_was_never_shown_as_well(world: World) -> None:
    fill(world)
    world.application.start_without_window(lambda: world.deeds.quick.open())
    world.until(lambda: world.application.model.counts()[Chip.REMINDED] == 2)
    assert not world.window.isVisible()
    world.deeds.quick.close()


def test_showing_them_filters_the_list(world: World) -> None:
    fill(world)
    world.start()
    world.type("nothing like this")
    world.until(lambda: world.banner() != "")
    world.window.banner.button(1).click()
    assert sorted(world.shown()) == ["coho", "fabrikam"]
    assert world.window.chips.chip is Chip.REMINDED
    assert world.banner() == ""


def test_the_banner_counts_what_is_left_and_goes_with_the_last_of_them(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    world.select("contoso")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: "contoso" not in world.shown())
    assert world.banner().startswith("2 API tokens to look after")
    world.select("coho")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.banner() == "1 API token to look after 1 within 7 days: Fabrikam.")
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.banner().startswith("2 API tokens to look after"))
    for organization in ("coho", "fabrikam"):
        world.select(organization)
        world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.banner() == "")


def test_a_click_on_the_desktops_message_shows_them_too(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    world.deeds.tray.message_clicked.emit()
    assert sorted(world.shown()) == ["coho", "fabrikam"]


def test_the_next_day_tells_only_what_is_new(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    world.window.banner.button(2).click()
    world.clock.forward(days=1)
    look(world)
    assert world.banner() == ""
    world.clock.forward(days=4)
    look(world)
    assert world.banner().endswith("1 within 1 day: Fabrikam.")


def test_a_second_window_is_silent_on_the_same_day(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    backend = world.backend
    world.restart_parts(lambda: backend)
    world.start()
    world.until(lambda: len(world.application.watch.healths()) == 1)
    look(world)
    assert world.banner() == ""


def test_nothing_is_told_where_nothing_runs_out(world: World) -> None:
    world.store("contoso", "Contoso", days=90)
    world.start()
    world.until(lambda: len(world.application.watch.healths()) == 1)
    look(world)
    assert world.banner() == ""
    assert not list(world.folder.glob("reminded-*"))


def test_nothing_is_judged_before_rows_and_clock_are_there(world: World) -> None:
    fill(world)
    looking: list[bool] = []

    def look_early() -> None:
        world.deeds.reminders.look()
        looking.append(world.deeds.reminders._is_looking)

    world.window.painted.connect(look_early)
    world.start()
    assert looking == [False]
    world.until(lambda: world.banner() != "")
    assert world.application.watch.healths()


def test_while_the_clock_is_wrong_nothing_is_told_but_that(world: World) -> None:
    fill(world)
    world.sandbox.switch(clock_skew=timedelta(hours=5))
    world.start()
    world.until(lambda: "clock" in world.banner())
    look(world)
    assert not list(world.folder.glob("reminded-*"))


def test_a_locked_window_tells_counts_only(world: World) -> None:
    world.parts.vault.begin_with_passphrase(Secret("correct horse battery"))
    fill(world)
    backend = world.backend
    world.restart_parts(lambda: backend)
    world.start(page=Page.SHUT)
    world.until(lambda: world.banner() != "")
    assert world.banner().endswith("1 has run out, 1 within 7 days.")


def test_reminders_can_be_switched_off(world: World) -> None:
    fill(world)
    save(world.parts.profile.preferences_path, reminders=False)
    world.start()
    world.until(lambda: len(world.application.watch.healths()) == 1)
    look(world)
    assert world.banner() == ""


def test_lead_times_are_the_users(world: World) -> None:
    save(world.parts.profile.preferences_path, reminder_days=[3])
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    assert world.banner().endswith("1 has run out: Coho Winery.")
    assert (world.folder / f"reminded-{local_day(world.clock.now)}").exists()


def test_in_a_small_window_the_words_stand_below_their_title(world: World) -> None:
    fill(world)
    world.start()
    world.until(lambda: world.banner() != "")
    banner = world.window.banner
    title, text = (banner.findChild(QLabel, name) for name in ("bannerTitle", "bannerText"))
    assert title is not None
    assert text is not None
    world.window.resize(1600, 700)
    world.until(lambda: text.x() > title.geometry().right())
    world.window.resize(640, 480)
    world.until(lambda: text.y() >= title.geometry().bottom())
    assert world.window.width() == 640
