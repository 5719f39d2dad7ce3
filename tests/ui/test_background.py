"""Work goes out on daemon threads; its outcome comes home once, on the GUI thread, or never."""

import gc
import subprocess
import sys
import textwrap
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from partner_tokens.core.errors import AppError, NothingBegins, Unexpected
from partner_tokens.core.errors.keys import Locked
from partner_tokens.ui.background import Background, Lane
from threads import no_threads

PATIENCE = 5.0


@pytest.fixture
def owner() -> QObject:
    return QObject()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work waits here until it is opened; opened at the latest when the test is over."""
    made = threading.Event()
    yield made
    made.set()


def waiting_at(gate: threading.Event) -> Callable[[], str]:
    def work() -> str:
        gate.wait(PATIENCE)
        return "through"

    return work


def let_everything_arrive(background: Background, qtbot: QtBot, lane: Lane) -> None:
    """Sends one more job after the others of a lane with one thread, and waits for it."""
    witness = QObject()
    arrived: list[None] = []
    background.run(witness, lambda: None, done=arrived.append, lane=lane)
    qtbot.waitUntil(lambda: bool(arrived))


def test_an_outcome_comes_home_to_the_gui_thread(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    worked_on: list[threading.Thread] = []
    told: list[tuple[str, threading.Thread]] = []

    def work() -> str:
        worked_on.append(threading.current_thread())
        return "an outcome"

    background.run(
        owner, work, done=lambda outcome: told.append((outcome, threading.current_thread()))
    )
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("an outcome", threading.main_thread())]
    assert worked_on[0] is not threading.main_thread()
    assert worked_on[0].daemon


def test_an_error_of_ours_is_told_to_the_job_that_met_it(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    told: list[AppError] = []

    def work() -> None:
        try:
            raise OSError("a secret may stand here")
        except OSError:
            raise Locked from None

    background.run(owner, work, done=lambda _nothing: None, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], Locked)
    assert (told[0].__traceback__, told[0].__context__) == (None, None)


def test_an_error_nobody_asked_for_is_told_by_a_signal(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    def work() -> None:
        raise Locked

    with qtbot.waitSignal(background.went_wrong) as told:
        background.run(owner, work, done=lambda _nothing: None)
    assert told.args is not None
    assert isinstance(told.args[0], Locked)


def test_a_bug_is_told_to_the_log_and_to_the_owner_who_leaves_its_busy_state(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    bugs: list[BaseException] = []
    told: list[AppError] = []
    background.bug.connect(bugs.append)

    background.run(owner, lambda: 1 // 0, done=lambda _number: None, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(bugs[0], ZeroDivisionError)
    assert bugs[0].__traceback__ is not None
    assert isinstance(told[0], Unexpected)
    assert told[0].details == "ZeroDivisionError"


def test_a_thread_outlives_a_bug_and_even_an_exit(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    bugs: list[BaseException] = []
    background.bug.connect(bugs.append)

    background.run(owner, sys.exit, done=lambda _never: None, lane=Lane.STORE)
    let_everything_arrive(background, qtbot, Lane.STORE)
    assert [type(bug) for bug in bugs] == [SystemExit]


def test_a_callback_that_raises_keeps_no_other_outcome_from_coming_home(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    def trip(_outcome: str) -> None:
        raise LookupError("in a callback")

    with qtbot.captureExceptions() as caught:
        background.run(owner, lambda: "first", done=trip, lane=Lane.STORE)
        let_everything_arrive(background, qtbot, Lane.STORE)
    assert [type(error) for _, error, _ in caught] == [LookupError]


def test_a_cancelled_job_is_done_but_not_delivered(
    background: Background, owner: QObject, qtbot: QtBot, gate: threading.Event
) -> None:
    told: list[object] = []
    job = background.run(
        owner, waiting_at(gate), done=told.append, failed=told.append, lane=Lane.KEYRING
    )
    job.cancel()
    gate.set()
    let_everything_arrive(background, qtbot, Lane.KEYRING)
    assert told == []


def test_nothing_is_delivered_once_qt_has_deleted_the_owner(
    background: Background, owner: QObject, qtbot: QtBot, gate: threading.Event
) -> None:
    told: list[object] = []
    background.run(owner, waiting_at(gate), done=told.append, lane=Lane.KEYRING)
    shiboken6.delete(owner)
    gate.set()
    let_everything_arrive(background, qtbot, Lane.KEYRING)
    assert told == []


def test_nothing_is_delivered_once_python_has_dropped_the_owner(
    background: Background, qtbot: QtBot, gate: threading.Event
) -> None:
    told: list[object] = []
    background.run(QObject(), waiting_at(gate), done=told.append, lane=Lane.KEYRING)
    gate.set()
    let_everything_arrive(background, qtbot, Lane.KEYRING)
    assert told == []


def test_what_a_job_held_is_let_go_on_the_gui_thread(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    freed_on: list[threading.Thread] = []

    class Held:
        def peek(self) -> None:
            """What the work and the callback hold on to."""

    for _ in range(200):
        held = Held()
        weakref.finalize(held, lambda: freed_on.append(threading.current_thread()))
        background.run(owner, held.peek, done=lambda _nothing, held=held: None)  # type: ignore[misc]
        del held
    qtbot.waitUntil(lambda: len(freed_on) == 200)
    assert set(freed_on) == {threading.main_thread()}


def test_the_store_and_the_keyring_do_one_thing_at_a_time_the_network_several(
    background: Background, owner: QObject, qtbot: QtBot, gate: threading.Event
) -> None:
    most: dict[Lane, int] = {}
    ended: list[None] = []
    counting = threading.Lock()
    busy = dict.fromkeys(Lane, 0)
    expected = {
        Lane.STORE: 1,
        Lane.KEYRING: 1,
        Lane.NETWORK: 6,
        Lane.ASIDE: 4,
        Lane.CHECKS: 3,
        Lane.FILES: 1,
        Lane.EXPORTS: 1,
    }

    def work(lane: Lane) -> None:
        with counting:
            busy[lane] += 1
            most[lane] = max(most.get(lane, 0), busy[lane])
        gate.wait(PATIENCE)
        with counting:
            busy[lane] -= 1

    for lane in Lane:
        for _ in range(12):
            background.run(owner, lambda lane=lane: work(lane), done=ended.append, lane=lane)  # type: ignore[misc]
    qtbot.waitUntil(lambda: busy == expected)
    names = [thread.name.rpartition("-")[0] for thread in threading.enumerate()]
    assert {lane: names.count(lane.value[0]) for lane in Lane} == expected
    gate.set()
    qtbot.waitUntil(lambda: len(ended) == 84)
    assert most == expected


def test_a_lane_keeps_the_order_it_was_asked_in(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    told: list[int] = []
    for number in range(100):
        background.run(owner, lambda number=number: number, done=told.append, lane=Lane.STORE)  # type: ignore[misc]
    qtbot.waitUntil(lambda: len(told) == 100)
    assert told == list(range(100))


def test_a_thread_is_started_only_for_work_that_nobody_is_free_to_do(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    before = threading.active_count()
    for _ in range(5):
        told: list[None] = []
        background.run(owner, lambda: None, done=told.append)
        qtbot.waitUntil(lambda told=told: bool(told))  # type: ignore[misc]
    assert threading.active_count() - before <= 2  # the one may not yet have sat down


def test_a_stuck_lane_holds_up_no_other(
    background: Background, owner: QObject, qtbot: QtBot, gate: threading.Event
) -> None:
    told: list[object] = []
    background.run(owner, waiting_at(gate), done=told.append, lane=Lane.KEYRING)
    background.run(owner, lambda: "stored", done=told.append, lane=Lane.STORE)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["stored"]
    gate.set()
    let_everything_arrive(background, qtbot, Lane.KEYRING)


def test_where_the_system_starts_no_thread_a_job_fails_in_words_and_the_next_is_done(
    background: Background, owner: QObject, qtbot: QtBot
) -> None:
    told: list[object] = []
    with no_threads():
        background.run(owner, lambda: "never", done=told.append, failed=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told.pop(), NothingBegins)
    background.run(owner, lambda: "done", done=told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["done"]


def test_a_lane_that_gets_no_more_threads_does_its_work_with_those_it_has(
    background: Background,
    owner: QObject,
    qtbot: QtBot,
    gate: threading.Event,
) -> None:
    told: list[object] = []
    background.run(owner, waiting_at(gate), done=told.append)
    with no_threads():
        background.run(owner, lambda: "later", done=told.append, failed=told.append)
    gate.set()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == ["through", "later"]


def test_after_stop_nothing_is_run_and_nothing_delivered(
    owner: QObject, qtbot: QtBot, gate: threading.Event
) -> None:
    others = set(threading.enumerate())
    background = Background()
    told: list[object] = []
    background.run(owner, waiting_at(gate), done=told.append, lane=Lane.KEYRING)
    background.run(owner, lambda: told.append("queued"), done=told.append, lane=Lane.KEYRING)
    began = time.monotonic()
    background.stop()
    assert time.monotonic() - began < 1
    background.run(owner, lambda: told.append("late"), done=told.append)
    gate.set()
    for thread in set(threading.enumerate()) - others:
        thread.join(PATIENCE)
    qtbot.wait(1)
    assert told == []


def test_what_other_threads_say_is_heard_on_the_gui_thread_until_stop(qtbot: QtBot) -> None:
    class Speaker(QObject):
        said = Signal(str)

    background, speaker = Background(), Speaker()
    heard: list[tuple[str, threading.Thread]] = []
    speaker.said.connect(
        lambda word: heard.append((word, threading.current_thread())),
        Qt.ConnectionType.QueuedConnection,
    )

    def say(word: str) -> None:
        saying = threading.Thread(target=lambda: background.say(speaker.said, word))
        saying.start()
        saying.join(PATIENCE)

    say("in time")
    qtbot.waitUntil(lambda: bool(heard))
    background.stop()
    say("late")
    qtbot.wait(1)
    assert heard == [("in time", threading.main_thread())]


@pytest.mark.parametrize("lane", [Lane.STORE, Lane.EXPORTS])
def test_the_users_changes_are_still_written_after_stop(
    owner: QObject, qtbot: QtBot, gate: threading.Event, lane: Lane
) -> None:
    background = Background()
    written: list[str] = []
    background.run(owner, waiting_at(gate), done=lambda _outcome: None, lane=lane)
    background.run(owner, lambda: written.append("a pin"), done=lambda _nothing: None, lane=lane)
    background.stop()
    assert not background.wait(timedelta(seconds=0))
    gate.set()
    assert background.wait(timedelta(seconds=PATIENCE))
    assert written == ["a pin"]


def test_an_outcome_that_finds_background_deleted_is_dropped(
    owner: QObject, gate: threading.Event
) -> None:
    background = Background()
    background.run(owner, waiting_at(gate), done=lambda _outcome: None, lane=Lane.KEYRING)
    shiboken6.delete(background)
    gate.set()
    background.stop()
    gc.collect()


HANGING_PROGRAM = """
    import sys, threading, time
    from PySide6.QtCore import QCoreApplication, QObject, QTimer
    from partner_tokens.ui.background import Background, Lane

    app = QCoreApplication(sys.argv)
    background, owner = Background(), QObject()
    for lane in Lane:
        for _ in range(8):
            background.run(owner, threading.Event().wait, done=print, lane=lane)
    for number in range(300):
        background.run(owner, lambda: None, done=lambda nothing: None)
    app.aboutToQuit.connect(background.stop)
    QTimer.singleShot(50, app.quit)
    app.exec()
    print("quit", time.monotonic())
"""


def test_a_program_whose_every_thread_hangs_quits_at_once() -> None:
    program = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HANGING_PROGRAM)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    ended = time.monotonic()
    assert (program.returncode, program.stderr) == (0, "")
    said, at = program.stdout.split()
    assert said == "quit"
    assert ended - float(at) < 2
