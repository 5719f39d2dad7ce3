"""What nobody expected is written down without secrets, told once, and survived."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, qWarning
from pytestqt.qtbot import QtBot

from partner_tokens.ui.crash import CrashNet

SECRET = "pT4kXq-Zs81hV2nWm0cYbR7dLgJ3eFoA"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log" / "partner-tokens.log"


@pytest.fixture
def net(qtbot: QtBot, log: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[CrashNet]:
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    made = CrashNet(log)
    made.install()
    yield made
    made.remove()
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


@pytest.fixture
def told(net: CrashNet) -> list[str]:
    heard: list[str] = []
    net.caught.connect(heard.append)
    return heard


def stumble() -> None:
    raise LookupError(f"no room for {SECRET} here")


def deeper() -> None:
    try:
        stumble()
    except LookupError as error:
        raise RuntimeError("worse") from error


def test_a_slot_that_raises_is_told_and_written_down(
    net: CrashNet, told: list[str], log: Path, qtbot: QtBot
) -> None:
    QTimer.singleShot(0, stumble)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].startswith("LookupError\n")
    assert "ui/test_crash.py:" in told[0]
    assert " in stumble" in told[0]
    assert told[0] in log.read_text()
    assert SECRET not in log.read_text()


def test_a_thread_that_raises_is_told_on_the_gui_thread(net: CrashNet, qtbot: QtBot) -> None:
    told_on: list[threading.Thread] = []
    receiver = QObject()
    net.caught.connect(lambda _details: told_on.append(threading.current_thread()))
    thread = threading.Thread(target=stumble)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(told_on))
    assert told_on == [threading.main_thread()]
    del receiver


def test_an_error_in_a_finalizer_is_told(net: CrashNet, told: list[str], qtbot: QtBot) -> None:
    class Bad:
        def __del__(self) -> None:
            stumble()

    Bad()
    qtbot.waitUntil(lambda: bool(told))
    assert "LookupError" in told[0]


def test_what_background_caught_is_taken(net: CrashNet, told: list[str], qtbot: QtBot) -> None:
    with pytest.raises(RuntimeError) as caught:
        deeper()
    net.take(caught.value)
    qtbot.waitUntil(lambda: bool(told))
    first, *_rest = told[0].splitlines()
    assert first == "RuntimeError"
    assert "because of LookupError\n" in told[0]


def test_a_fault_that_repeats_is_told_once_and_written_down_at_powers_of_ten(
    net: CrashNet, told: list[str], log: Path, qtbot: QtBot
) -> None:
    for _ in range(150):
        QTimer.singleShot(0, stumble)
    QTimer.singleShot(0, deeper)
    qtbot.waitUntil(lambda: len(told) == 2)
    lines = log.read_text()
    assert lines.count("LookupError\n") == 2  # its own, and as the cause of the other
    assert "10 times now: LookupError" in lines
    assert "100 times now: LookupError" in lines
    assert " in stumble" in lines.splitlines()[-1] or "RuntimeError" in lines


def test_faults_at_ever_new_places_do_not_fill_the_disk(net: CrashNet, log: Path) -> None:
    for number in range(500):
        net.take(LookupError(f"fault {number}"))
        net.take(type(f"Fault{number}", (Exception,), {})("anew"))
    assert 50 < log.read_text().count("Fault") < 110


def test_what_qt_complains_of_is_for_the_log_alone(
    net: CrashNet, told: list[str], log: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        qWarning("a header csp-auth-token: eyJhbGciOi.abc.def was seen")
    QTimer.singleShot(0, stumble)
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1
    assert log.read_text().count("Qt: a header csp-auth-token: … was seen") == 1
    assert "eyJ" not in capsys.readouterr().err


def test_no_log_is_begun_while_all_is_well(net: CrashNet, log: Path) -> None:
    assert not log.parent.exists()


def test_a_log_that_cannot_be_written_troubles_nobody(
    qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_text("a file stands in the way")
    net = CrashNet(tmp_path / "log" / "partner-tokens.log")
    told: list[str] = []
    net.caught.connect(told.append)
    net.take(LookupError("anyway"))
    qtbot.waitUntil(lambda: bool(told))
    net.remove()


# ---- as a process ----

Run = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def started(program: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program), str(tmp_path / "log" / "crash.txt")],
            capture_output=True,
            text=True,
            timeout=30,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )

    return started


def test_the_program_goes_on_after_a_fault(run: Run, tmp_path: Path) -> None:
    done = run("""
        import sys
        from pathlib import Path
        from PySide6.QtCore import QCoreApplication, QTimer
        from partner_tokens.ui.crash import CrashNet

        application = QCoreApplication(sys.argv)
        net = CrashNet(Path(sys.argv[1]))
        net.install()
        net.caught.connect(lambda details: print(details.splitlines()[0]))
        QTimer.singleShot(0, lambda: 1 // 0)
        QTimer.singleShot(100, application.quit)
        code = application.exec()
        net.remove()
        print("ended", code)
    """)
    assert done.stdout.splitlines() == [
        "ZeroDivisionError",
        "ended 0",
    ]
    assert done.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="kills itself with a signal")
def test_a_native_crash_leaves_its_way_in_a_private_file_and_no_core(
    run: Run, tmp_path: Path
) -> None:
    done = run("""
        import os, resource, signal, sys
        from pathlib import Path
        from partner_tokens.core.faults import forbid_core_dumps
        from partner_tokens.ui.crash import keep_native_traces

        forbid_core_dumps()
        keep_native_traces(Path(sys.argv[1]))
        print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)

        def fall():
            os.kill(os.getpid(), signal.SIGSEGV)

        fall()
    """)
    written = tmp_path / "log" / "crash.txt"
    assert done.stdout == "(0, 0)\n"
    assert done.returncode != 0
    assert "Segmentation fault" in written.read_text()
    assert "in fall" in written.read_text()
    assert written.stat().st_mode & 0o777 == 0o600


def test_native_traces_are_begun_anew_when_they_grow_too_long(run: Run, tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from partner_tokens.ui.crash import keep_native_traces
        keep_native_traces(Path(sys.argv[1]))
    """
    written = tmp_path / "log" / "crash.txt"
    run(program)
    written.write_text("old " * 1000)
    run(program)
    assert written.stat().st_size == 4000
    written.write_text("old " * 100_000)
    run(program)
    assert written.stat().st_size == 0
