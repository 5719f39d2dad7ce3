"""The main job through the window: find, copy, pin, remove, undo, and what the user is told."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from partner_tokens.core.events import Event
from partner_tokens.core.formats import Format
from partner_tokens.core.preferences import load
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import State
from partner_tokens.parts import Parts
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.import_dialog import ImportDialog
from partner_tokens.ui.main_window import Page
from partner_tokens.ui.token_dialog import TokenDialog
from partner_tokens.ui.token_model import Chip, Column
from ui.world import CONTROL, Key, World


def test_enter_copies_a_fresh_header_of_the_selected_token(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    assert world.clipboard().startswith("csp-auth-token: eyJ")
    assert "csp-auth-token for Contoso copied" in world.notice()
    assert "30 min" in world.notice()
    assert "clears in 45 s" in world.notice()


def test_a_second_copy_is_done_within_the_same_event(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.qt.clipboard().setText("something else")
    world.press(Key.Key_Return)
    assert world.clipboard().startswith("csp-auth-token: ")
    assert len(world.sandbox.exchanges) == 1


def test_a_row_of_another_organization_since_a_moment_ago_is_not_copied(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    seen = world.token("contoso")
    other = world.store("fabrikam", "Fabrikam")
    world.parts.trash.put(["fabrikam"])
    draft = Draft("Fabrikam", "build", world.sandbox.url, Secret(other))
    world.parts.registry.edit(seen, draft, None)
    world.deeds.copying.copy(seen)
    world.until(lambda: "changed meanwhile" in world.notice())
    assert world.clipboard() == ""
    assert world.sandbox.exchanges == ()


def test_a_command_names_the_endpoint_that_gave_the_header(world: World) -> None:
    secret = world.store("contoso", "Contoso")
    world.start()
    seen = world.token("contoso")
    elsewhere = world.sandbox.url.replace("127.0.0.1", "localhost")
    draft = Draft("Contoso", "build", elsewhere, Secret(secret))
    world.parts.registry.edit(seen, draft, None)
    world.deeds.copying.copy(seen, Format.CURL)
    world.until(lambda: world.clipboard() != "")
    assert world.clipboard().endswith(f"'{elsewhere}/'")


def test_a_removed_token_leaves_no_header_at_hand(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    token = world.token("contoso")
    assert world.application.session.at_hand(token) is not None
    world.window.wanted.emit(Act.REMOVE)
    world.until(lambda: "was removed" in world.notice())
    assert world.application.session.at_hand(token) is None


def test_a_header_with_too_little_life_is_fetched_anew(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    first = world.clipboard()
    world.clock.forward(minutes=21)
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard() not in ("", first))
    assert len(world.sandbox.exchanges) == 2


def test_control_c_copies_the_header_unless_text_is_selected(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.type("cont")
    world.press(Key.Key_A, CONTROL)
    world.press(Key.Key_C, CONTROL)
    assert world.clipboard() == "cont"
    world.press(Key.Key_End)
    world.press(Key.Key_C, CONTROL)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_typing_anywhere_filters_and_arrows_move_while_the_caret_stays(world: World) -> None:
    for name in ("Contoso", "Coho", "Fabrikam"):
        world.store(name.lower(), name)
    world.start()
    world.window.table.setFocus()
    world.type("co")
    assert world.shown() == ["coho", "contoso"]
    assert world.window.search.hasFocus()
    world.press(Key.Key_Down)
    selected = world.window.table.selected()
    assert selected is not None
    assert selected.id == "contoso"
    assert world.window.search.hasFocus()
    world.press(Key.Key_Escape)
    assert len(world.shown()) == 3
    selected = world.window.table.selected()
    assert selected is not None
    assert selected.id == "contoso"


def test_letters_typed_on_a_button_filter_too(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.press(Key.Key_Tab)
    assert not world.window.search.hasFocus()
    world.type("fab")
    assert world.window.search.text() == "fab"
    assert world.shown() == ["fabrikam"]


def test_no_match_has_a_page_with_one_way_out(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.type("zzz")
    assert world.window.page is Page.NO_MATCH
    assert "zzz" in world.window.no_match.words()
    world.window.no_match.action.click()
    assert world.window.page is Page.LIST


def test_no_match_names_the_count_that_hides_the_rest(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam", state=State.REFUSED)
    world.start()
    world.window.chips.choose(Chip.REFUSED)
    world.type("contoso")
    assert "Nothing under “Refused” has all the words" in world.window.no_match.words()
    world.window.no_match.action.click()
    assert world.shown() == ["contoso", "fabrikam"]


def test_a_token_pasted_into_the_search_is_added_and_never_shown(world: World) -> None:
    secret = world.store("contoso", "Contoso")
    world.start()
    world.qt.clipboard().setText(f" {secret[:40]}a1b2c3d4 \n")
    world.press(Key.Key_V, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, TokenDialog)
    assert dialog.form.secret.secret() == Secret(f"{secret[:40]}a1b2c3d4")
    assert world.window.search.text() == ""
    dialog.done(0)


def test_a_table_pasted_into_the_search_is_imported_and_never_shown(world: World) -> None:
    secret = world.store("contoso", "Contoso")
    world.start()
    world.qt.clipboard().setText(f"Organization\tToken\nContoso\t{secret[:40]}a1b2c3d4\n")
    world.press(Key.Key_V, CONTROL)
    dialog = world.dialog()
    assert isinstance(dialog, ImportDialog)
    world.until(lambda: len(dialog.preview.model.taken()) == 1)
    assert world.window.search.text() == ""
    dialog.done(0)


def test_other_words_are_pasted_into_the_search(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.qt.clipboard().setText("0f1e2d3c-1111-2222-3333-444455556666")
    world.press(Key.Key_V, CONTROL)
    assert world.window.search.text() == "0f1e2d3c-1111-2222-3333-444455556666"


def test_an_empty_store_invites_to_add(world: World) -> None:
    world.start(page=Page.EMPTY)
    world.window.empty.action.click()
    assert world.dialog().windowTitle()
    world.dialog().reject()


def test_removing_can_be_undone_at_once(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.select("contoso")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.shown() == ["fabrikam"])
    assert "removed" in world.notice()
    world.window.notices.button(0).click()
    world.until(lambda: world.shown() == ["contoso", "fabrikam"])
    world.press(Key.Key_Return)
    world.until(lambda: "Contoso copied" in world.notice())


@pytest.mark.parametrize(("removed", "next_one"), [("coho", "contoso"), ("contoso", "coho")])
def test_after_a_removal_the_neighbour_is_selected(
    world: World, removed: str, next_one: str
) -> None:
    for name in ("Adatum", "Coho", "Contoso"):
        world.store(name.lower(), name)
    world.start()
    world.select(removed)
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: removed not in world.shown())
    selected = world.window.table.selected()
    assert selected is not None
    assert selected.id == next_one


def test_several_removals_are_undone_one_after_the_other(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    for left in (1, 0):
        world.press(Key.Key_Delete, CONTROL)
        world.until(lambda left=left: len(world.application.model) == left)  # type: ignore[misc]
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["fabrikam"])
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["contoso", "fabrikam"])


def test_a_key_that_is_held_down_removes_one_token(world: World) -> None:
    for name in ("Adatum", "Coho", "Contoso"):
        world.store(name.lower(), name)
    world.start()
    world.select("adatum")
    focus = world.window.search
    QTest.simulateEvent(focus, True, Key.Key_Delete.value, CONTROL, "", False)
    world.until(lambda: world.shown() == ["coho", "contoso"])
    for _time in range(3):
        QTest.simulateEvent(focus, True, Key.Key_Delete.value, CONTROL, "", True)
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["adatum", "coho", "contoso"])
    assert [row.token.id for row in world.parts.trash.tokens()] == []


def test_a_token_is_removed_and_brought_back_once_however_often_the_key_is_pressed(
    world: World,
) -> None:
    for name in ("Adatum", "Coho"):
        world.store(name.lower(), name)
    world.start()
    world.select("coho")
    for _time in range(2):
        world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.shown() == ["adatum"])
    world.settle(Lane.STORE)
    assert "Coho, build was removed" in world.notice()
    for _time in range(2):
        world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["adatum", "coho"])
    world.settle(Lane.STORE)
    told = [entry.event for entry in world.parts.history.of("coho")]
    assert (told.count(Event.REMOVED), told.count(Event.RESTORED)) == (1, 1)


def test_what_another_program_has_brought_back_is_not_undone_again(world: World) -> None:
    for name in ("Adatum", "Coho", "Contoso"):
        world.store(name.lower(), name)
    world.start()
    for id in ("adatum", "coho"):
        world.select(id)
        world.press(Key.Key_Delete, CONTROL)
        world.until(lambda id=id: id not in world.shown())  # type: ignore[misc]
    world.parts.trash.restore(["coho"])
    world.application.shelf.reload()
    world.until(lambda: world.shown() == ["coho", "contoso"])
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["adatum", "coho", "contoso"])


def test_what_was_removed_after_typing_is_undone_before_the_typing(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.type("fab")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.shown() == [])
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["fabrikam"])
    assert world.window.search.text() == "fab"
    world.press(Key.Key_Z, CONTROL)
    assert world.window.search.text() != "fab"


def test_what_was_typed_after_removing_is_undone_before_the_removal(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.shown() == ["fabrikam"])
    world.type("fab")
    world.press(Key.Key_Z, CONTROL)
    assert world.window.search.text() == ""
    world.press(Key.Key_Z, CONTROL)
    world.until(lambda: world.shown() == ["contoso", "fabrikam"])


def test_counts_follow_each_deed(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    assert world.window.chips.words() == "All  2"
    world.press(Key.Key_D, CONTROL)
    world.until(lambda: world.window.chips.words() == "All  2 | Pinned  1")
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: world.window.chips.words() == "All  1")


def test_a_small_window_cuts_no_chip(world: World) -> None:
    world.store("over", "Acme", days=-1)
    world.store("week", "Bravo", days=3)
    world.store("month", "Coho", days=20)
    world.store("fine", "Delta")
    world.store("unknown", "Echo", days=None)
    world.store("refused", "Fabrikam", state=State.REFUSED)
    world.store("passcode", "Golf", state=State.PASSCODE)
    world.store("unproven", "Hotel", state=State.UNPROVEN)
    world.start()
    world.window.resize(640, 480)
    chips = world.window.chips

    def all_whole() -> bool:
        shown = [chip for chip in chips.findChildren(QPushButton) if chip.isVisible()]
        return len(shown) > 6 and all(chips.rect().contains(chip.geometry()) for chip in shown)

    world.until(all_whole)


def test_lines_keep_their_height_when_others_move(world: World) -> None:
    world.store("a1", "Acme", name="one")
    world.store("a2", "Acme", name="two")
    world.store("b", "Bravo")
    world.start()
    table = world.window.table
    tall, low = table.rowHeight(0), table.rowHeight(1)
    assert low < tall
    world.select("b")
    world.press(Key.Key_D, CONTROL)
    world.until(lambda: world.shown() == ["b", "a1", "a2"])
    assert [table.rowHeight(place) for place in range(3)] == [tall, tall, low]


def test_the_selected_line_stays_in_view_when_the_filter_goes(world: World) -> None:
    for number in range(40):
        world.store(f"t{number:02d}", f"Customer {number:02d}")
    world.start()
    world.type("customer 33")
    world.press(Key.Key_Escape)
    table = world.window.table
    seen = table.viewport().rect()
    world.until(lambda: seen.contains(table.visualRect(table.currentIndex()).center()))
    selected = table.selected()
    assert selected is not None
    assert selected.id == "t33"


def test_the_selected_line_stays_in_view_when_a_banner_takes_its_place(world: World) -> None:
    for number in range(40):
        world.store(f"t{number:02d}", f"Customer {number:02d}")
    world.start()
    table = world.window.table
    height = table.viewport().height()
    last = table.rowAt(height - table.rowHeight(0))  # whole, and the next one is not
    world.select(f"t{last:02d}")
    world.window.resize(world.window.width(), world.window.height() - 2 * table.rowHeight(0))
    world.until(lambda: table.viewport().height() < height)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))


def test_the_keyboard_comes_back_after_the_add_button(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    button = world.window.findChild(QPushButton, "addButton")
    assert button is not None
    button.click()
    world.dialog().reject()
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_escape_leaves_the_passcode_and_gives_the_keyboard_back(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "passcode" in world.notice())
    world.type("12ab3")
    world.press(Key.Key_Escape)
    assert world.notice() == ""
    world.type("cont")
    assert world.window.search.text() == "cont"


def test_a_long_name_leaves_the_notice_whole(world: World) -> None:
    name = (
        "The Graphic Design Institute and School of Applied Typography, Operations (International)"
    )
    world.store("long", name)
    world.start()
    world.window.resize(640, 480)
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    assert world.window.notices.height() < world.window.height() / 4


def test_the_menu_opens_below_its_button_and_is_left_by_escape(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    button = world.window.findChild(QToolButton, "menuButton")
    assert button is not None
    button.click()  # what a screen reader's press does
    menu = world.qt.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.isVisible()
    assert "&Import…" in [action.text() for action in menu.actions()]
    QTest.keyClick(menu, Key.Key_Escape)
    assert world.qt.activePopupWidget() is None


def test_the_menu_opens_by_its_key(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_F10)
    world.until(lambda: isinstance(world.qt.activePopupWidget(), QMenu))
    menu = world.qt.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Key.Key_Escape)


def test_delete_alone_edits_the_text(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.type("co")
    world.press(Key.Key_Home)
    world.press(Key.Key_Delete)
    assert world.window.search.text() == "o"
    assert world.shown() == ["contoso"]


def test_a_pinned_token_stands_first_and_stays_pinned(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.select("fabrikam")
    world.press(Key.Key_D, CONTROL)
    world.until(lambda: world.shown() == ["fabrikam", "contoso"])
    assert world.parts.store.token("fabrikam").pinned


def test_a_refused_token_says_so_and_is_not_tried_again_by_itself(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.REFUSED_CSP)
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "refused" in world.notice())
    world.until(lambda: world.token("contoso").result.state is State.REFUSED)
    number = world.window.notices.number
    world.press(Key.Key_Return)
    world.until(lambda: world.window.notices.number > number)
    assert "refused" in world.notice()
    assert len(world.sandbox.exchanges) == 1
    world.until(lambda: world.parts.store.token("contoso").result.state is State.REFUSED)
    assert world.clipboard() == ""


def test_a_passcode_is_asked_for_in_place(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.PASSCODE)
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "passcode" in world.notice())
    world.until(lambda: world.qt.focusWidget() is not world.window.search)
    world.type("12 34 5")
    world.press(Key.Key_Return)
    assert "six digits" in world.notice()
    world.press(Key.Key_A, CONTROL)
    world.type("123456")
    world.press(Key.Key_Return)
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))
    assert world.window.search.hasFocus()


def test_a_wrong_passcode_is_said_and_costs_one_attempt(world: World) -> None:
    world.store("contoso", "Contoso", behaviour=Behaviour.PASSCODE, state=State.PASSCODE)
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "passcode" in world.notice())
    world.type("999999")
    world.press(Key.Key_Return)
    world.until(lambda: "did not accept" in world.notice())
    assert len(world.sandbox.exchanges) == 1


def test_an_endpoint_that_cannot_be_reached_is_named_with_the_stage(world: World) -> None:
    world.store("contoso", "Contoso", endpoint="http://127.0.0.1:9")
    world.start()
    world.until(lambda: "No connection" in world.window.status.words())
    world.until(lambda: "127.0.0.1:9" in world.banner())


def test_the_status_line_tells_host_round_trip_clock_and_time(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.window.resize(1040, 720)
    world.until(lambda: "reachable" in world.window.status.words())
    words = world.window.status.words()
    for part in ("127.0.0.1:", " ms", "clocks agree", "checked"):
        assert part in words


def test_a_check_that_was_asked_for_can_be_seen(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.until(lambda: "reachable" in world.window.status.words())
    world.press(Key.Key_F5)
    assert "checking…" in world.window.status.words()
    world.until(lambda: "reachable" in world.window.status.words())


def test_after_sleep_the_endpoints_are_checked_at_once(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.until(lambda: "reachable" in world.window.status.words())
    checks = len(world.sandbox.requests)
    world.clock.forward(seconds=30)
    world.until(lambda: len(world.sandbox.requests) > checks)


def test_a_failed_copy_has_the_endpoint_checked_at_once(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.until(lambda: "reachable" in world.window.status.words())
    world.sandbox.switch(everywhere=Behaviour.BAD_GATEWAY)
    world.press(Key.Key_Return)
    world.until(lambda: "in trouble" in world.notice())
    world.until(lambda: "Service in trouble" in world.window.status.words())


def test_a_wrong_clock_is_told_in_one_banner(world: World) -> None:
    world.store("contoso", "Contoso")
    world.sandbox.switch(clock_skew=timedelta(minutes=14))
    world.start()
    world.until(lambda: "14 min behind" in world.banner())


def test_what_another_program_adds_appears_within_two_seconds(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    other = Parts(world.parts.profile, clock=world.clock, open_backend=lambda: world.backend)
    other.vault.unlock()
    other.trash.put(["contoso"])
    other.close()
    world.qtbot.waitUntil(lambda: world.window.page is Page.EMPTY, timeout=2000)


def test_the_clipboard_is_cleared_by_the_wall_clock(world: World) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.clock.forward(hours=8)
    world.deeds.clipboard.tick()
    assert world.clipboard() == ""
    assert world.notice() == ""


def test_a_clearing_clipboard_leaves_a_later_notice_alone(world: World) -> None:
    world.store("contoso", "Contoso")
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.press(Key.Key_Return)
    world.until(lambda: "copied" in world.notice())
    world.press(Key.Key_Delete, CONTROL)
    world.until(lambda: "removed" in world.notice())
    world.clock.forward(seconds=10)
    world.deeds.clipboard.tick()
    assert "removed" in world.notice()
    assert "clears" not in world.notice()
    world.clock.forward(seconds=60)
    world.deeds.clipboard.tick()
    assert world.clipboard() == ""
    assert "removed" in world.notice()


def test_sort_and_widths_are_remembered(world: World, qtbot: QtBot, qapp: QApplication) -> None:
    world.store("a", "Acme", days=90)
    world.store("z", "Zoo", days=3)
    world.start()
    header = world.window.table.horizontalHeader()
    world.window.table.sortByColumn(Column.EXPIRES, Qt.SortOrder.AscendingOrder)
    header.resizeSection(Column.RESULT, 233)
    assert world.shown() == ["z", "a"]
    world.end()
    again = World.build(qtbot, qapp, world.folder)
    again.backend = world.backend
    again.application.start()
    again.until(lambda: again.shown() == ["z", "a"])
    assert again.window.table.columnWidth(Column.RESULT) == 233
    again.end()


# ---- the end ----------------------------------------------------------------------------------


def test_quitting_remembers_the_window_and_nothing_else(world: World) -> None:
    world.start(page=Page.EMPTY)
    path = world.parts.profile.preferences_path
    path.write_text('{"ca_file": "/added/by/hand.pem"}')
    world.application.stop()
    preferences, ignored = load(path)
    assert (preferences.ca_file, ignored) == ("/added/by/hand.pem", ())
    assert preferences.geometry
    assert preferences.header


def test_quitting_leaves_a_file_of_preferences_that_is_being_worked_on(world: World) -> None:
    world.start(page=Page.EMPTY)
    path = world.parts.profile.preferences_path
    path.write_text('{"ca_file": "/added/by/hand.pem",}')
    world.application.stop()
    assert path.read_text() == '{"ca_file": "/added/by/hand.pem",}'


def test_nothing_is_written_below_the_copy_button(world: World) -> None:
    world.store("a", "Contoso", state=State.REFUSED)
    world.start()
    world.until(lambda: bool(world.shown()))
    world.window.resize(700, 600)
    button = world.window.table.findChild(QPushButton, "copyButton")
    assert isinstance(button, QPushButton)
    world.until(button.isVisible)
    place = button.geometry()
    assert place.left() < world.window.table.columnViewportPosition(Column.RESULT) + 190
    button.hide()
    painted = world.window.table.viewport().grab(place).toImage()
    shades = {painted.pixel(x, y) for x in range(painted.width()) for y in range(painted.height())}
    assert len(shades) == 1
