"""Single entries in the system's keyring, asked for on one thread that may be given up."""

import os
import queue
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any, Generic, Protocol, TypeVar, cast

from keyring import errors as keyring_errors

from partner_tokens.core.errors.keys import (
    KeyringDenied,
    KeyringLocked,
    KeyringMissing,
    KeyringSilent,
    SecretStorageError,
)
from partner_tokens.core.secret import Secret

USERNAME = "store key"
_T = TypeVar("_T")


def service_of(entry: str) -> str:
    """The name under which an entry is filed.

    One service for each entry, because keyring on Windows rewrites an older entry of the same
    service when it writes another (jaraco/keyring#545).
    """
    return f"partner-tokens/{entry}"


class Backend(Protocol):
    """What is used of a keyring; the classes of the keyring library have it."""

    def get_password(self, service: str, username: str) -> str | None:
        """The text of an entry; None when there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Writes an entry."""

    def delete_password(self, service: str, username: str) -> None:
        """Removes an entry."""

    @property
    def name(self) -> str:
        """What users call this keyring."""


class Keychain:
    """Reads, creates and deletes entries; an entry is never overwritten.

    Every call of the keyring happens on one daemon thread, for keyrings may block without limit
    while a prompt is open. The caller waits: for `patience`, or, where that is None, until
    `stop_waiting` is called; then KeyringSilent is raised and the thread is left to itself.
    Other failures are KeyringMissing, KeyringLocked and KeyringDenied.
    """

    def __init__(
        self,
        open_backend: Callable[[], Backend] | None = None,
        patience: timedelta | None = None,
    ) -> None:
        self._open_backend = open_backend or system_backend
        self._patience = patience
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    @property
    def name(self) -> str:
        """What users call the keyring of this session. Raises KeyringMissing."""
        return self._ask(_Errand(lambda backend: backend.name))

    @property
    def is_asked(self) -> bool:
        """Whether somebody is waiting for the keyring's answer at this moment."""
        worker = self._worker
        return worker is not None and worker.is_busy

    def read(self, entry: str) -> Secret | None:
        """The text of an entry; None when there is none."""

        def read(backend: Backend) -> Secret | None:
            text = backend.get_password(service_of(entry), USERNAME)
            return None if text is None else Secret(text)

        return self._ask(_Errand(read))

    def create(self, entry: str, text: Secret) -> None:
        """Writes a new entry, and reads it again before it is relied on.

        Raises KeyringDenied when there is such an entry already, or it was not kept. If the caller
        has stopped waiting, the entry is taken back as soon as the keyring answers.
        """

        def create(backend: Backend) -> None:
            service = service_of(entry)
            if backend.get_password(service, USERNAME) is not None:
                raise KeyringDenied("there is an entry of this name already")
            backend.set_password(service, USERNAME, text.reveal())
            if backend.get_password(service, USERNAME) != text.reveal():
                raise KeyringDenied("the keyring did not keep the entry")

        def take_back(backend: Backend) -> None:
            backend.delete_password(service_of(entry), USERNAME)

        self._ask(_Errand(create, take_back))

    def delete(self, entry: str) -> None:
        """Removes an entry. Raises KeyringDenied when there is none."""

        def delete(backend: Backend) -> None:
            backend.delete_password(service_of(entry), USERNAME)

        self._ask(_Errand(delete))

    def stop_waiting(self) -> None:
        """Makes all who wait raise KeyringSilent; the next call starts afresh."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.abandon()

    def _ask(self, errand: "_Errand[_T]") -> _T:
        with self._lock:
            if self._worker is None:
                self._worker = _Worker(self._open_backend)
            worker = self._worker
            worker.take(errand)
        patience = None if self._patience is None else self._patience.total_seconds()
        if not errand.done.wait(patience):
            with self._lock:
                if self._worker is worker:
                    self._worker = None
            worker.abandon()
        return errand.outcome()


class _Errand(Generic[_T]):
    """One thing to ask of the keyring, and its outcome.

    `undo` is done where the errand succeeded after its caller had gone.
    """

    def __init__(
        self, run: Callable[[Backend], _T], undo: Callable[[Backend], None] | None = None
    ) -> None:
        self.done = threading.Event()
        self._run = run
        self._undo = undo
        self._lock = threading.Lock()
        self._result: _T | None = None
        self._error: BaseException | None = None

    def run(self, open_backend: Callable[[], Backend]) -> None:
        """Does it, on the keyring's thread."""
        if self.done.is_set():
            return
        try:
            backend = open_backend()
            result = self._run(backend)
        except Exception as error:  # noqa: BLE001  # backends raise what their platform raises
            self._finish(None, _translated(error))
        else:
            if not self._finish(result, None) and self._undo is not None:
                with suppress(Exception):
                    self._undo(backend)

    def abandon(self) -> None:
        """Ends the wait, if it has not ended."""
        self._finish(None, KeyringSilent())

    def outcome(self) -> _T:
        """The result, once it is done. Raises SecretStorageError."""
        if self._error is not None:
            raise self._error
        return cast("_T", self._result)

    def _finish(self, result: _T | None, error: BaseException | None) -> bool:
        with self._lock:
            if self.done.is_set():
                return False
            self._result, self._error = result, error
            self.done.set()
            return True


