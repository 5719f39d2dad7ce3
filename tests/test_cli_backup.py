"""The terminal's backup as a process: what it writes, asks, refuses; and its import elsewhere."""

import contextlib
import json
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from age_command import opened_by_age, sealed_by_age
from partner_tokens.core.age_file import sealed_file
from partner_tokens.core.secret import Secret
from screen import Screen
from terminal_program import PASSPHRASE, Done, Program, fill, known

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ptys")

HOST = "https://console.navigator.vmware.com"
BUILD, OPS = known("build"), known("ops", "Fabrikam")
FOR_FILE = "of the file marker-9d2a"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path / "home")
    fill(made, HOST, BUILD, OPS)
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Program:
    """A colleague's computer, where nothing is stored yet."""
    return Program(tmp_path / "elsewhere")


def run(
    program: Program, *arguments: str, file_passphrase: str = FOR_FILE, given: bytes = b""
) -> Done:
    """With both passphrases, one line each, through one pipe: the store's first."""
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n{file_passphrase}\n".encode())
    os.close(writing)
    number = str(reading)
    command = [*program.command(*arguments), "--passphrase-fd", number]
    try:
        return program(
            *("--file-passphrase-fd", number),
            command=command,
            given=given,
            passphrase=None,
            pass_fds=(reading,),
        )
    finally:
        os.close(reading)


def names_in(file: Path, passphrase: str = FOR_FILE) -> list[str]:
    content = sealed_file(file.read_bytes(), file.name).opened(Secret(passphrase))
    return [token["name"] for token in json.loads(content)["tokens"]]


def stored(program: Program) -> list[tuple[str, str, str]]:
    rows = program("list", "--json", passphrase=None).json
    return [(row["organization"], row["name"], row["state"]) for row in rows]


def test_what_one_backs_up_another_imports(
    program: Program, elsewhere: Program, tmp_path: Path
) -> None:
    file = tmp_path / "backup.age"
    done = run(program, "backup", str(file))
    assert (done.code, done.out) == (0, "")
    assert f"2 tokens written to {file}." in done.err
    assert "Whoever has the file and knows its passphrase can use the tokens." in done.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = run(elsewhere, "import", str(file))
    assert told.code == 0
    assert "2 tokens imported." in told.err
    assert "still holds" not in told.err  # it is encrypted
    assert stored(elsewhere) == [("Contoso", "build", "unproven"), ("Fabrikam", "ops", "unproven")]
    again = run(elsewhere, "import", str(file), "--json")
    assert [row["mark"] for row in again.json["rows"]] == ["duplicate", "duplicate"]
    everything = elsewhere.everything_written() + program.everything_written() + file.read_bytes()
    said = "".join(each.out + each.err for each in (done, told, again))
    for secret in ("marker-build", "marker-ops", "marker-9d2a", PASSPHRASE):
        assert secret.encode() not in everything
        assert secret not in said


@posix
def test_the_command_age_opens_what_was_backed_up(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "backup.age"
    run(program, "backup", str(file))
    document = json.loads(opened_by_age(file, FOR_FILE))
    secrets = [token["secret"] for token in document["tokens"]]
    assert secrets == [BUILD.api_token, OPS.api_token]


@posix
def test_what_the_command_age_made_is_imported_from_a_file_and_from_a_pipe(
    elsewhere: Program, tmp_path: Path
) -> None:
    table = f"organization;name;token\nContoso;build;{BUILD.api_token}\n"
    file = sealed_by_age(table.encode(), FOR_FILE, tmp_path / "list.csv.age", "--armor")
    assert run(elsewhere, "import", str(file), "--dry-run").code == 0
    assert stored(elsewhere) == []
    assert run(elsewhere, "import", "-", given=file.read_bytes()).code == 0
    assert stored(elsewhere) == [("Contoso", "build", "unproven")]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (["--organization", "fabrikam"], ["ops"]),
        (["--organization", "fabrikam-id", "--organization", "CONTOSO"], ["build", "ops"]),
        (["contoso"], ["build"]),
        (["con", "build"], ["build"]),
    ],
    ids=["by name", "by id, two", "by a word", "by two words"],
)
def test_only_what_was_meant_is_backed_up(
    program: Program, tmp_path: Path, choice: list[str], expected: list[str]
) -> None:
    file = tmp_path / "backup.age"
    done = run(program, "backup", str(file), *choice)
    assert done.code == 0
    assert names_in(file) == expected


