"""The clipboard of a real X server, read by another program."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop import ROOT, Desktop, Program
from patience import wait_for

HEADER = "csp-auth-token:eyJ-a-secret"

WINDOWS_ONLY = {"CanIncludeInClipboardHistory", "Clipboard_Viewer_Ignore"}


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    tests = str(ROOT / "tests")
    made = Desktop(tmp_path_factory.mktemp("desktop"))
    made.environment["PYTHONPATH"] += f":{tests}"
    yield made
    made.close()


@pytest.fixture
def program(desktop: Desktop) -> Iterator[Program]:
    made = desktop.start([str(Path(__file__).parent / "clipboard_program.py")])
    wait_for(lambda: "ready" in made.out, "the program starts")
    yield made
    made.process.kill()
    made.ended()


@pytest.fixture
def tell(program: Program) -> Callable[[str, str], None]:
    """Tells the program a command, and waits for its answer."""

    def told(command: str, answer: str) -> None:
        before = program.out.count(answer)
        program.tell(command)
        wait_for(lambda: program.out.count(answer) > before, f"{answer} after {command}")

    return told


Tell = Callable[[str, str], None]


def test_another_program_can_paste_what_was_copied(desktop: Desktop, tell: Tell) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    assert desktop.clipboard() == HEADER


def test_the_copy_is_marked_for_clipboard_managers_to_skip(desktop: Desktop, tell: Tell) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    assert desktop.clipboard("x-kde-passwordManagerHint") == "secret"
    targets = desktop.targets()
    assert {"UTF8_STRING", "text/plain"} <= set(targets)
    assert not [target for target in targets if any(mark in target for mark in WINDOWS_ONLY)]


def test_the_primary_selection_is_left_alone(desktop: Desktop, tell: Tell) -> None:
    desktop.copy_elsewhere("selected by the mouse", selection="primary")
    tell(f"copy {HEADER} 45", "copied True")
    assert desktop.clipboard(selection="primary") == "selected by the mouse"
    tell("clear", "left None")
    assert desktop.clipboard(selection="primary") == "selected by the mouse"


def test_it_is_cleared_when_the_clock_has_moved_past_its_time(desktop: Desktop, tell: Tell) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    tell("forward 44", "moved")
    tell("tick", "ticked")
    assert desktop.clipboard() == HEADER
    tell("forward 2", "moved")
    tell("tick", "told cleared")
    assert desktop.clipboard() == ""
    assert desktop.targets() == []


def test_it_is_cleared_without_anybody_ticking(
    desktop: Desktop, program: Program, tell: Tell
) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    tell("forward 50", "moved")
    wait_for(lambda: "told cleared" in program.out, "its own timer", seconds=3)
    assert desktop.clipboard() == ""


def test_what_another_program_copied_is_never_cleared(
    desktop: Desktop, program: Program, tell: Tell
) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    desktop.copy_elsewhere("somebody else's")
    wait_for(lambda: "told replaced" in program.out, "it notices")
    tell("forward 60", "moved")
    tell("tick", "ticked")
    tell("clear", "left None")
    program.tell("quit")
    assert program.ended() == 0
    assert desktop.clipboard() == "somebody else's"
    assert "told cleared" not in program.out


def test_what_the_same_program_copied_elsewhere_is_never_cleared(
    desktop: Desktop, program: Program, tell: Tell
) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    tell("copy-own a-host-name", "copied own")
    tell("forward 60", "moved")
    tell("tick", "ticked")
    assert desktop.clipboard() == "a-host-name"
    assert "told cleared" not in program.out


def test_an_owner_that_hangs_keeps_nobody_waiting(
    desktop: Desktop, program: Program, tell: Tell
) -> None:
    """Qt would wait five seconds for the text of a hanging owner."""
    tell(f"copy {HEADER} 45", "copied True")
    other = desktop.start([str(Path(__file__).parent / "clipboard_program.py")], "other")
    wait_for(lambda: "ready" in other.out, "the other program starts")
    other.tell("copy theirs 45")
    wait_for(lambda: "copied True" in other.out, "the other program's copy")
    other.process.send_signal(signal.SIGSTOP)
    try:
        program.tell("tick")
        program.tell("forward 60")
        program.tell("tick")
        program.tell("clear")
        wait_for(lambda: "left None" in program.out, "four commands at once", seconds=2)
        program.tell("quit")
        assert program.ended(2) == 0
    finally:
        other.process.kill()
        other.ended()


def test_it_is_cleared_on_quit(desktop: Desktop, program: Program, tell: Tell) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    program.tell("quit")
    assert program.ended() == 0
    assert "told cleared" in program.out
    assert desktop.clipboard() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_is_cleared_when_the_system_ends_the_program(
    desktop: Desktop, program: Program, tell: Tell, number: signal.Signals
) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    program.process.send_signal(number)
    assert program.ended(2) == 0
    assert "told cleared" in program.out
    assert program.errors == ""
    assert desktop.clipboard() == ""


def test_a_request_that_comes_twice_at_once_is_one_request(
    desktop: Desktop, program: Program, tell: Tell
) -> None:
    tell(f"copy {HEADER} 45", "copied True")
    program.process.send_signal(signal.SIGINT)
    program.process.send_signal(signal.SIGTERM)
    assert program.ended(2) == 0
    assert "told cleared" in program.out


def test_a_request_that_comes_again_and_again_until_the_end_is_one_request(
    program: Program, tell: Tell
) -> None:
    tell(f"copy {HEADER} 45", "copied True")

    def has_ended() -> bool:
        program.process.send_signal(signal.SIGTERM)
        return program.process.poll() is not None

    wait_for(has_ended, "the program ends", seconds=2)
    assert program.ended() == 0


def test_a_program_that_hangs_is_ended_by_a_later_signal(program: Program, tell: Tell) -> None:
    tell("hang", "hanging")

    def has_ended() -> bool:
        program.process.send_signal(signal.SIGTERM)
        return program.process.poll() is not None

    wait_for(has_ended, "a signal after two seconds", seconds=6)
    assert program.ended() == -signal.SIGTERM


def test_a_signal_that_was_ignored_from_the_start_stays_ignored(desktop: Desktop) -> None:
    nohup = "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); "
    nohup += "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    program = desktop.start(["-c", nohup, str(Path(__file__).parent / "clipboard_program.py")])
    wait_for(lambda: "ready" in program.out, "the program starts")
    program.process.send_signal(signal.SIGHUP)
    program.tell("tick")
    wait_for(lambda: "ticked" in program.out, "it goes on")
    program.tell("quit")
    assert program.ended() == 0
