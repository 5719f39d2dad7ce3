"""The parts: made once, when they are asked for, and closed together."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.broker import Broker
from partner_tokens.core.clock import utc_now
from partner_tokens.core.diagnosis import Diagnosis
from partner_tokens.core.errors.files import FileUnwritable, PreferencesUnreadable
from partner_tokens.core.errors.keys import KeyringSilent, Locked
from partner_tokens.core.errors.store import StoreUnwritable
from partner_tokens.core.preferences import Preferences, load, save
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Registry
from partner_tokens.core.tokens import ApiToken, Organization
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from patience import wait_for

NAMES = (
    "preferences", "database", "store", "keychain", "vault", "transport", "service", "broker",
    "registry", "diagnosis",
)  # fmt: skip


@pytest.fixture
def backend() -> Iterator[MemoryBackend]:
    backend = MemoryBackend()
    yield backend
    backend.resume()


@pytest.fixture
def parts(tmp_path: Path, backend: MemoryBackend) -> Iterator[Parts]:
    parts = Parts(profile_under(tmp_path), clock=MovableClock(), open_backend=lambda: backend)
    yield parts
    parts.close()


def test_making_parts_touches_nothing(tmp_path: Path) -> None:
    Parts(profile_under(tmp_path / "none")).close()
    assert not (tmp_path / "none").exists()


def test_each_part_is_made_once(parts: Parts) -> None:
    first = [getattr(parts, name) for name in NAMES]
    assert [getattr(parts, name) for name in NAMES] == first
    assert isinstance(parts.broker, Broker)
    assert isinstance(parts.registry, Registry)
    assert isinstance(parts.diagnosis, Diagnosis)


def test_threads_that_race_get_the_same_part(parts: Parts) -> None:
    gate = threading.Barrier(8)
    found: list[object] = []

    def ask() -> None:
        gate.wait(10)
        found.append(parts.broker)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert all(part is found[0] for part in found)


def test_a_part_that_is_there_is_handed_out_while_another_is_being_made(parts: Parts) -> None:
    store = parts.store
    found: list[object] = []
    with parts.building:  # as another thread holds it while it loads libraries
        thread = threading.Thread(target=lambda: found.append(parts.store))
        thread.start()
        thread.join(10)
    assert found == [store]


def test_the_parts_work_together(parts: Parts) -> None:
    parts.vault.begin_with_keyring()
    assert parts.registry.tokens() == ()
    assert parts.profile.store_path.is_file()


def test_preferences_reach_the_transport(tmp_path: Path) -> None:
    profile = profile_under(tmp_path)
    save(profile.preferences_path, ca_file=str(tmp_path / "missing.pem"))
    parts = Parts(profile)
    ladder = parts.diagnosis.climb("https://localhost:9")
    parts.close()
    assert ladder.failed is not None
    assert ladder.failed.error is not None
    assert "CA file" in ladder.failed.error.title


def test_no_choice_is_lost_while_the_window_is_remembered(parts: Parts) -> None:
    for minutes in range(1, 101):
        gate = threading.Barrier(2)

        def remember(minutes: int = minutes, gate: threading.Barrier = gate) -> None:
            gate.wait(10)
            parts.remember(geometry=f"place {minutes}")

        leaving = threading.Thread(target=remember)
        leaving.start()
        gate.wait(10)
        parts.change_preferences(lock_when_idle=minutes)
        leaving.join(10)
        kept, _bad = load(parts.profile.preferences_path)
        assert (kept.lock_when_idle, kept.geometry) == (minutes, f"place {minutes}")


def test_values_that_were_not_usable_are_told(parts: Parts) -> None:
    parts.profile.preferences_path.write_text('{"colour": "red"}')
    assert parts.loaded_preferences == (Preferences(), ("colour",))


def test_a_changed_preference_is_kept_and_holds_at_once(parts: Parts) -> None:
    assert parts.preferences.min_life == 10
    parts.change_preferences(min_life=5)
    assert parts.preferences.min_life == 5
    assert json.loads(parts.profile.preferences_path.read_text()) == {"min_life": 5}


def test_another_ca_file_reaches_a_transport_that_is_in_use(parts: Parts, tmp_path: Path) -> None:
    first = parts.diagnosis.climb("https://localhost:9").failed
    parts.change_preferences(ca_file=str(tmp_path / "missing.pem"))
    second = parts.diagnosis.climb("https://localhost:9").failed
    assert "CA file" not in str(first and first.error)
    assert "CA file" in str(second and second.error)


def test_a_file_of_preferences_that_makes_no_sense_is_left_and_told_of(parts: Parts) -> None:
    path = parts.profile.preferences_path
    path.write_text("{")
    with pytest.raises(PreferencesUnreadable):
        parts.change_preferences(min_life=5)
    assert (path.read_text(), parts.preferences.min_life) == ("{", 10)


def test_preferences_that_cannot_be_written_are_told_of(parts: Parts, tmp_path: Path) -> None:
    assert parts.preferences.min_life == 10
    parts.profile.preferences_path.mkdir()
    with pytest.raises((FileUnwritable, PreferencesUnreadable)):
        parts.change_preferences(min_life=5)


def test_patience_reaches_the_keyring(tmp_path: Path, backend: MemoryBackend) -> None:
    parts = Parts(
        profile_under(tmp_path),
        open_backend=lambda: backend,
        patience=timedelta(milliseconds=50),
    )
    backend.hang()
    with pytest.raises(KeyringSilent):
        parts.vault.begin_with_keyring()
    parts.close()


def test_after_the_end_nothing_is_handed_out(parts: Parts) -> None:
    parts.vault.begin_with_keyring()
    token = ApiToken("a1", Organization("Contoso"), "ci", "https://example.test", utc_now())
    _ = parts.broker
    parts.close()
    assert not parts.vault.is_open
    with pytest.raises(StoreUnwritable):
        parts.store.tokens()
    with pytest.raises((Locked, StoreUnwritable)):
        parts.broker.fresh(token, again=True)


def test_at_the_end_nobody_waits_for_the_keyring_any_more(
    parts: Parts, backend: MemoryBackend
) -> None:
    others = set(threading.enumerate())
    backend.hang()
    ended: list[Exception] = []

    def wait() -> None:
        try:
            parts.vault.begin_with_keyring()
        except KeyringSilent as error:
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    wait_for(lambda: parts.keychain.is_asked, "the keyring")
    parts.close()
    thread.join(10)
    assert len(ended) == 1
    backend.resume()
    wait_for(lambda: set(threading.enumerate()) <= others, "its thread")
