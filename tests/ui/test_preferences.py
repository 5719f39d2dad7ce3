"""Preferences in the window: chosen by keyboard, in force at once, written as changes only."""

import base64
import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from connect_proxy import ConnectProxy
from partner_tokens.core.preferences import save
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.preferences_dialog import PreferencesDialog
from partner_tokens.ui.session import Access
from ui.preferences_keys import Preferring, focused_name, tab
from ui.world import CONTROL, Key, World


@pytest.fixture
def one(world: World) -> Iterator[World]:
    world.store("c", "Contoso")
    yield world.start()
    for dialog in world.window.findChildren(PreferencesDialog):
        dialog.reject()


def written(world: World) -> dict[str, object]:
    path = world.parts.profile.preferences_path
    found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return found


def copied(world: World) -> str:
    world.press(Key.Key_C, CONTROL)
    world.until(lambda: "copied" in world.notice())
    return world.clipboard()


def test_the_usual_format_is_chosen_for_keys_palette_and_menu(one: World) -> None:
    assert one.window.acts[Act.COPY].text() == "&Copy header"
    Preferring.begin(one).section("Copying").into("F").down().ok()
    assert written(one) == {"format": "bearer"}
    assert copied(one).startswith("Authorization: Bearer ")
    assert one.window.acts[Act.COPY].text() == "&Copy: Header Authorization: Bearer"
    one.qt.clipboard().clear()
    quick = one.deeds.quick
    quick.open("contoso")
    one.until(quick.palette.isVisible)
    quick.palette.search.copy_wanted.emit()
    one.until(lambda: one.clipboard().startswith("Authorization: Bearer "))


def test_the_clipboard_is_cleared_when_the_user_wants(one: World) -> None:
    Preferring.begin(one).section("Copying").into("C").write("20").ok()
    assert copied(one).startswith("csp-auth-token: ")
    assert "clears in 20 s" in one.notice()
    one.clock.forward(seconds=21)
    one.deeds.clipboard.tick()
    assert one.clipboard() == ""


def test_a_copy_can_stay_until_the_program_ends(one: World) -> None:
    Preferring.begin(one).section("Copying").into("C").write("0").ok()
    copied(one)
    one.clock.forward(hours=5)
    one.deeds.clipboard.tick()
    assert "clears" not in one.notice()
    assert one.clipboard() != ""
    one.application.stop()
    assert one.clipboard() == ""


def test_the_least_life_of_a_header_holds_at_once(one: World) -> None:
    copied(one)
    one.clock.forward(minutes=15)
    token = one.token("c")
    assert one.application.session.at_hand(token, None) is not None
    Preferring.begin(one).section("Copying").into("L").write("20").ok()
    assert one.application.session.at_hand(token, None) is None


def test_reminders_are_switched_off_and_on(world: World) -> None:
    world.store("f", "Fabrikam", days=6)
    world.start()
    world.until(lambda: world.banner() != "")
    dialog = Preferring.begin(world).section("Reminders").tick("T")
    assert not dialog.dialog.reminders.on.isChecked()
    dialog.ok()
    assert world.banner() == ""
    assert written(world) == {"reminders": False}
    world.clock.forward(days=6)
    Preferring.begin(world).section("Reminders").tick("T").ok()
    assert written(world) == {}
    world.until(lambda: world.banner() != "")


def test_other_lead_times_are_told_from_then_on(world: World) -> None:
    world.store("f", "Fabrikam", days=45)
    world.start()
    world.until(lambda: len(world.application.watch.healths()) == 1)
    Preferring.begin(world).section("Reminders").into("D").write("60; 3").ok()
    assert written(world) == {"reminder_days": [60, 3]}
    world.until(lambda: "Fabrikam" in world.banner())


@pytest.mark.parametrize("typed", ["x", "30, -1", "3651", "7.5", "1 " * 21])
def test_lead_times_that_are_none_are_said_at_their_field(one: World, typed: str) -> None:
    preferring = Preferring.begin(one).section("Reminders").into("D").write(typed)
    field = preferring.dialog.reminders.days_field
    preferring.section("Lock").ok(until=lambda: bool(field.problem))
    assert "numbers of days" in field.problem
    assert focused_name() == "Days before the end"
    assert written(one) == {}
    preferring.dialog.reject()


