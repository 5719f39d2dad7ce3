"""One running program for each profile: real processes, real sockets, real locks."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hindered import on_a_read_only_disk
from partner_tokens.core import instance
from partner_tokens.core.errors import NotAnswering
from partner_tokens.core.instance import BUSY, LONGEST, NOT_DONE, Instance, ask, is_running
from threads import no_threads
from torture.disk import can_mount

PROGRAM = """
import sys, threading
from pathlib import Path
from partner_tokens.core.instance import Instance, ask

folder = Path(sys.argv[1])
me = Instance(folder)
if me.claim():
    me.serve(lambda message: {"heard": message})
    print("first", flush=True)
    sys.stdin.read()
    me.release()
else:
    print(ask(folder, {"do": "raise"}), flush=True)
"""


def start(folder: Path, under: Sequence[str] = ()) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*under, sys.executable, "-c", PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_line(program: "subprocess.Popen[str]") -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def first(folder: Path) -> Iterator[Instance]:
    with Instance(folder) as running:
        assert running.claim()
        running.serve(lambda message: {"heard": dict(message)})
        yield running


def raw(folder: Path) -> socket.socket:
    """A line on which a test may say what it likes."""
    line = instance._connect(folder)
    instance._introduce(line, folder)
    return line


def test_of_five_simultaneous_starts_one_runs_and_the_others_are_heard(folder: Path) -> None:
    programs = [start(folder) for _ in range(5)]
    try:
        said = [first_line(program) for program in programs]
        assert said.count("first") == 1
        assert said.count("{'heard': {'do': 'raise'}}") == 4
    finally:
        for program in programs:
            program.communicate()


@pytest.mark.skipif(not can_mount(), reason="this system allows no disk of our own")
def test_on_a_read_only_disk_too_the_second_start_asks_the_first(folder: Path) -> None:
    with start(folder) as earlier:
        assert first_line(earlier) == "first"
        earlier.communicate(timeout=10)
    with start(folder, on_a_read_only_disk(folder)) as running:
        assert first_line(running) == "first"
        assert is_running(folder)
        with start(folder, on_a_read_only_disk(folder)) as second:
            assert "heard" in first_line(second)
            second.communicate(timeout=10)
        running.communicate(timeout=10)
    assert not is_running(folder)


def test_after_a_crash_the_next_start_is_the_first_again(folder: Path) -> None:
    program = start(folder)
    assert first_line(program) == "first"
    program.send_signal(signal.SIGKILL)
    program.communicate()
    assert not is_running(folder)
    again = start(folder)
    assert first_line(again) == "first"
    assert ask(folder, {"a": "ä"}) == {"heard": {"a": "ä"}}
    again.communicate()


def test_who_is_not_running_is_not_asked(folder: Path) -> None:
    assert not is_running(folder)
    with pytest.raises(NotAnswering):
        ask(folder, {})


def test_a_program_that_has_ended_is_not_running(folder: Path, first: Instance) -> None:
    assert is_running(folder)
    first.release()
    assert not is_running(folder)
    with pytest.raises(NotAnswering):
        ask(folder, {})


def test_two_profiles_do_not_know_each_other(folder: Path, first: Instance) -> None:
    with Instance(folder / "other") as other:
        assert other.claim()
        other.serve(lambda _message: {"i am": "the other"})
        assert ask(folder, {"a": 1}) == {"heard": {"a": 1}}
        assert ask(folder / "other", {"a": 1}) == {"i am": "the other"}


@pytest.mark.skipif(sys.platform == "win32", reason="links are for administrators there")
def test_a_profile_is_the_same_however_its_folder_is_spelled(folder: Path, first: Instance) -> None:
    link = folder.with_name("link")
    link.symlink_to(folder)
    for spelled in (link, folder / ".." / folder.name):
        assert is_running(spelled)
        assert ask(spelled, {"a": 1}) == {"heard": {"a": 1}}


def test_one_that_listens_late_is_waited_for(folder: Path) -> None:
    with Instance(folder) as running:
        assert running.claim()
        asking = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True
        )
        running.serve(lambda _message: {"late": True})
        out, _ = asking.communicate(timeout=30)
        assert out.strip() == "{'late': True}"


def test_who_asks_before_anybody_listens_is_answered_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, heard = threading.Event(), list[object]()

    def is_running_still(folder: Path) -> bool:
        refused.set()
        return is_running(folder)

    monkeypatch.setattr(instance, "is_running", is_running_still)
    with Instance(folder) as running:
        assert running.claim()
        asking = threading.Thread(target=lambda: heard.append(ask(folder, {"a": 1})))
        asking.start()
        assert refused.wait(10)
        running.serve(lambda message: {"heard": dict(message)})
        asking.join(30)
    assert heard == [{"heard": {"a": 1}}]


def test_a_second_claim_is_refused_and_leaves_the_first_as_it_was(
    folder: Path, first: Instance
) -> None:
    with Instance(folder) as second:
        assert not second.claim()
    assert ask(folder, {"a": 1}) == {"heard": {"a": 1}}


def test_one_that_ends_is_waited_for_and_succeeded(folder: Path) -> None:
    asked = threading.Event()

    def answer(_message: instance.Message) -> instance.Message:
        asked.set()
        return NOT_DONE

    second, became = Instance(folder), list[bool]()
    with Instance(folder) as ending, second:
        assert ending.claim()
        ending.serve(answer)
        asking = threading.Thread(
            target=lambda: became.append(not second.hand_over({"do": "raise"}))
        )
        asking.start()
        assert asked.wait(10)
        assert became == []
        ending.release()
        asking.join(10)
        assert became == [True]
        assert not Instance(folder).claim()


def test_of_several_that_wait_for_the_end_one_succeeds_and_does_what_the_others_want(
    folder: Path,
) -> None:
    heard, handed, asked = list[instance.Message](), list[bool](), threading.Semaphore(0)

    def decline(_message: instance.Message) -> instance.Message:
        asked.release()
        return NOT_DONE

    def serve(message: instance.Message) -> instance.Message:
        heard.append(message)
        return {"done": True}

    with ExitStack() as stack:
        ending = stack.enter_context(Instance(folder))
        assert ending.claim()
        ending.serve(decline)

        def start() -> None:
            mine = stack.enter_context(Instance(folder))
            if not mine.hand_over({"do": "raise"}):
                mine.serve(serve)
            else:
                handed.append(True)

        starts = [threading.Thread(target=start) for _ in range(4)]
        for thread in starts:
            thread.start()
        for _ in starts:
            assert asked.acquire(timeout=10)
        ending.release()
        for thread in starts:
            thread.join(10)
        assert (len(handed), heard) == (3, [{"do": "raise"}] * 3)


def test_one_that_never_ends_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "PATIENCE", 0.2)
    with Instance(folder) as ending:
        assert ending.claim()
        ending.serve(lambda _message: NOT_DONE)
        with pytest.raises(NotAnswering):
            Instance(folder).hand_over({"do": "raise"})


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(folder: Path) -> None:
    stuck = threading.Event()
    with Instance(folder) as running:
        assert running.claim()
        running.serve(lambda _message: {"at last": stuck.wait(30)})
        with pytest.raises(NotAnswering):
            ask(folder, {}, patience=0.2)
        stuck.set()


def test_who_calls_while_the_system_starts_no_thread_is_hung_up_on_and_heard_later(
    folder: Path, first: Instance
) -> None:
    with no_threads():
        for _time in range(BUSY + 1):
            with pytest.raises(NotAnswering):
                ask(folder, {"a": 1})
    assert ask(folder, {"a": 1}) == {"heard": {"a": 1}}


def test_a_program_that_gets_no_thread_to_listen_says_so_and_runs(folder: Path) -> None:
    with Instance(folder) as running:
        assert running.claim()
        with no_threads(), pytest.raises(OSError, match="thread"):
            running.serve(dict)


def test_a_fault_in_an_answer_ends_that_conversation_only(folder: Path) -> None:
    def answer(message: instance.Message) -> dict[str, Any]:
        if "bad" in message:
            raise ValueError("bad")
        return {"good": True}

    with Instance(folder) as running:
        assert running.claim()
        running.serve(answer)
        with pytest.raises(NotAnswering):
            ask(folder, {"bad": 1})
        assert ask(folder, {}) == {"good": True}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a key file instead")
def test_the_socket_is_closed_to_others_and_gone_afterwards(folder: Path, first: Instance) -> None:
    path = instance._address(folder)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    first.release()
    assert not path.exists()


@pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0, reason="only root can be somebody else"
)
def test_somebody_else_is_not_answered_and_not_asked(folder: Path, first: Instance) -> None:
    path = instance._address(folder)
    program = f"""
