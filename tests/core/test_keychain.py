"""Which keyrings are trusted, and how their failures come out."""

import importlib
import sys
import types
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from keyring import errors

from partner_tokens.core.errors.keys import (
    KeyringDenied,
    KeyringLocked,
    KeyringMissing,
    SecretStorageError,
)
from partner_tokens.core.keychain import Keychain, service_of, system_backend
from partner_tokens.core.secret import Secret
from partner_tokens.sandbox.memory_keyring import MemoryBackend

WAIT = timedelta(seconds=10)


@pytest.fixture
def no_bus(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """A session without any message bus, so without Secret Service and KWallet."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("no_bus")
def test_without_a_keyring_nothing_takes_its_place() -> None:
    with pytest.raises(KeyringMissing) as caught:
        system_backend()
    assert caught.value.details == ""


@pytest.mark.usefixtures("no_bus")
@pytest.mark.parametrize("chosen", ["keyring.backends.null.Keyring", "keyrings.alt.file.Plaintext"])
def test_a_keyring_named_by_the_environment_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", chosen)
    with pytest.raises(KeyringMissing) as caught:
        system_backend()
    assert "PYTHON_KEYRING_BACKEND" in caught.value.details


def test_a_keyring_that_appears_later_is_found_then() -> None:
    found: list[MemoryBackend] = []

    def look() -> MemoryBackend:
        if not found:
            raise KeyringMissing
        return found[0]

    keychain = Keychain(look, WAIT)
    with pytest.raises(KeyringMissing):
        keychain.read("entry")
    found.append(MemoryBackend())
    assert keychain.read("entry") is None
    keychain.stop_waiting()


class Failing(MemoryBackend):
    """A keyring whose every answer is an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error


class PromptDismissedException(Exception):
    """As secretstorage has it."""


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (errors.NoKeyringError("marker"), KeyringMissing),
        (errors.InitError("marker"), KeyringMissing),
        (caused(errors.InitError("marker"), PromptDismissedException()), KeyringLocked),
        (errors.KeyringLocked("marker"), KeyringLocked),
        (PromptDismissedException("marker"), KeyringLocked),
        (errors.PasswordSetError("marker"), KeyringDenied),
        (errors.KeyringError("marker"), KeyringDenied),
        (UnicodeDecodeError("utf-8", b"marker", 0, 1, "marker"), KeyringDenied),
        (OverflowError("marker"), KeyringDenied),
        (ConnectionResetError("marker"), KeyringDenied),
    ],
)
def test_whatever_a_keyring_raises_comes_out_in_our_words(
    raised: Exception, told: type[SecretStorageError]
) -> None:
    keychain = Keychain(lambda: Failing(raised), WAIT)
    with pytest.raises(told) as caught:
        keychain.read("entry")
    assert type(caught.value) is told
    assert "marker" not in caught.value.details
    assert type(raised).__name__ in caught.value.details
    keychain.stop_waiting()


def test_an_entry_that_is_not_kept_is_a_refusal() -> None:
    backend = MemoryBackend()
    backend.forgetful = True
    keychain = Keychain(lambda: backend, WAIT)
    with pytest.raises(KeyringDenied):
        keychain.create("entry", Secret("text"))
    keychain.stop_waiting()


def test_nobody_waits_is_no_mistake() -> None:
    Keychain(MemoryBackend).stop_waiting()


# ---- Windows, on a credential manager in memory -----------------------------------------------


class WinError(Exception):
    """As pywintypes.error."""

    def __init__(self, winerror: int, funcname: str) -> None:
        super().__init__(winerror, funcname)
        self.winerror = winerror
        self.funcname = funcname


Credential = dict[str, object]


