"""The terminal program with a real keyring: present, locked, missing, silent, swapped."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyring_session import KeyringSession
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.service import Sandbox
from partner_tokens.terminal.opening import with_current_key
from terminal_program import PASSPHRASE, Done, Program, known

pytestmark = [
    pytest.mark.keyring,
    pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux"),
]

BUILD = known("build")


@pytest.fixture
def service() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        sandbox.register(BUILD)
        yield sandbox


@pytest.fixture
def session(tmp_path: Path) -> Iterator[KeyringSession]:
    folder = tmp_path / "session"
    folder.mkdir()
    session = KeyringSession(folder)
    yield session
    session.stop()


@pytest.fixture
def program(tmp_path: Path, session: KeyringSession) -> Program:
    return Program(tmp_path / "home", {"DBUS_SESSION_BUS_ADDRESS": session.address})


def add(program: Program, service: Sandbox) -> Done:
    return program(
        *("add", "--name", "build", "--endpoint", service.url),
        given=BUILD.api_token,
        passphrase=None,
    )


def header(program: Program) -> Done:
    return program("header", "build", passphrase=None)


def test_the_first_token_makes_the_key_and_the_keyring_opens_it_ever_after(
    program: Program, service: Sandbox
) -> None:
    assert add(program, service).code == 0
    assert header(program).out.startswith("csp-auth-token: eyJ")
    assert b"marker-build" not in program.everything_written()


def test_a_locked_keyring_is_said_and_a_list_needs_none(
    program: Program, service: Sandbox, session: KeyringSession
) -> None:
    add(program, service)
    session.lock()
    done = header(program)
    assert (done.code, done.out) == (6, "")
    assert "locked" in done.err
    assert len(program("list", "--json", passphrase=None).json) == 1


def test_without_a_keyring_the_first_token_is_not_stored_and_the_way_out_is_named(
    tmp_path: Path, service: Sandbox
) -> None:
    program = Program(tmp_path)
    done = add(program, service)
    assert (done.code, done.out) == (6, "")
    assert "--passphrase-fd" in done.err
    assert "Start a keyring" in done.err
    assert program("list", "--json", passphrase=None).json == []
    assert service.requests == ()


def test_a_keyring_that_has_gone_does_not_begin_a_new_key(
    program: Program, service: Sandbox
) -> None:
    add(program, service)
    elsewhere = Program(program.home)
    assert header(elsewhere).code == 6
    assert add(elsewhere, service).code == 6
    assert header(program).code == 0


def test_another_keyring_without_our_entry_is_not_taken_for_a_first_start(
    program: Program, service: Sandbox, tmp_path: Path
) -> None:
    add(program, service)
    folder = tmp_path / "other"
    folder.mkdir()
    other = KeyringSession(folder)
    try:
        there = Program(program.home, {"DBUS_SESSION_BUS_ADDRESS": other.address})
        done = header(there)
    finally:
        other.stop()
    assert done.code == 6
    assert "not in the keyring" in done.err


def test_a_keyring_that_does_not_answer_is_given_up_after_ten_seconds(
    program: Program, service: Sandbox, session: KeyringSession
) -> None:
    add(program, service)
    session.hang()
    started = time.monotonic()
    try:
        done = header(program)
    finally:
        session.resume()
    assert (done.code, done.out) == (6, "")
    assert "does not answer" in done.err
    assert 9 < time.monotonic() - started < 14


def test_whatever_is_changed_about_the_keys_the_terminal_opens_the_store(
    program: Program, service: Sandbox, session: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def works(*, keyring: bool, passphrase: bool) -> None:
        assert (header(program).code == 0) is keyring
        with_passphrase = program("header", "build")
        assert (with_passphrase.code == 0) is (keyring or passphrase)

    add(program, service)
    session.enter(monkeypatch)
    parts = Parts(program.profile)
    try:
        parts.vault.unlock()
        works(keyring=True, passphrase=False)
        parts.locksmith.set_passphrase(Secret(PASSPHRASE))
        works(keyring=True, passphrase=True)
        parts.locksmith.rotate(Secret(PASSPHRASE))
        works(keyring=True, passphrase=True)
        parts.locksmith.remove_keyring(Secret(PASSPHRASE))
        works(keyring=False, passphrase=True)
        assert "--passphrase-fd" in header(program).err
        parts.locksmith.rotate(Secret(PASSPHRASE))
        works(keyring=False, passphrase=True)
        parts.locksmith.add_keyring()
        parts.locksmith.rotate(None)
        works(keyring=True, passphrase=False)
    finally:
        parts.close()
    assert b"marker-build" not in program.everything_written()


def test_a_key_renewed_while_a_command_runs_is_opened_and_the_deed_done_once_more(
    tmp_path: Path,
) -> None:
    backend = MemoryBackend()

    def started() -> Parts:
        return Parts(profile_under(tmp_path / "profile"), open_backend=lambda: backend)

    here, there = started(), started()
    here.vault.begin_with_keyring()
    there.vault.unlock()
    there.locksmith.rotate(None)
    draft = Draft("Contoso", "new", "https://x.example", Secret("a-new-token"))
    stored = with_current_key(here, None, lambda: here.registry.add(draft, None))
    assert stored.key_id == there.vault.key_id
    for parts in (here, there):
        parts.close()