class _Worker:
    """The one thread that may touch the keyring, and the keyring it has opened."""

    def __init__(self, open_backend: Callable[[], Backend]) -> None:
        self._open_backend = open_backend
        self._backend: Backend | None = None
        self._errands: queue.SimpleQueue[_Errand[Any] | None] = queue.SimpleQueue()
        self._pending: list[_Errand[Any]] = []
        threading.Thread(target=self._work, name="keyring", daemon=True).start()

    def take(self, errand: _Errand[Any]) -> None:
        """Queues an errand."""
        self._pending = [one for one in self._pending if not one.done.is_set()]
        self._pending.append(errand)
        self._errands.put(errand)

    @property
    def is_busy(self) -> bool:
        """Whether an errand is not done yet."""
        return any(not one.done.is_set() for one in self._pending)

    def abandon(self) -> None:
        """Ends all waits; the thread ends as soon as the keyring lets it go."""
        for errand in self._pending:
            errand.abandon()
        self._errands.put(None)

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None:
            errand.run(self._opened)

    def _opened(self) -> Backend:
        if self._backend is None:
            self._backend = self._open_backend()
        return self._backend


def _translated(error: Exception) -> SecretStorageError:
    """One of our errors for whatever a backend raised; of its text only the kind is kept."""
    details = f"{type(error).__module__}.{type(error).__name__}"
    cause = type(error.__cause__).__name__ if error.__cause__ is not None else ""
    match error:
        case SecretStorageError():
            return error
        case keyring_errors.NoKeyringError():
            return KeyringMissing(details)
        case keyring_errors.KeyringLocked():
            return KeyringLocked(details)
        case keyring_errors.InitError() if "Prompt" in cause or "Locked" in cause:
            return KeyringLocked(f"{details} ({cause})")
        case keyring_errors.InitError():
            return KeyringMissing(f"{details} ({cause})")
    if type(error).__name__ in {"LockedException", "PromptDismissedException"}:
        return KeyringLocked(details)
    return KeyringDenied(details)


# ---- the keyrings of the platforms ------------------------------------------------------------


class _Trusted:
    """A backend of the keyring library under the name that users know.

    Raises whatever its `priority` raises where the platform, a library or the service is missing.
    """

    def __init__(self, kind: Any, name: str, **properties: object) -> None:
        _ = kind.priority
        backend = kind()
        # The library lets the environment set any property of a backend, where secrets go too.
        for variable in os.environ:
            if variable.startswith("KEYRING_PROPERTY_"):
                vars(backend).pop(variable.removeprefix("KEYRING_PROPERTY_").lower(), None)
        for key, value in properties.items():
            setattr(backend, key, value)
        self.name = name
        self.get_password: Callable[[str, str], str | None] = backend.get_password
        self.set_password: Callable[[str, str, str], None] = backend.set_password
        self.delete_password: Callable[[str, str], None] = backend.delete_password


def system_backend() -> Backend:
    """The keyring of this platform, from a short list of those we trust.

    Built directly, so that neither PYTHON_KEYRING_BACKEND nor a configuration file of the keyring
    library nor an installed plug-in puts another in its place: some of them keep plain text.
    Raises KeyringMissing.
    """
    for make in _TRUSTED.get(sys.platform, _TRUSTED["linux"]):
        with suppress(Exception):  # not here: the next one, if any
            return make()
    chosen = os.environ.get("PYTHON_KEYRING_BACKEND")
    raise KeyringMissing("PYTHON_KEYRING_BACKEND is not heeded" if chosen else "")


def _secret_service() -> Backend:
    from keyring.backends import SecretService

    return _Trusted(
        SecretService.Keyring,
        "Secret Service",
        appid="Partner Tokens",
        get_preferred_collection=_default_collection,
    )


def _default_collection() -> Any:
    """As the library's own, but lets go of the bus where the keyring refuses.

    The library leaves that to the garbage collector, which must not run on the keyring's thread.
    """
    import secretstorage

    bus = secretstorage.dbus_init()
    with ExitStack() as refused:
        refused.callback(bus.close)
        try:
            collection = secretstorage.get_default_collection(bus)
        except secretstorage.exceptions.SecretStorageException as error:
            raise keyring_errors.InitError("no default collection") from error
        if collection.is_locked():
            collection.unlock()
            if collection.is_locked():
                raise keyring_errors.KeyringLocked("it stayed locked")
        refused.pop_all()
        return collection


def _kwallet() -> Backend:
    from keyring.backends import kwallet

    return _Trusted(kwallet.DBusKeyring, "KWallet", appid="Partner Tokens")


def _macos() -> Backend:
    from keyring.backends import macOS

    return _Trusted(macOS.Keyring, "macOS Keychain")


def _windows() -> Backend:
    from keyring.backends import Windows

    # Else the entry roams with the user's domain profile.
    persist = "local machine"
    return _Trusted(Windows.WinVaultKeyring, "Windows Credential Manager", persist=persist)


_TRUSTED: dict[str, tuple[Callable[[], Backend], ...]] = {
    "linux": (_secret_service, _kwallet),
    "darwin": (_macos,),
    "win32": (_windows,),
}
