"""The core's parts, built once and only when needed: for the window and for the terminal alike."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from partner_tokens.core.clock import Clock, utc_now
from partner_tokens.core.database import Database
from partner_tokens.core.profile import Profile
from partner_tokens.core.store import Store

if TYPE_CHECKING:
    from partner_tokens.core.asking import Asking
    from partner_tokens.core.autostart import Autostart
    from partner_tokens.core.broker import Broker
    from partner_tokens.core.bulk_edits import BulkEdits
    from partner_tokens.core.coverage import Coverage
    from partner_tokens.core.diagnosis import Diagnosis
    from partner_tokens.core.digest_days import DigestDays
    from partner_tokens.core.history import History
    from partner_tokens.core.intake import Intake
    from partner_tokens.core.keychain import Backend, Keychain
    from partner_tokens.core.locksmith import Locksmith
    from partner_tokens.core.organizations import Organizations
    from partner_tokens.core.outgoing import Outgoing
    from partner_tokens.core.pending import PendingSecrets
    from partner_tokens.core.preferences import Preferences
    from partner_tokens.core.proxy_login import ProxyLogins
    from partner_tokens.core.recognition import Recognition
    from partner_tokens.core.registry import Registry
    from partner_tokens.core.renewal import Renewal
    from partner_tokens.core.secret import Secret
    from partner_tokens.core.service import Service
    from partner_tokens.core.settlement import Settlement
    from partner_tokens.core.slots import Slots
    from partner_tokens.core.transport import Transport
    from partner_tokens.core.trash import Trash
    from partner_tokens.core.vault import Vault

T = TypeVar("T")


class _part(Generic[T]):  # noqa: N801  # used as a decorator
    """A property that is made once, by whichever thread asks first; others wait for it.

    `functools.cached_property` has no lock since Python 3.12, and a second broker would be a second
    cache. What has been made is handed out without waiting for what is being made.
    """

    def __init__(self, make: "Callable[[Any], T]") -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    def __get__(self, parts: "Parts", _owner: type) -> T:
        if self._name not in parts.built:
            with parts.building:
                if self._name not in parts.built:
                    parts.built[self._name] = self._make(parts)
        made: T = parts.built[self._name]
        return made


class Parts:
    """Builds a part when it is first asked for; a part's libraries are imported no sooner.

    So the list can be shown before requests, keyring and cryptography are loaded. `patience` is
    how long to wait for the keyring; None waits until the caller stops waiting.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        clock: Clock = utc_now,
        open_backend: "Callable[[], Backend] | None" = None,
        patience: timedelta | None = None,
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.building = threading.RLock()
        self.built: dict[str, Any] = {}
        self._choosing = threading.Lock()
        self._open_backend = open_backend
        self._patience = patience

    @_part
    def loaded_preferences(self) -> "tuple[Preferences, tuple[str, ...]]":
        """The user's choices, and the names of those that were not usable and fell back."""
        from partner_tokens.core.preferences import load

        return load(self.profile.preferences_path)

    @property
    def preferences(self) -> "Preferences":
        """The user's choices."""
        return self.loaded_preferences[0]

    def change_preferences(self, **changes: object) -> None:
        """Keeps these choices; they hold from now on. Waits for the disk.

        Raises FileUnwritable, and PreferencesUnreadable where the file makes no sense.
        """
        from partner_tokens.core.errors.files import FileUnwritable, PreferencesUnreadable
        from partner_tokens.core.preferences import load, save

        path = self.profile.preferences_path
        with self._choosing:
            try:
                is_saved = save(path, **changes)
            except OSError as error:
                raise FileUnwritable(str(path), str(error)) from error
            if not is_saved:
                raise PreferencesUnreadable(str(path))
            self.built["loaded_preferences"] = load(path)
        if "transport" in self.built:
            self.transport.trust_also(self._ca_file)

    def remember(self, **window: object) -> None:
        """Keeps how the window stood, beside what is being chosen just now; nothing is read anew.

        A file that makes no sense stays as it is. Waits for the disk; raises OSError.
        """
        from partner_tokens.core.preferences import save

        with self._choosing:
            save(self.profile.preferences_path, **window)

    def refuse_useless_ca_file(self, path: str) -> None:
        """Raises CaFileUnusable unless certificates can be read from this file."""
        from partner_tokens.core.errors.service import CaFileUnusable
        from partner_tokens.core.trust import CaFileError, trusted_context

        try:
            trusted_context(Path(path))
        except CaFileError as error:
            raise CaFileUnusable("", str(error)) from None

    def proxy_user(self) -> str:
        """Whose password is kept for the proxy of the user's own; empty where there is none.

        Also where it cannot be read: it is typed anew. Waits for the disk.
        """
        from partner_tokens.core.errors.keys import Locked, SecretUnreadable

        try:
            login = self.proxy_logins.of(self.preferences.proxy_address)
        except (Locked, SecretUnreadable):
            return ""
        return login.user if login else ""

    def change_proxy_login(self, address: str, user: str, password: "Secret") -> None:
        """Keeps user and password for the proxy at this address, sealed; both empty: forgets them.

        Raises InputError, Locked and KeyReplaced.
        """
        from partner_tokens.core.proxy_login import clean_login

        if user:
            self.proxy_logins.keep(address, clean_login(user, password))
        else:
            self.proxy_logins.forget()

    @property
    def _ca_file(self) -> Path | None:
        return Path(self.preferences.ca_file) if self.preferences.ca_file else None

    @_part
    def database(self) -> Database:
        """The store's file; opened when it is first used."""
        return Database(self.profile.store_path, self.profile.backups, self.clock)

    @_part
    def store(self) -> Store:
        """Organizations, tokens, sealed secrets."""
        return Store(self.database, self.clock)

    @_part
    def slots(self) -> "Slots":
        """Key slots."""
        from partner_tokens.core.slots import Slots

        return Slots(self.database, self.clock)

    @_part
    def trash(self) -> "Trash":
        """Removed tokens."""
        from partner_tokens.core.trash import Trash

        return Trash(self.database, self.clock)

    @_part
    def organizations(self) -> "Organizations":
        """Organizations by themselves."""
        from partner_tokens.core.organizations import Organizations

        return Organizations(self.database, self.clock)

    @_part
    def coverage(self) -> "Coverage":
        """A provider's customers beside what is stored."""
        from partner_tokens.core.coverage import Coverage
        from partner_tokens.core.tenants import Tenants

        return Coverage(self.organizations, self.broker, Tenants(self.transport))

    @_part
    def bulk_edits(self) -> "BulkEdits":
        """Changes to several tokens at once."""
        from partner_tokens.core.bulk_edits import BulkEdits

        return BulkEdits(self.database, self.vault, self.clock)

    @_part
    def history(self) -> "History":
        """What happened to each token."""
        from partner_tokens.core.history import History

        return History(self.database)

    @_part
    def digest_days(self) -> "DigestDays":
        """The day of the last reminder."""
        from partner_tokens.core.digest_days import DigestDays

        return DigestDays(self.profile.data)

    @_part
    def autostart(self) -> "Autostart":
        """Whether the desktop starts the program, with this profile."""
        from partner_tokens.core.autostart import autostart

        return autostart(self.own_command())

    def own_command(self, *options: str) -> list[str]:
        """How the program is started with this profile; looks for it on the disk."""
        from partner_tokens.core.autostart import own_command

        whole = self.profile.data if self.profile.data == self.profile.config else None
        return own_command([*(["--profile", str(whole)] if whole else []), *options])

    @_part
    def keychain(self) -> "Keychain":
        """The keyring of this session."""
        from partner_tokens.core.keychain import Keychain

        return Keychain(self._open_backend, self._patience)

    @_part
    def vault(self) -> "Vault":
        """The data key and what it seals."""
        from partner_tokens.core.vault import Vault

        return Vault(self.slots, self.keychain, self.clock)

    @_part
    def locksmith(self) -> "Locksmith":
        """The deeds on what opens the tokens."""
        from partner_tokens.core.locksmith import Locksmith

        return Locksmith(self.slots, self.vault, self.keychain, self.clock)

    @_part
    def proxy_logins(self) -> "ProxyLogins":
        """User and password of a proxy."""
        from partner_tokens.core.proxy_login import ProxyLogins

        return ProxyLogins(self.database, lambda: self.vault)

    @_part
    def transport(self) -> "Transport":
        """The way to any service."""
        from partner_tokens.core.proxies import Proxies
        from partner_tokens.core.transport import Transport, system_proxy

        proxies = Proxies(lambda: self.preferences, system_proxy, self.proxy_logins.of)
        return Transport(clock=self.clock, ca_file=self._ca_file, proxies=proxies)

    @_part
    def service(self) -> "Service":
        """The service's calls, in all its dialects."""
        from partner_tokens.core.service import Service

        return Service(self.transport, self.clock)

    @_part
    def broker(self) -> "Broker":
        """Fresh access tokens."""
        from partner_tokens.core.broker import Broker

        return Broker(
            self.store,
            self.vault,
            self.service,
            self.clock,
            min_life=lambda: timedelta(minutes=self.preferences.min_life),
        )

    @_part
    def registry(self) -> "Registry":
        """The deeds on stored tokens."""
        from partner_tokens.core.registry import Registry

        return Registry(self.store, self.vault, self.service, self.clock)

    @_part
    def asking(self) -> "Asking":
        """The service's own word on API tokens."""
        from partner_tokens.core.asking import Asking

        return Asking(self.database, self.store, self.vault, self.service, self.clock)

    @_part
    def settlement(self) -> "Settlement":
        """What a person decides about rows held for another organization."""
        from partner_tokens.core.settlement import Settlement

        return Settlement(self.store, self.broker, self.clock)

    @_part
    def recognition(self) -> "Recognition":
        """Whose a pasted token is."""
        from partner_tokens.core.recognition import Recognition

        return Recognition(self.store, self.trash, self.vault)

    @_part
    def intake(self) -> "Intake":
        """Imports of many tokens at once."""
        from partner_tokens.core.intake import Intake

        return Intake(self.store, self.vault, self.clock)

    @_part
    def outgoing(self) -> "Outgoing":
        """Stored tokens into an encrypted file."""
        from partner_tokens.core.outgoing import Outgoing

        return Outgoing(self.store, self.vault, self.clock)

    @_part
    def pending(self) -> "PendingSecrets":
        """New secrets that are not in place yet."""
        from partner_tokens.core.pending import PendingSecrets

        return PendingSecrets(self.database, self.clock)

    @_part
    def renewal(self) -> "Renewal":
        """New tokens in the place of old ones."""
        from partner_tokens.core.renewal import Renewal

        return Renewal(self.pending, self.store, self.vault, self.registry, self.clock)

    @_part
    def diagnosis(self) -> "Diagnosis":
        """The connectivity ladder."""
        from partner_tokens.core.diagnosis import Diagnosis

        return Diagnosis(self.transport, self.clock)

    def close(self) -> None:
        """Forgets access tokens, ends conversations, closes the file. May wait for a write.

        Whoever still waits for the keyring gets KeyringSilent.
        """
        if "keychain" in self.built:
            self.keychain.stop_waiting()
        for name in ("broker", "transport", "vault", "database"):
            part = self.built.get(name)
            if part is not None:
                part.close()
