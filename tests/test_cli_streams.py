"""The terminal program among pipes, signals, terminals and bugs; and no secret stays behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from screen import Screen
from terminal_program import PASSPHRASE, Program, fill, known

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither signals nor ptys")

BUILD = known("build")
OPS = known("ops")
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture
def filled(program: Program, service: Sandbox) -> Program:
    fill(program, service.url, BUILD, OPS)
    return program


# ---- pipes and signals ------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("command", [("list", "--json"), ("list", "--help"), ("--version",)])
def test_a_reader_that_has_gone_is_no_error_to_be_told(
    filled: Program, command: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as deaf:
        done = subprocess.run(
            filled.command(*command),
            stdout=deaf,
            stderr=subprocess.PIPE,
            env=filled.environment,
            timeout=60,
        )
    assert (done.returncode, done.stderr) == (141, b"")


@posix
def test_an_interrupt_ends_at_once_without_a_word(program: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.HANG)
    fill(program, service.url, BUILD)
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    running = program.start("header", "build", "--passphrase-fd", str(reading), pass_fds=(reading,))
    os.close(reading)
    wait_for(lambda: service.exchanges, "the exchange")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=5)
    assert (running.returncode, out, err) == (130, b"", b"")


@posix
def test_streams_that_are_closed_are_done_without(filled: Program) -> None:
    script = 'exec "$@" <&- >&- 2>&-'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *filled.command("list")], env=filled.environment, timeout=60
    )
    assert done.returncode == 0


def test_what_is_piped_is_utf_8_whatever_the_locale(program: Program, service: Sandbox) -> None:
    fill(program, service.url, known("wide", "合同会社 Ærø"))
    latin = Program(program.home, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"})
    done = latin("list", passphrase=None)
    assert done.code == 0
    assert "合同会社 Ærø" in done.out


def test_json_is_plain_ascii_for_shells_that_guess(program: Program, service: Sandbox) -> None:
    fill(program, service.url, known("wide", "合同会社"))
    done = program("list", "--json", passphrase=None)
    assert done.out.isascii()
    assert done.json[0]["organization"] == "合同会社"


def test_an_api_token_in_another_encoding_is_no_bug(program: Program, service: Sandbox) -> None:
    for given in (b"\xff\xfe" + "x".encode("utf-16-le"), b"caf\xe9", b"\xef\xbb\xbf"):
        done = program("add", "--name", "x", "--endpoint", service.url, given=given)
        assert done.code in {2, 4}
        assert "Traceback" not in done.err


# ---- a real terminal --------------------------------------------------------------------------


def screen_of(program: Program, *arguments: str) -> Screen:
    return Screen(program.command(*arguments), program.environment)


@posix
def test_on_a_terminal_the_passphrase_is_asked_for_and_not_shown(filled: Program) -> None:
    screen = screen_of(filled, "header", "build")
    screen.type(PASSPHRASE, after="Passphrase:")
    assert screen.end() == 0
    assert "csp-auth-token: eyJ" in screen.shown
    assert PASSPHRASE not in screen.shown


@posix
def test_on_a_terminal_the_api_token_is_asked_for_and_not_shown(
    filled: Program, service: Sandbox
) -> None:
    new = known("new")
    service.register(new)
    screen = screen_of(filled, "add", "--name", "new", "--endpoint", service.url)
    screen.type(new.api_token, after="API token:")
    screen.type(PASSPHRASE, after="Passphrase:")
    assert screen.end() == 0
    assert "marker" not in screen.shown
    assert len(filled("list", "--json").json) == 3


@posix
def test_a_passcode_is_asked_for_on_a_terminal(filled: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.PASSCODE)
    screen = screen_of(filled, "header", "build", "--passcode-stdin")
    screen.type("123456", after="Passcode:")
    screen.type(PASSPHRASE, after="Passphrase:")
    assert screen.end() == 0
    assert "123456" not in screen.shown


@posix
def test_giving_up_at_a_prompt_is_an_interrupt(filled: Program) -> None:
    screen = screen_of(filled, "header", "build")
    screen.type("\x04", after="Passphrase:")
    assert screen.end() == 130
    assert "Traceback" not in screen.shown


# ---- bugs -------------------------------------------------------------------------------------

WITH_A_BUG = f"""
import sys
from partner_tokens import cli
from partner_tokens.terminal import program

def broken(name):
    raise ValueError("sent csp-auth-token: {JWT}")

program._command = broken
sys.exit(cli.main(sys.argv[1:]))
"""


def test_a_bug_is_one_sentence_and_a_log_without_secrets(program: Program) -> None:
    command = [sys.executable, "-c", WITH_A_BUG, "--profile", str(program.profile.data)]
    done = program("list", command=command, passphrase=None)
    assert (done.code, done.out) == (70, "")
    assert "Traceback" not in done.err
    assert "ValueError" in done.err
    assert str(program.profile.log_path) in done.err
    log = program.profile.log_path.read_text()
    assert "unexpected ValueError\n" in log
    assert ".py:" in log
    assert "csp-auth-token" not in log
    assert "eyJ" not in log + done.err


# ---- secrets ----------------------------------------------------------------------------------


def test_no_secret_is_left_anywhere_by_anything(program: Program, service: Sandbox) -> None:
    service.behave(OPS.api_token, Behaviour.REFUSED_CSP)
    endpoint = ("--endpoint", service.url)
    runs = [
        program("add", "--name", "build", *endpoint, given=BUILD.api_token),
        program("add", "--name", "ops", *endpoint, given=OPS.api_token),
        program("add", "--name", "ops", *endpoint, "--unproven", given=OPS.api_token),
        program(
            *("add", "--name", "ops", *endpoint, "--unproven", "--organization", "Contoso"),
            given=OPS.api_token,
        ),
        program("list"),
        program("list", "--json"),
        program("check", "build", "--json"),
        program("check", "ops"),
        program("header", "ops"),
    ]
    header = program("header", "build")
    access = header.out.strip().removeprefix("csp-auth-token: ")
    assert header.code == 0
    assert len(access) > 500
    written = program.everything_written()
    said = "".join(run.out + run.err for run in runs) + header.err
    tail = OPS.api_token[-5:]
    for secret in ("marker-build", "marker-ops", PASSPHRASE, access, access.split(".")[1]):
        assert secret.encode() not in written
        assert secret not in said
    assert f"...{tail}" not in said
    assert [run.code for run in runs] == [0, 4, 2, 0, 0, 0, 0, 4, 4]