import os, socket
os.setuid(65534)
line = socket.socket(socket.AF_UNIX)
line.connect({str(path)!r})
line.settimeout(5)
try:
    line.sendall(b'{{"a": 1}}\\n')
    print(line.recv(100))
except ConnectionError:
    print(b'')
"""
    path.chmod(0o666)
    before = path.parent.stat().st_mode
    path.parent.chmod(0o755)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
    finally:
        path.parent.chmod(before)
    if "PermissionError" in done.stderr:
        pytest.skip("a folder above is closed to others")
    assert done.stdout.strip() == "b''"


@pytest.mark.skipif(
    sys.platform == "win32" or os.getuid() != 0, reason="only root can be somebody else"
)
def test_somebody_else_in_our_place_is_told_nothing(folder: Path) -> None:
    """Who listens is who the system says has called `listen`."""
    folder.mkdir()
    path = instance._address(folder)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    program = f"""
import os, socket
ear = socket.socket(socket.AF_UNIX)
ear.bind({str(path)!r})
os.setuid(65534)
ear.listen()
print("listening", flush=True)
line, _address = ear.accept()
print(line.recv(100), flush=True)
"""
    stranger = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    try:
        assert first_line(stranger) == "listening"
        with pytest.raises(NotAnswering):
            ask(folder, {"a": "secret"})
        assert first_line(stranger) == "b''"
    finally:
        stranger.kill()
        stranger.communicate()
        path.unlink()


def test_a_program_that_hangs_up_has_not_answered(folder: Path) -> None:
    folder.mkdir()
    ear = instance._listen(folder)

    def hang_up() -> None:
        line, _address = ear.accept()
        with line:
            while not line.recv(100).endswith(b"\n"):
                pass

    program = threading.Thread(target=hang_up)
    program.start()
    try:
        with pytest.raises(NotAnswering):
            ask(folder, {"a": 1})
    finally:
        program.join()
        ear.close()
        instance._take_down(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a port instead")
@pytest.mark.parametrize("has_session", [True, False])
def test_the_socket_lies_in_the_sessions_folder_or_in_one_of_the_users_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, has_session: bool
) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda _path: has_session)
    above = instance._address(folder).parent
    user = os.getuid()
    assert str(above) == (
        f"/run/user/{user}/partner-tokens" if has_session else f"/tmp/partner-tokens-{user}"
    )


NOISE = [
    b"",
    b"\n",
    b"null\n",
    b"[]\n",
    b'{"a": 1}',
    b"\xff\xfe\n",
    b"[" * 60_000 + b"\n",
    b"x" * (LONGEST + 10) + b"\n",
    b'{"a":' * 10_000 + b"\n",
]


@pytest.mark.parametrize("noise", NOISE, ids=range(len(NOISE)))
def test_noise_is_hung_up_on_and_the_next_is_answered(
    folder: Path, first: Instance, noise: bytes
) -> None:
    with raw(folder) as line:
        line.settimeout(10)
        try:
            line.sendall(noise)
            line.shutdown(socket.SHUT_WR)
            assert line.recv(100) == b""
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert ask(folder, {"b": 2}) == {"heard": {"b": 2}}


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
MESSAGES = st.dictionaries(st.text(max_size=9), PLAIN | st.lists(PLAIN, max_size=4), max_size=5)


@settings(max_examples=30)
@given(MESSAGES)
def test_what_is_said_is_what_is_heard(message: dict[str, Any]) -> None:
    here, there = socket.socketpair()
    with here, there:
        instance._write(here, message)
        assert instance._read(there, 5) == json.loads(json.dumps(message))


PIECES = st.binary(max_size=80) | st.sampled_from(
    [
        b"\n",
        b"{",
        b"}",
        b'{"a": 1}\n',
        b'{"a":',
        b"\xed\xa0\x80",
        b"[" * 5_000,
        b"NaN",
        b"9" * 9_000,
    ]
)


def said_back(line: socket.socket) -> bytes:
    """All that comes before the other end hangs up."""
    heard = b""
    with suppress(ConnectionResetError):
        while piece := line.recv(4096):
            heard += piece
    return heard


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=6), st.booleans())
def test_whatever_bytes_arrive_in_whatever_pieces_the_next_is_answered(
    folder: Path, first: Instance, pieces: list[bytes], rude: bool
) -> None:
    with raw(folder) as line:
        line.settimeout(10)
        with suppress(BrokenPipeError, ConnectionResetError):
            for piece in pieces:
                line.sendall(piece)
            if not rude:  # else it hangs up without waiting for an answer
                line.shutdown(socket.SHUT_WR)
                back = said_back(line)
                assert back == b"" or json.loads(back.removeprefix(instance.HEARD)).keys() == {
                    "heard"
                }
    assert ask(folder, {"b": 2}) == {"heard": {"b": 2}}


def test_many_that_say_nothing_or_half_of_it_do_not_keep_the_next_from_an_answer(
    folder: Path, first: Instance
) -> None:
    with ExitStack() as stack:
        for number in range(BUSY - 1):
            line = stack.enter_context(raw(folder))
            line.sendall(b'{"a":'[:number])
        assert ask(folder, {"b": 2}) == {"heard": {"b": 2}}


def test_who_asks_whether_a_program_runs_does_not_keep_one_from_starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Instance(folder) as before:
        assert before.claim()
    asking = os.open(folder / "instance.lock", os.O_RDWR)
    assert instance._try_lock(asking)
    try_lock, answers = instance._try_lock, list[bool]()

    def tried(lock: int) -> bool:
        answers.append(try_lock(lock))
        if len(answers) == 1:
            os.close(asking)  # who asked has its answer
        return answers[-1]

    monkeypatch.setattr(instance, "_try_lock", tried)
    with Instance(folder) as running:
        assert running.claim()
    assert answers == [False, True]


def drip(line: socket.socket) -> None:
    """Says a message that never ends, bit by bit."""
    pause = threading.Event()
    for _drop in range(500):
        line.sendall(b"[")
        pause.wait(0.02)


def test_one_who_speaks_in_drops_is_hung_up_on_in_time(
    folder: Path, first: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "PATIENCE", 0.3)
    with raw(folder) as line, pytest.raises((BrokenPipeError, ConnectionResetError)):
        drip(line)
    assert ask(folder, {"b": 2}) == {"heard": {"b": 2}}


def test_an_answer_in_drops_is_not_waited_for_for_ever() -> None:
    here, there = socket.socketpair()
    done = threading.Event()

    def drip() -> None:
        while not done.wait(0.02):
            here.sendall(b" ")

    dripping = threading.Thread(target=drip)
    dripping.start()
    with here, there:
        with pytest.raises(OSError, match="timed out"):
            instance._read(there, 0.3)
        done.set()
        dripping.join()


POOR = """
import os, resource, sys, threading
from pathlib import Path
from partner_tokens.core.instance import Instance, ask

folder = Path(sys.argv[1])
with Instance(folder) as running:
    assert running.claim()
    running.serve(lambda message: {"heard": message})
    assert ask(folder, {"a": 1}) == {"heard": {"a": 1}}
    from socket import AF_UNIX, socket
    from partner_tokens.core import instance
    line = socket(AF_UNIX)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    while True:
        try:
            taken.append(os.open("/dev/null", os.O_RDONLY))
        except OSError:
            break
    line.connect(str(instance._address(folder)))
    threading.Event().wait(0.3)
    for file in taken:
        os.close(file)
    print(ask(folder, {"b": 2}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are told otherwise there")
def test_a_program_that_had_no_file_left_for_a_caller_hears_the_next(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", POOR, str(folder)], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.stderr) == ("{'heard': {'b': 2}}\n", "")
