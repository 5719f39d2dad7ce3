"""What every keyring must do for us: one suite, on the keyring in memory and on a real one."""

import os
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from keyring_session import KeyringSession
from partner_tokens.core.errors.keys import (
    KeyringDenied,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    SecretStorageError,
)
from partner_tokens.core.keychain import Backend, Keychain
from partner_tokens.core.secret import Secret
from partner_tokens.sandbox.memory_keyring import MemoryBackend

WAIT = timedelta(seconds=10)
SOON = timedelta(milliseconds=200)

real = pytest.param(
    "gnome-keyring",
    marks=[
        pytest.mark.keyring,
        pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux"),
    ],
)


class Keyring(Protocol):
    """A keyring that a test can lock, or make hang."""

    def keychain(self, patience: timedelta | None = WAIT) -> Keychain:
        """A keychain on it."""

    def lock(self) -> None:
        """Locks it."""

    def hang(self) -> None:
        """Makes calls not come back."""

    def resume(self) -> None:
        """Lets them come back."""


class InMemory:
    """The keyring of the demo."""

    def __init__(self) -> None:
        self.backend = MemoryBackend()
        self.keychains: list[Keychain] = []

    def keychain(self, patience: timedelta | None = WAIT) -> Keychain:
        self.keychains.append(Keychain(lambda: self.backend, patience))
        return self.keychains[-1]

    def lock(self) -> None:
        self.backend.locked = True

    def hang(self) -> None:
        self.backend.hang()

    def resume(self) -> None:
        self.backend.resume()


class Real:
    """GNOME Keyring, as the program finds it by itself."""

    def __init__(self, session: KeyringSession) -> None:
        self.lock, self.hang, self.resume = session.lock, session.hang, session.resume
        self.keychains: list[Keychain] = []

    def keychain(self, patience: timedelta | None = WAIT) -> Keychain:
        self.keychains.append(Keychain(patience=patience))
        return self.keychains[-1]


def end(keychains: list[Keychain], others: set[threading.Thread]) -> None:
    """Ends the threads of these keychains: none may outlive its test."""
    for keychain in keychains:
        keychain.stop_waiting()
    for thread in set(threading.enumerate()) - others:
        if thread.name == "keyring":
            thread.join(WAIT.total_seconds())
            assert not thread.is_alive()


@pytest.fixture(params=["memory", real])
def keyring(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Keyring]:
    others = set(threading.enumerate())
    if request.param == "memory":
        memory = InMemory()
        yield memory
        memory.resume()
        end(memory.keychains, others)
        return
    session = KeyringSession(tmp_path)
    session.enter(monkeypatch)
    gnome = Real(session)
    yield gnome
    session.stop()
    end(gnome.keychains, others)


@pytest.fixture(params=["memory", real])
def without_keyring(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Keychain]:
    others = set(threading.enumerate())
    if request.param == "memory":
        keychain = Keychain(_missing, WAIT)
        yield keychain
        end([keychain], others)
        return
    session = KeyringSession(tmp_path, with_keyring=False)
    session.enter(monkeypatch)
    keychain = Keychain(patience=WAIT)
    yield keychain
    session.stop()
    end([keychain], others)


def _missing() -> Backend:
    raise KeyringMissing


@pytest.fixture
def entry() -> str:
    return uuid.uuid4().hex


def deeds(keychain: Keychain, entry: str) -> list[Callable[[], object]]:
    return [
        lambda: keychain.read(entry),
        lambda: keychain.create(entry, Secret("text")),
        lambda: keychain.delete(entry),
    ]