class CredentialManager(types.ModuleType):
    """The calls of win32cred that keyring uses, and its limit of 2,560 bytes."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_LOCAL_MACHINE = 2
    CRED_PERSIST_ENTERPRISE = 3

    def __init__(self) -> None:
        super().__init__("win32cred")
        self.kept: dict[str, Credential] = {}

    def CredRead(self, Type: int, TargetName: str) -> Credential:
        if TargetName not in self.kept:
            raise WinError(1168, "CredRead")
        return self.kept[TargetName]

    def CredWrite(self, credential: Credential, flags: int) -> None:
        blob = str(credential["CredentialBlob"]).encode("utf-16-le")
        if len(blob) > 2560:
            raise WinError(1783, "CredWrite")
        self.kept[str(credential["TargetName"])] = {
            **credential,
            "CredentialBlob": b"\xff\xfe" + blob,
        }

    def CredDelete(self, Type: int, TargetName: str) -> None:
        if self.kept.pop(TargetName, None) is None:
            raise WinError(1168, "CredDelete")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[CredentialManager]:
    manager = CredentialManager()
    pywintypes = types.ModuleType("pywintypes")
    pywintypes.error = WinError  # type: ignore[attr-defined]
    package = types.ModuleType("win32ctypes.pywin32")
    package.win32cred, package.pywintypes = manager, pywintypes  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32ctypes", types.ModuleType("win32ctypes"))
    monkeypatch.setitem(sys.modules, "win32ctypes.pywin32", package)
    monkeypatch.setattr(sys, "platform", "win32")
    backend = importlib.import_module("keyring.backends.Windows")
    importlib.reload(backend)
    yield manager
    monkeypatch.undo()
    importlib.reload(backend)


@pytest.fixture
def on_windows(windows: CredentialManager) -> Iterator[Keychain]:
    keychain = Keychain(patience=WAIT)
    yield keychain
    keychain.stop_waiting()


def test_on_windows_an_entry_stays_on_this_machine(
    windows: CredentialManager, on_windows: Keychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYRING_PROPERTY_PERSIST", "enterprise")
    assert on_windows.name == "Windows Credential Manager"
    on_windows.create("entry", Secret("text"))
    assert on_windows.read("entry") == Secret("text")
    (kept,) = windows.kept.values()
    assert kept["Persist"] == CredentialManager.CRED_PERSIST_LOCAL_MACHINE


def test_on_windows_a_second_entry_does_not_rewrite_the_first(
    windows: CredentialManager, on_windows: Keychain
) -> None:
    on_windows.create("one", Secret("1"))
    before = windows.kept[service_of("one")]
    on_windows.create("two", Secret("2"))
    assert windows.kept[service_of("one")] is before
    on_windows.delete("one")
    assert on_windows.read("one") is None
    assert on_windows.read("two") == Secret("2")


def test_on_windows_what_does_not_fit_is_a_refusal(on_windows: Keychain) -> None:
    with pytest.raises(KeyringDenied):
        on_windows.create("entry", Secret("x" * 1_281))


# ---- the others -------------------------------------------------------------------------------


class Pretender(MemoryBackend):
    """Stands for a class of the keyring library on a platform that is not here."""

    priority = 5
    name = "set by the class"

    def __init__(self) -> None:
        super().__init__()
        self.keychain = "from KEYRING_PROPERTY_KEYCHAIN"


@pytest.mark.parametrize(
    ("platform", "module", "kind", "name"),
    [
        ("darwin", "keyring.backends.macOS", "Keyring", "macOS Keychain"),
        ("linux", "keyring.backends.kwallet", "DBusKeyring", "KWallet"),
        ("freebsd14", "keyring.backends.SecretService", "Keyring", "Secret Service"),
    ],
)
def test_each_platform_has_its_keyring_under_the_name_users_know(
    no_bus: None,
    monkeypatch: pytest.MonkeyPatch,
    platform: str,
    module: str,
    kind: str,
    name: str,
) -> None:
    made: list[Pretender] = []

    def make() -> Pretender:
        made.append(Pretender())
        return made[-1]

    make.priority = 5  # type: ignore[attr-defined]
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(importlib.import_module(module), kind, make)
    monkeypatch.setenv("KEYRING_PROPERTY_KEYCHAIN", "/elsewhere")
    backend = system_backend()
    assert backend.name == name
    backend.set_password("service", "user", "text")
    assert backend.get_password("service", "user") == "text"
    assert not hasattr(made[0], "keychain")


def test_asking_is_done_on_one_thread_of_its_own() -> None:
    import threading

    seen: set[str] = set()

    class Watching(MemoryBackend):
        def get_password(self, service: str, username: str) -> str | None:
            seen.add(threading.current_thread().name)
            return super().get_password(service, username)

    keychain = Keychain(Watching, WAIT)
    deeds: list[Callable[[], object]] = [lambda: keychain.read("a"), lambda: keychain.read("b")]
    for deed in deeds:
        deed()
    assert seen == {"keyring"}
    keychain.stop_waiting()