def test_an_organization_that_a_script_left_empty_means_nobody_s_tokens(
    program: Program, tmp_path: Path
) -> None:
    where = ("--organization", "Without an id", "--name", "other", "--endpoint", HOST)
    assert program("add", *where, "--unproven", given="marker-" + "o" * 50).code == 0
    for choice in (["--organization", ""], ["--organization", "contoso", "--organization", " "]):
        done = run(program, "backup", str(tmp_path / "backup.age"), *choice)
        assert done.code == 2
        assert "The organization is missing." in done.err
    assert not (tmp_path / "backup.age").exists()


def test_one_organization_of_several_that_is_not_there_is_named_and_nothing_is_written(
    program: Program, tmp_path: Path
) -> None:
    both = ("--organization", "contoso", "--organization", "fabricam")
    done = run(program, "backup", str(tmp_path / "backup.age"), *both)
    assert done.code == 3
    assert "No token matches “fabricam”." in done.err
    assert not (tmp_path / "backup.age").exists()


@pytest.mark.parametrize("choice", [["--organization", "con"], ["nowhere"]])
def test_where_nothing_was_meant_no_file_is_written(
    program: Program, tmp_path: Path, choice: list[str]
) -> None:
    done = run(program, "backup", str(tmp_path / "backup.age"), *choice)
    assert done.code == 3
    assert "No token matches" in done.err
    assert not (tmp_path / "backup.age").exists()


def test_a_token_that_cannot_be_opened_is_named(program: Program, tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(program.profile.store_path)) as connection, connection:
        connection.execute("UPDATE tokens SET ciphertext = x'00' WHERE name = 'ops'")
    file = tmp_path / "backup.age"
    done = run(program, "backup", str(file))
    assert done.code == 6
    assert "Not in the file, because it cannot be opened: Fabrikam, ops" in done.err
    assert names_in(file) == ["build"]
    content = file.read_bytes()
    again = run(program, "backup", str(file))
    assert (again.code, file.read_bytes()) == (6, content)
    assert f"{file} was left as it is" in again.err
    assert "Fabrikam, ops" in again.err
    none = run(program, "backup", str(tmp_path / "none.age"), "ops")
    assert (none.code, (tmp_path / "none.age").exists()) == (6, False)
    assert "None of these tokens can be opened" in none.err


def test_a_short_passphrase_and_a_wrong_one_are_said(
    program: Program, elsewhere: Program, tmp_path: Path
) -> None:
    file = tmp_path / "backup.age"
    short = run(program, "backup", str(file), file_passphrase="1234567")
    assert (short.code, file.exists()) == (2, False)
    assert "too short" in short.err
    run(program, "backup", str(file))
    wrong = run(elsewhere, "import", str(file), file_passphrase="another one")
    assert (wrong.code, wrong.out) == (2, "")
    assert "This passphrase does not open backup.age." in wrong.err
    assert not elsewhere.profile.store_path.exists()


def test_without_terminal_or_passphrase_the_file_stays_closed(
    program: Program, tmp_path: Path
) -> None:
    done = program("backup", str(tmp_path / "backup.age"))
    assert done.code == 2
    assert "--file-passphrase-fd N" in done.err


@posix
def test_on_a_terminal_both_passphrases_are_asked_for_and_not_shown(
    program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "backup.age"
    screen = Screen(program.command("backup", str(file)), program.environment)
    screen.type(PASSPHRASE, after="Passphrase:")
    screen.type(FOR_FILE, after="Passphrase for backup.age:")
    screen.type(FOR_FILE, after="The same once more:")
    assert screen.end() == 0
    assert "marker" not in screen.shown
    screen = Screen(program.command("import", str(file), "--dry-run"), program.environment)
    screen.type(FOR_FILE, after="Passphrase of backup.age:")
    screen.type(PASSPHRASE, after="Passphrase:")
    assert screen.end() == 0
    assert "0 tokens would be imported." in screen.shown
    assert "marker" not in screen.shown


@posix
def test_two_different_passphrases_write_nothing(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "backup.age"
    screen = Screen(program.command("backup", str(file)), program.environment)
    screen.type(PASSPHRASE, after="Passphrase:")
    screen.type(FOR_FILE, after="Passphrase for backup.age:")
    screen.type(f"{FOR_FILE}x", after="The same once more:")
    assert screen.end() == 2
    assert "The two passphrases differ." in screen.shown
    assert not file.exists()
