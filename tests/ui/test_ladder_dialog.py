"""The ladder: climbed for real, read by eyes and by screen readers, copied without secrets."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from partner_tokens import __version__
from partner_tokens.core.ladder import Outcome, Step
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.ui.ladder_dialog import LadderDialog
from partner_tokens.ui.session import Session
from ui.building import NOBODY, Building, hit, press

Opener = Callable[[str], LadderDialog]


@pytest.fixture
def opened(house: Building, qtbot: QtBot) -> Iterator[Opener]:
    dialogs: list[LadderDialog] = []

    def open_dialog(endpoint: str) -> LadderDialog:
        dialog = LadderDialog(house.session, house.background, house.look, endpoint)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        with qtbot.waitActive(dialog):
            dialog.show()
            dialog.activateWindow()
        dialogs.append(dialog)
        return dialog

    yield open_dialog
    for dialog in dialogs:
        dialog.close()
        shiboken6.delete(dialog)


def climbed(qtbot: QtBot, dialog: LadderDialog) -> dict[Step, Outcome]:
    """How each rung held, once all of them are known."""
    qtbot.waitUntil(dialog.again.isEnabled)
    assert dialog.ladder is not None
    return {rung.stage: rung.outcome for rung in dialog.ladder.rungs}


def sentences(dialog: LadderDialog) -> list[str]:
    """What a screen reader says of each rung."""
    role = Qt.ItemDataRole.AccessibleTextRole
    return [dialog.rungs.item(row).data(role) for row in range(dialog.rungs.count())]


def test_a_good_way_is_told_rung_by_rung(house: Building, opened: Opener, qtbot: QtBot) -> None:
    dialog = opened(house.sandbox.url)
    outcomes = climbed(qtbot, dialog)
    assert outcomes.pop(Step.TLS) is Outcome.SKIPPED
    assert set(outcomes.values()) == {Outcome.OK}
    assert "can be reached" in dialog.panel.words()
    told = sentences(dialog)
    assert len(told) == len(Step)
    assert told[0].startswith("Proxy: ok, none, straight to the host")
    assert "plain HTTP" in told[3]
    assert all(sentence.endswith(".") for sentence in told)


def test_the_rung_that_failed_is_current_and_has_one_next_step(
    opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened(NOBODY)
    assert climbed(qtbot, dialog)[Step.TCP] is Outcome.FAILED
    assert dialog.rungs.currentRow() == list(Step).index(Step.TCP)
    assert "Connection (TCP)" in dialog.panel.words()
    assert "firewall" in dialog.panel.words()
    assert sentences(dialog)[-1] == "Clock: not tried."


def test_a_clock_that_is_wrong_is_a_warning(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.sandbox.switch(clock_skew=timedelta(minutes=10))
    dialog = opened(house.sandbox.url)
    assert climbed(qtbot, dialog)[Step.CLOCK] is Outcome.WARNING
    assert "10 min behind" in dialog.panel.words()
    assert dialog.panel.property("tone") == "urgent"


def test_f5_climbs_again(house: Building, opened: Opener, qtbot: QtBot) -> None:
    house.sandbox.switch(everywhere=Behaviour.UNAVAILABLE)
    dialog = opened(house.sandbox.url)
    assert climbed(qtbot, dialog)[Step.HTTP] is Outcome.FAILED
    house.sandbox.switch(everywhere=None)
    hit(dialog.rungs, Qt.Key.Key_F5)
    assert not dialog.again.isEnabled()
    assert climbed(qtbot, dialog)[Step.HTTP] is Outcome.OK


def test_the_report_tells_all_and_no_name_of_a_person_or_computer(
    house: Building, opened: Opener, qtbot: QtBot
) -> None:
    dialog = opened(NOBODY)
    climbed(qtbot, dialog)
    press(dialog.copy)
    report = QGuiApplication.clipboard().text()
    QGuiApplication.clipboard().clear()
    assert dialog.copy.text() == "Copied"
    for expected in (__version__, "Python", NOBODY, "2026-06-01 12:00:00 UTC", "Connection (TCP)"):
        assert expected in report
    assert str(Path.home()) not in report
    assert report.count("\n") >= len(Step) + 6


def test_it_waits_for_the_core_where_that_is_still_being_loaded(
    house: Building, qtbot: QtBot
) -> None:
    session = Session(house.parts, house.background)
    dialog = LadderDialog(session, house.background, house.look, house.sandbox.url)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    assert "Checking" in dialog.panel.words()
    session.start()
    assert climbed(qtbot, dialog)[Step.HTTP] is Outcome.OK