class TestEveryKeyring:
    """The contract."""

    def test_it_has_a_name_for_users(self, keyring: Keyring) -> None:
        assert keyring.keychain().name in {"Memory", "Secret Service"}

    @pytest.mark.parametrize("text", ["q83vEjRWeJA=", "ünïcödé 🔑", "x" * 1_000])
    def test_what_is_created_is_read_again_by_another_program(
        self, keyring: Keyring, entry: str, text: str
    ) -> None:
        keyring.keychain().create(entry, Secret(text))
        assert keyring.keychain().read(entry) == Secret(text)

    def test_an_entry_that_was_never_made_is_none(self, keyring: Keyring, entry: str) -> None:
        assert keyring.keychain().read(entry) is None

    def test_an_entry_is_never_overwritten(self, keyring: Keyring, entry: str) -> None:
        keychain = keyring.keychain()
        keychain.create(entry, Secret("first"))
        with pytest.raises(KeyringDenied):
            keychain.create(entry, Secret("second"))
        assert keychain.read(entry) == Secret("first")

    def test_a_deleted_entry_is_gone_and_cannot_be_deleted_twice(
        self, keyring: Keyring, entry: str
    ) -> None:
        keychain = keyring.keychain()
        keychain.create(entry, Secret("text"))
        keychain.delete(entry)
        assert keychain.read(entry) is None
        with pytest.raises(KeyringDenied):
            keychain.delete(entry)

    def test_entries_do_not_touch_each_other(self, keyring: Keyring) -> None:
        keychain = keyring.keychain()
        keychain.create("one", Secret("1"))
        keychain.create("two", Secret("2"))
        keychain.delete("one")
        assert keychain.read("two") == Secret("2")

    def test_many_threads_may_ask_at_once(self, keyring: Keyring) -> None:
        keychain = keyring.keychain()
        entries = [uuid.uuid4().hex for _ in range(8)]
        threads = [
            threading.Thread(target=keychain.create, args=(entry, Secret(entry)))
            for entry in entries
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert [keychain.read(entry) for entry in entries] == [Secret(e) for e in entries]

    def test_a_locked_keyring_says_so(self, keyring: Keyring, entry: str) -> None:
        keychain = keyring.keychain()
        keychain.create(entry, Secret("text"))
        keyring.lock()
        for deed in deeds(keychain, entry):
            with pytest.raises(KeyringLocked):
                deed()

    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
    def test_a_locked_keyring_asked_again_and_again_leaves_no_files_open(
        self, keyring: Keyring, entry: str
    ) -> None:
        keychain = keyring.keychain()
        keychain.create(entry, Secret("text"))
        keyring.lock()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        for _ in range(10):
            with pytest.raises(KeyringLocked):
                keychain.read(entry)
        assert keychain._worker is not None
        with pytest.raises(KeyringLocked):
            keychain.delete(entry)
        assert len(os.listdir("/proc/self/fd")) <= before + 2  # noqa: PTH208

    def test_a_missing_keyring_says_so(self, without_keyring: Keychain, entry: str) -> None:
        with pytest.raises(KeyringMissing):
            _ = without_keyring.name
        for deed in deeds(without_keyring, entry):
            with pytest.raises(KeyringMissing):
                deed()

    def test_a_keyring_that_hangs_is_not_waited_for_beyond_patience(
        self, keyring: Keyring, entry: str
    ) -> None:
        keychain = keyring.keychain(SOON)
        _ = keychain.name
        keyring.hang()
        for deed in deeds(keychain, entry):
            with pytest.raises(KeyringSilent):
                deed()
        keyring.resume()

    def test_who_waits_for_a_hanging_keyring_can_be_told_to_stop(
        self, keyring: Keyring, entry: str
    ) -> None:
        keychain = keyring.keychain(None)
        keychain.create(entry, Secret("text"))
        keyring.hang()
        outcomes: list[object] = []

        def wait() -> None:
            try:
                outcomes.append(keychain.read(entry))
            except SecretStorageError as error:
                outcomes.append(type(error))

        waiting = [threading.Thread(target=wait) for _ in range(3)]
        for thread in waiting:
            thread.start()
        pause = threading.Event()
        while len(keychain._worker._pending if keychain._worker else ()) < 3:
            pause.wait(0.01)
        keychain.stop_waiting()
        for thread in waiting:
            thread.join(5)
        assert outcomes == [KeyringSilent] * 3
        keyring.resume()
        assert keychain.read(entry) == Secret("text")

    def test_an_entry_made_after_its_caller_had_gone_is_taken_back(
        self, keyring: Keyring, entry: str
    ) -> None:
        others = set(threading.enumerate())
        keychain = keyring.keychain(SOON)
        _ = keychain.name
        (worker,) = set(threading.enumerate()) - others
        keyring.hang()
        with pytest.raises(KeyringSilent):
            keychain.create(entry, Secret("text"))
        keyring.resume()
        worker.join(10)
        assert not worker.is_alive()
        assert keyring.keychain().read(entry) is None
