"""The terminal program on hostile ground: files, arguments and streams that mean it no good."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from terminal_program import PASSPHRASE, Program, fill, known

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other streams and modes")

BUILD = known("build")
OPS = known("ops", "Fabrikam")
NASTY = "\x1b]0;PWNED\x07\x1b[31mevil\u202egnp.exe\r\nFake\x9b\x85\u2028\u2066line"
COMMAND = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD, OPS)
        yield sandbox


@pytest.fixture
def program(tmp_path: Path, service: Sandbox) -> Program:
    program = Program(tmp_path)
    fill(program, service.url, BUILD, OPS)
    return program


def rewrite(program: Program, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(program.profile.store_path)) as connection:
        connection.execute(statement, values)
        connection.commit()


# ---- nothing commands the terminal ------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE organizations SET name = ?",
        "UPDATE tokens SET name = ?",
        "UPDATE tokens SET state = 'refused', request_id = ?",
        "UPDATE slots SET backend = ?, kind = 'keyring'",
    ],
)
def test_a_name_from_the_file_commands_no_terminal(program: Program, change: str) -> None:
    rewrite(program, change, NASTY)
    for arguments in (("list",), ("header", "o"), ("header", "00abcdef"), ("check", "00abcdef")):
        done = program(*arguments)
        assert not COMMAND.search(done.out + done.err), arguments
        assert "Something went wrong" not in done.err
    assert len(program("list").out.splitlines()) == 3


def test_json_has_the_name_to_the_letter(program: Program) -> None:
    rewrite(program, "UPDATE tokens SET name = ?", NASTY)
    assert {row["name"] for row in program("list", "--json").json} == {NASTY}


def test_columns_stay_in_line_beside_a_name_that_hides(program: Program) -> None:
    rewrite(program, "UPDATE tokens SET name = ? WHERE id LIKE '00%'", "a\u202e\u2066b")
    head, *rows = program("list").out.splitlines()
    assert {row.index("in 20 days") for row in rows} == {head.index("Expires")}


@pytest.mark.parametrize("arguments", [("header",), ("check",), ("header", "a", "--format")])
def test_an_argument_is_not_echoed_as_a_command(program: Program, arguments: tuple[str]) -> None:
    done = program(*arguments, NASTY)
    assert done.code in {2, 3}
    assert not COMMAND.search(done.out + done.err)


HALF = "caf\udce9"
"""As Python reads a word in another encoding: out of an old script, say."""


@posix
@pytest.mark.parametrize("command", ["header", "token", "edit", "remove", "restore", "check"])
def test_words_that_are_no_utf_8_match_nothing(program: Program, command: str) -> None:
    done = program(command, HALF, *(("--pin",) if command == "edit" else ()))
    assert (done.code, done.out) == (3, "")
    assert "token matches" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("--profile", "", "list"), ("import", ""), ("backup", ""), ("export", "")],
)
def test_a_path_that_a_script_left_empty_is_not_the_folder_one_is_in(
    program: Program, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "token.txt").write_text("marker-" + "t" * 57)
    done = subprocess.run(
        program.command(*arguments),
        capture_output=True,
        text=True,
        cwd=here,
        env=program.environment,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "the path is missing" in done.stderr
    assert [path.name for path in here.iterdir()] == ["token.txt"]


def test_an_endpoint_that_a_script_left_empty_is_not_the_vendor_s(program: Program) -> None:
    where = ("--endpoint", "", "--organization", "y", "--name", "x", "--unproven")
    done = program("add", *where, given="marker-" + "t" * 57)
    assert (done.code, done.out) == (2, "")
    assert "not the address of an endpoint" in done.err


def test_an_unknown_argument_is_not_echoed_as_a_command(program: Program) -> None:
    done = program("list", f"--{NASTY}")
    assert done.code == 2
    assert not COMMAND.search(done.out + done.err)


def test_a_name_that_begins_with_a_dash_can_be_meant(program: Program) -> None:
    rewrite(program, "UPDATE tokens SET name = '--rf' WHERE id LIKE '00%'")
    for arguments, begins in (
        (("header", "--", "--rf"), "csp-auth-token: eyJ"),
        (("exec", "--", "--rf", "--", "printenv", "CSP_AUTH_TOKEN"), "eyJ"),
        (("exec", "rf", "--", "printenv", "CSP_AUTH_TOKEN"), "eyJ"),
        (("edit", "--note", "x", "--", "--rf"), "00abcdef"),
        (("remove", "--", "--rf"), "00abcdef"),
        (("restore", "--", "--rf"), "00abcdef"),
    ):
        done = program(*arguments)
        assert (done.code, done.out[: len(begins)]) == (0, begins), done.err


def test_exec_and_its_dashes_can_be_words_as_well(program: Program) -> None:
    rewrite(program, "UPDATE tokens SET name = 'exec' WHERE id LIKE '00%'")
    assert program("header", "--", "exec").out.startswith("csp-auth-token: eyJ")
    done = program("exec", "exec", "--", "printf", "%s,", "exec", "--", "x")
    assert (done.code, done.out) == (0, "exec,--,x,")


@pytest.mark.parametrize("command", ["edit", "remove", "restore"])
def test_a_deed_tells_a_hostile_name_as_text(program: Program, command: str) -> None:
    rewrite(program, "UPDATE organizations SET name = ? || key", NASTY)
    rewrite(program, "UPDATE tokens SET name = ?", NASTY)
    if command == "restore":
        program("remove", "00abcdef")
    more = ("--organization", "Fabrikam2", "--name", "x") if command == "edit" else ()
    done = program(command, "00abcdef", *more)
    assert done.code == 0
    assert not COMMAND.search(done.out + done.err)
    removed = program("list", "--removed")
    assert not COMMAND.search(removed.out + removed.err)


def test_of_two_that_remove_the_same_at_once_one_has_done_it(program: Program) -> None:
    running = [program.start("remove", "00abcdef") for _time in range(3)]
    ends = [(each.communicate(timeout=60), each.returncode) for each in running]
    assert sorted(code for _said, code in ends) == [0, 3, 3]
    assert all(b"Traceback" not in err for (_out, err), _code in ends)


# ---- a file that is none of ours --------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tokens SET endpoint = 'https://['",
        "UPDATE tokens SET endpoint = 'https://a:99999999'",
        "UPDATE tokens SET name = cast(x'ff1b5b33316d1b5d303b5007' AS text)",
        "PRAGMA user_version = -1",
        "PRAGMA user_version = 0",
        "ALTER TABLE tokens DROP COLUMN note",
    ],
)
@pytest.mark.parametrize("command", [("list",), ("check",), ("header", "build")])
def test_a_file_tampered_with_is_unreadable_and_no_bug(
    program: Program, change: str, command: tuple[str, ...]
) -> None:
    rewrite(program, change)
    done = program(*command)
    assert (done.code, done.out) == (6, "")
    assert "cannot be read" in done.err
    assert not COMMAND.search(done.err)


@posix
def test_a_shared_folder_is_refused_and_left_as_it_is(program: Program, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    command = [sys.executable, "-m", "partner_tokens.cli", "--profile", str(shared)]
    done = program("list", command=command, passphrase=None)
    assert done.code == 2
    assert str(shared) in done.err
    assert "only you can write to" in done.err
    assert shared.stat().st_mode & 0o7777 == 0o1777
    assert list(shared.iterdir()) == []


@posix
def test_the_window_refuses_a_shared_folder_as_well(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    done = subprocess.run(
        [sys.executable, "-m", "partner_tokens", "--profile", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "only you can write to" in done.stderr


# ---- streams ----------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("number", ["99999999999999", "9223372036854775808999", "-1"])
def test_a_file_descriptor_that_cannot_be_is_a_matter_of_usage(
    program: Program, number: str
) -> None:
    done = program("list", "--passphrase-fd", number, passphrase=None)
    assert (done.code, done.out) == (2, "")
    assert "cannot be read" in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("command", [("list",), ("list", "--json"), ("--help",)])
def test_a_full_disk_is_one_sentence_and_no_bug(program: Program, command: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program.command(*command),
            stdout=full,
            stderr=subprocess.PIPE,
            env=program.environment,
            timeout=60,
        )
    told = done.stderr.decode()
    assert done.returncode == 2
    assert "The output could not be written." in told
    assert "inside Partner Tokens" not in told
    assert "Exception ignored" not in told


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_words_that_cannot_be_told_change_no_exit_code(program: Program) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            program.command("header", "nobody"), stderr=full, env=program.environment, timeout=60
        )
    assert done.returncode == 3


def test_what_is_no_utf_8_is_not_stored(program: Program, service: Sandbox) -> None:
    for given in (b"caf\xe9-0123456789", b"\xff\xfe" + "x-token".encode("utf-16-le")):
        done = program(
            *("add", "--name", "x", "--organization", "y", "--unproven"),
            *("--endpoint", service.url),
            given=given,
        )
        assert (done.code, done.out) == (2, "")
        assert "UTF-8" in done.err
    assert len(program("list", "--json").json) == 2


def test_a_name_that_cannot_be_seen_is_missing(program: Program, service: Sandbox) -> None:
    done = program(
        *("add", "--name", "\u200b\u202e", "--organization", "y", "--unproven"),
        given="some-api-token",
    )
    assert done.code == 2
    assert "has no name" in done.err


# ---- the process ------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_its_memory_is_never_dumped_to_a_file(program: Program, service: Sandbox) -> None:
    service.behave(BUILD.api_token, Behaviour.HANG)
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    running = program.start("header", "build", "--passphrase-fd", str(reading), pass_fds=(reading,))
    os.close(reading)
    wait_for(lambda: service.exchanges, "the exchange")
    limits = Path(f"/proc/{running.pid}/limits").read_text()
    running.kill()
    running.communicate()
    (core,) = (line for line in limits.splitlines() if line.startswith("Max core"))
    assert core.split()[4:6] == ["0", "0"]


WITH_A_SLOW_IMPORT = """
import os, signal, sys
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "partner_tokens.terminal.program":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Slow())
from partner_tokens.cli import main
sys.exit(main(sys.argv[1:]))
"""


@posix
def test_an_interrupt_while_it_is_loading_ends_it_without_a_word(program: Program) -> None:
    done = program("list", command=[sys.executable, "-c", WITH_A_SLOW_IMPORT], passphrase=None)
    assert (done.code, done.out, done.err) == (130, "", "")


WITH_A_SECRET_IN_A_BUG = f"""
import sys
from partner_tokens.core.store import Store
def broken(self):
    raise ValueError("cannot send {BUILD.api_token}") from KeyError("{PASSPHRASE}")
Store.tokens = broken
from partner_tokens.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_the_log_of_a_bug_holds_types_and_places_only(program: Program) -> None:
    command = [sys.executable, "-c", WITH_A_SECRET_IN_A_BUG]
    command += ["--profile", str(program.profile.data)]
    done = program("list", command=command, passphrase=None)
    log = program.profile.log_path.read_text()
    assert done.code == 70
    assert "ValueError" in log
    assert "because of KeyError" in log
    for secret in (BUILD.api_token, PASSPHRASE, "cannot send"):
        assert secret not in log + done.err