def test_lead_times_that_nobody_is_told_keep_nothing_from_being_chosen(one: World) -> None:
    Preferring.begin(one).section("Reminders").into("D").write("soon").tick("T").ok()
    assert written(one) == {"reminders": False}


def test_the_service_is_checked_as_often_as_is_wanted(one: World) -> None:
    watch = one.application.watch
    one.until(lambda: len(watch.healths()) == 1)
    before = len(one.sandbox.requests)
    Preferring.begin(one).section("Network").into("S").write("15").ok()
    one.clock.forward(seconds=9)
    watch.tick()
    one.clock.forward(seconds=7)
    watch.tick()
    one.until(lambda: len(one.sandbox.requests) > before)


def test_a_proxy_of_ones_own_is_taken_at_once(world: World) -> None:
    with ConnectProxy(answer=b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
        world.store("c", "Contoso", endpoint="https://service.invalid")
        save(world.parts.profile.preferences_path, proxy="none")
        world.start()
        address = proxy.url.removeprefix("http://")
        preferring = Preferring.begin(world).section("Network")
        preferring.into("P").down(1).into("A").write(address).ok()
        assert written(world) == {"proxy": "manual", "proxy_address": proxy.url}
        world.until(lambda: any("service.invalid" in head for head in proxy.requests))


def test_a_login_of_the_proxy_is_kept_sealed_sent_and_forgotten(world: World) -> None:
    with ConnectProxy(answer=b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
        world.store("c", "Contoso", endpoint="https://service.invalid")
        save(world.parts.profile.preferences_path, proxy="none")
        world.start()
        preferring = Preferring.begin(world).section("Network").into("P").down(1)
        preferring.into("A").write(proxy.url)
        preferring.into("U").write("ana").into("W").write("marker-password").ok()
        encoded = base64.b64encode(b"ana:marker-password").decode()
        world.until(lambda: any(encoded in head for head in proxy.requests))
        assert written(world) == {"proxy": "manual", "proxy_address": proxy.url}

        preferring = Preferring.begin(world).section("Network")
        network = preferring.dialog.network
        world.until(lambda: network.user.text() == "ana")
        assert network.password.text() == ""
        preferring.into("U").write("ben").ok(until=lambda: bool(network.password_field.problem))
        assert "Type both" in network.password_field.problem
        before = len(proxy.requests)
        preferring.into("U").write("").ok()
        world.until(lambda: len(proxy.requests) > before)
        world.until(lambda: "Authorization" not in proxy.requests[-1])
    world.application.stop()
    for file in world.folder.rglob("*"):
        assert not (file.is_file() and b"marker-password" in file.read_bytes())


def test_the_service_is_checked_with_the_login_as_soon_as_the_store_is_open(world: World) -> None:
    with ConnectProxy(answer=b"HTTP/1.1 502 Bad Gateway\r\n\r\n") as proxy:
        world.store("c", "Contoso", endpoint="https://service.invalid")
        world.parts.change_proxy_login(proxy.url, "ana", Secret("marker-password"))
        world.parts.change_preferences(proxy="manual", proxy_address=proxy.url)
        backend = world.backend
        world.restart_parts(lambda: backend)
        world.start()
        encoded = base64.b64encode(b"ana:marker-password").decode()
        world.until(lambda: any(encoded in head for head in proxy.requests))
        world.application.watch.start_over()
        world.until(lambda: len(world.application.watch.healths()) == 1)


def test_a_login_for_another_address_is_typed_again(one: World) -> None:
    parts = one.parts
    parts.change_proxy_login("http://old.example:1", "ana", Secret("marker-password"))
    parts.change_preferences(proxy_address="http://old.example:1")
    preferring = Preferring.begin(one).section("Network").into("P").down(2)
    network = preferring.dialog.network
    one.until(lambda: network.user.text() == "ana")
    preferring.into("A").write("http://new.example:1")
    preferring.ok(until=lambda: bool(network.password_field.problem))
    assert focused_name() == "Proxy password"
    assert "proxy" not in written(one)
    preferring.dialog.reject()


def test_a_login_that_cannot_be_sent_is_said_and_nothing_is_stored(one: World) -> None:
    preferring = Preferring.begin(one).section("Network").into("P").down(2)
    preferring.into("A").write("p.example").into("U").write("a:b").into("W").write("x")
    field = preferring.dialog.network.password_field
    preferring.ok(until=lambda: bool(field.problem))
    assert "no colon" in field.problem
    assert written(one) == {}
    preferring.dialog.reject()


@pytest.mark.parametrize("typed", ["", "socks5://p:1", "http://ana:hidden@p:1"])
def test_what_is_no_proxy_is_said_at_its_field(one: World, typed: str) -> None:
    preferring = Preferring.begin(one).section("Network").into("P").down(2)
    field = preferring.dialog.network.address_field
    preferring.into("A").write(typed).ok(until=lambda: bool(field.problem))
    assert focused_name() == "Proxy address"
    assert written(one) == {}
    preferring.dialog.reject()


def test_a_ca_file_that_cannot_be_used_is_said_at_its_field(one: World, tmp_path: Path) -> None:
    useless = tmp_path / "useless.pem"
    useless.write_text("no certificate")
    preferring = Preferring.begin(one).section("Network").into("C").write(str(useless))
    field = preferring.dialog.network.ca_field
    preferring.ok(until=lambda: bool(field.problem))
    assert field.problem.startswith("The extra CA file cannot be used.")
    assert focused_name() == "Extra CA certificates"
    assert written(one) == {}
    preferring.write("").ok()
    assert written(one) == {}


def test_a_window_left_alone_locks_when_the_user_wants(one: World) -> None:
    Preferring.begin(one).section("Lock").into("N").write("2").ok()
    one.clock.forward(minutes=1)
    one.window.ticked.emit()
    assert one.application.session.access is Access.OPEN
    Preferring.begin(one).section("Lock").into("N").write("0").ok()
    assert written(one) == {}
    one.clock.forward(days=1)
    one.window.ticked.emit()
    assert one.application.session.access is Access.OPEN
    Preferring.begin(one).section("Lock").into("N").write("2").ok()
    one.clock.forward(minutes=2)
    one.window.ticked.emit()
    assert one.application.session.access is Access.LOCKED


def test_whether_the_screen_locks_the_window_holds_at_once(one: World) -> None:
    locking = one.deeds.locking
    locking.screen_left()
    assert one.application.session.access is Access.OPEN
    Preferring.begin(one).section("Lock").into("S").down(2).ok()
    locking.screen_left()
    assert one.application.session.access is Access.OPEN
    Preferring.begin(one).section("Lock").into("S").ok()
    one.application.session.slot_kinds = frozenset({SlotKind.PASSPHRASE})
    locking.screen_left()  # “never” is meant for a store under a passphrase, too
    assert one.application.session.access is Access.OPEN
    preferring = Preferring.begin(one).section("Lock").into("S")
    one.press(Key.Key_Up)
    preferring.ok()
    assert written(one) == {"lock_with_screen": "yes"}
    locking.screen_left()
    assert one.application.session.access is Access.LOCKED


def test_desktop_and_terminal_are_chosen(one: World) -> None:
    assert one.deeds.lending._may()
    preferring = Preferring.begin(one).section("Desktop and terminal")
    preferring.tick("T").into("R").down(2).ok()
    assert written(one) == {"stay_in_tray": False, "lend_to_terminal": "no"}
    assert not one.deeds.lending._may()
    assert not one.parts.preferences.stay_in_tray


def test_the_language_is_chosen_for_the_next_start(one: World) -> None:
    dialog = Preferring.begin(one).section("Desktop and terminal").into("G")
    one.type("Esp")
    assert dialog.dialog.program.language.currentText() == "Español"
    dialog.ok()
    assert written(one) == {"language": "es"}
    assert one.window.acts[Act.QUIT].text() == "&Quit"  # what is on the screen stays as it is


@pytest.mark.skipif(sys.platform != "linux", reason="an entry of Linux desktops")
def test_the_program_starts_with_the_desktop(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    Preferring.begin(one).section("Desktop and terminal").tick("D").ok()
    (entry,) = (tmp_path / "config" / "autostart").iterdir()
    assert str(one.folder) in entry.read_text()
    assert written(one) == {}
    preferring = Preferring.begin(one).section("Desktop and terminal")
    one.until(preferring.dialog.program.starts.isChecked)
    preferring.tick("D").ok()
    assert not entry.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="an entry of Linux desktops")
@pytest.mark.parametrize("is_on", [False, True])
def test_a_box_that_was_ticked_before_the_desktop_answered_stays_ticked(
    one: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_on: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    one.parts.autostart.turn(is_on)
    gate = threading.Event()
    one.application.background.run(
        one.window, partial(gate.wait, 20), done=lambda _through: None, lane=Lane.STORE
    )
    preferring = Preferring.begin(one).section("Desktop and terminal").tick("D")
    if is_on:
        preferring.tick("D")
    gate.set()
    one.settle(Lane.STORE)
    assert preferring.dialog.program.starts.isChecked() is not is_on
    preferring.ok()
    assert one.parts.autostart.is_on() is not is_on


def test_cancel_leaves_all_as_it_was(one: World) -> None:
    preferring = Preferring.begin(one).section("Copying").into("C").write("20")
    ended: list[int] = []
    preferring.dialog.finished.connect(ended.append)
    one.press(Key.Key_Escape)
    assert ended == [QDialog.DialogCode.Rejected]
    assert written(one) == {}
    assert one.parts.preferences.clipboard_seconds == 45


def test_values_written_by_hand_stay_when_others_are_chosen(one: World) -> None:
    path = one.parts.profile.preferences_path
    save(path, min_life=5)
    Preferring.begin(one).section("Copying").into("C").write("20").ok()
    assert written(one) == {"min_life": 5, "clipboard_seconds": 20}
    assert one.parts.preferences.min_life == 5


def test_a_file_that_is_being_worked_on_is_left_and_the_dialog_says_so(one: World) -> None:
    path = one.parts.profile.preferences_path
    path.write_text("{")
    preferring = Preferring.begin(one).section("Copying").into("C").write("20")
    panel = preferring.dialog.panel
    preferring.ok(until=lambda: "cannot be read" in panel.words())
    assert path.read_text() == "{"
    preferring.dialog.reject()


def test_what_is_no_use_in_the_file_is_said_at_the_start(world: World) -> None:
    world.store("c", "Contoso")
    path = world.parts.profile.preferences_path
    path.write_text('{"min_life": 999, "colour": "red"}')
    world.start()
    assert "2 preferences are no use" in world.banner()
    assert "min_life, colour" in world.banner()
    world.window.banner.button(0).click()
    assert isinstance(world.dialog(), PreferencesDialog)
    assert world.banner() == ""
    world.dialog().reject()


def test_a_file_that_makes_no_sense_is_said_at_the_start(world: World) -> None:
    world.folder.mkdir()
    world.parts.profile.preferences_path.write_text("{")
    world.start(page=Page.EMPTY)
    assert "The file of preferences cannot be read" in world.banner()


def test_a_locked_window_offers_no_preferences(qtbot: QtBot, one: World) -> None:
    one.parts.locksmith.set_passphrase(Secret("correct horse battery"))
    one.deeds.locking.lock()
    one.press(Key.Key_Comma, CONTROL)
    assert not one.window.findChildren(PreferencesDialog)


def test_every_field_is_reached_by_tab_and_has_a_name(one: World, qapp: QApplication) -> None:
    preferring = Preferring.begin(one)
    for title, names in (
        (
            "Copying",
            ["Format", "Clear the clipboard after", "A copied header lives at least another"],
        ),
        ("Reminders", ["Tell once a day which API tokens run out", "Days before the end"]),
        ("Network", ["Check the service every", "Proxy", "Extra CA certificates"]),
        ("Lock", ["Lock when nobody is there, after", "Lock with the screen and before sleep"]),
        (
            "Desktop and terminal",
            [
                "Stay in the tray when the window is closed",
                "Start with the desktop",
                "Key for the quick copy",
                "Language",
                "Let the terminal use this window",
            ],
        ),
    ):
        preferring.section(title)
        met = []
        for _name in names:
            tab()
            met.append(focused_name())
        assert met == names
    preferring.dialog.reject()
