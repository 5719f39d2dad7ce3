"""The core as the window meets it: loaded after the first paint, then opened by its key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import KeyReplaced, Locked, NoKeyYet, SecretStorageError
from partner_tokens.core.sealing import SlotKind
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.patience import Patience

if TYPE_CHECKING:
    from partner_tokens.core.asking import Asking
    from partner_tokens.core.broker import Broker
    from partner_tokens.core.bulk_edits import BulkEdits
    from partner_tokens.core.claims import Statement
    from partner_tokens.core.coverage import Coverage
    from partner_tokens.core.diagnosis import Diagnosis
    from partner_tokens.core.intake import Intake
    from partner_tokens.core.keychain import Keychain
    from partner_tokens.core.locksmith import Locksmith
    from partner_tokens.core.organizations import Organizations
    from partner_tokens.core.outgoing import Outgoing
    from partner_tokens.core.recognition import Recognition
    from partner_tokens.core.registry import Registry
    from partner_tokens.core.renewal import Renewal
    from partner_tokens.core.settlement import Settlement
    from partner_tokens.core.trash import Trash
    from partner_tokens.core.vault import Vault
    from partner_tokens.parts import Parts

Failed = Callable[[AppError], None]

SAY_WAITING_AFTER = timedelta(seconds=0.5)
OFFER_TO_STOP_AFTER = timedelta(seconds=10)


class Access(Enum):
    """How the window stands to the tokens' secrets."""

    STARTING = "starting"
    NEW = "new"
    """First start: no key is made before the user has read where it goes; `open` makes it."""
    OPENING = "opening"
    OPEN = "open"
    HOMELESS = "homeless"
    """First start, and no keyring to keep the key in."""
    LOCKED = "locked"
    """The user has locked it, or only a passphrase opens the store."""
    FAILED = "failed"
    """There is a key, and it cannot be had now: `error` says why."""


NOTHING_TO_LOCK = frozenset({Access.NEW, Access.HOMELESS, Access.LOCKED})
"""No key was made yet, or it is locked already."""


@dataclass(frozen=True, slots=True)
class Core:
    """The parts that exist once the core is loaded."""

    broker: "Broker"
    registry: "Registry"
    diagnosis: "Diagnosis"
    vault: "Vault"
    keychain: "Keychain"
    intake: "Intake"
    trash: "Trash"
    renewal: "Renewal"
    asking: "Asking"
    outgoing: "Outgoing"
    settlement: "Settlement"
    recognition: "Recognition"
    organizations: "Organizations"
    bulk_edits: "BulkEdits"
    locksmith: "Locksmith"
    coverage: "Coverage"


@dataclass(frozen=True, slots=True)
class _Errand:
    deed: Callable[[Core], None]
    failed: Callable[[AppError], None]


@dataclass(frozen=True, slots=True)
class _Slots:
    """What opens the current data key, and whether the vault is open with it or an older one."""

    kinds: frozenset[SlotKind]
    is_open: bool
    is_stale: bool


class Session(QObject):
    """Loads the core, opens the vault, and holds back deeds until it is open."""

    changed = Signal()
    """`access` or `error` changed."""
    waiting = Signal(bool)
    """The keyring lets us wait; True when the user may be offered to stop waiting."""
    shut = Signal()
    """Another program has renewed the key, and only its passphrase opens the store now."""

    def __init__(
        self, parts: "Parts", background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._background = background
        self._errands: list[_Errand] = []
        self._patience = Patience(self.is_asking, SAY_WAITING_AFTER, OFFER_TO_STOP_AFTER, self)
        self._patience.waiting.connect(self.waiting)
        self._round = 0
        """Which attempt to open counts: locking makes an older one void."""
        self._may_begin = False
        """Whether a first key may be made: not before `open` is called for it, or one was had."""
        self.core: Core | None = None
        self.access = Access.STARTING
        self.error: AppError | None = None
        self.slot_kinds: frozenset[SlotKind] = frozenset()
        self.keyring = ""
        """What users call the keyring that holds the key."""

    # ---- loading and opening ----

    def start(self) -> None:
        """Loads the core off the GUI thread, then opens the vault."""
        self._background.run(
            self, self._load, done=self._loaded, failed=self._could_not_open, lane=Lane.STORE
        )

    def _load(self) -> Core:
        parts = self._parts
        return Core(
            parts.broker,
            parts.registry,
            parts.diagnosis,
            parts.vault,
            parts.keychain,
            parts.intake,
            parts.trash,
            parts.renewal,
            parts.asking,
            parts.outgoing,
            parts.settlement,
            parts.recognition,
            parts.organizations,
            parts.bulk_edits,
            parts.locksmith,
            parts.coverage,
        )

    def _loaded(self, core: Core) -> None:
        self.core = core
        if self.access is Access.STARTING:  # else it was locked meanwhile
            self.open()

    def open(self) -> None:
        """Asks the keyring for the key; on a first start, makes one when it is called again."""
        core = self.core
        if core is None:
            if self.access is not Access.STARTING:
                self._become(Access.STARTING)
                self.start()
            return
        if self.access is Access.NEW:
            self._may_begin = True
        if self.access is not Access.OPENING:
            self._become(Access.OPENING)
            self._look_at_slots(core, self._knows_slots)

    def _look_at_slots(self, core: Core, done: "Callable[[_Slots], None]") -> None:
        vault, mine = core.vault, self._round

        def looked(slots: _Slots) -> None:
            if mine == self._round:  # else it was locked meanwhile
                done(slots)

        def failed(error: AppError) -> None:
            if mine == self._round:
                self._could_not_open(error)

        self._background.run(
            self,
            lambda: _Slots(vault.slot_kinds(), vault.is_open, vault.is_stale),
            done=looked,
            failed=failed,
            lane=Lane.STORE,
        )

    def _knows_slots(self, slots: "_Slots") -> None:
        self.slot_kinds = slots.kinds
        if not slots.kinds and not self._may_begin:
            self._become(Access.NEW)
        elif not slots.kinds:
            self._attempt(lambda vault: vault.begin_with_keyring())
        elif SlotKind.KEYRING in slots.kinds:
            self._attempt(self._unlock)
        elif slots.is_open and not slots.is_stale:
            self.keyring = ""
            self._opened(Access.OPEN)
        else:
            self._shut_stale(slots)

    def _shut_stale(self, slots: "_Slots") -> None:
        """What the old key opens is nothing any more; its access tokens go with it."""
        if self.core is not None:
            self.core.vault.close()
            self.core.broker.forget_all()
        self._opened(Access.LOCKED)
        if slots.is_stale:
            self.shut.emit()

    def look_again(self) -> None:
        """Another program has written: opens the vault anew where that one renewed the key."""

        def looked(slots: _Slots) -> None:
            if self.access is not Access.OPEN:
                return
            if slots.is_stale:
                self.open()
            else:
                self.slot_kinds = slots.kinds

        if self.core is not None and self.access is Access.OPEN:
            self._look_at_slots(self.core, looked)

    def begin_again(self) -> None:
        """The store was mended: opens it anew; what is locked is opened by the user alone."""
        core = self.core
        if core is None:
            return
        if self.access is not Access.LOCKED:
            self.open()
            return

        def learned(kinds: frozenset[SlotKind]) -> None:
            if self.access is Access.LOCKED:
                self.know_keys(kinds, self.keyring)

        self._background.run(
            self,
            core.vault.slot_kinds,
            done=learned,
            failed=lambda _error: None,  # the list is read anew at the same time, and tells of it
            lane=Lane.STORE,
        )

    def _unlock(self, vault: "Vault") -> None:
        vault.unlock()
        if self.core is not None:
            self.core.locksmith.sweep()

    def open_with(self, passphrase: Secret) -> None:
        """Opens by a passphrase."""
        self._attempt(lambda vault: vault.unlock_with(passphrase))

    def begin_with_passphrase(self, passphrase: Secret) -> None:
        """Makes the first key, kept by a passphrase."""
        self._attempt(lambda vault: vault.begin_with_passphrase(passphrase))

    def begin_anew(self) -> None:
        """Makes a new key in the keyring, after the user confirmed that the old one is lost."""
        self._attempt(lambda vault: vault.begin_anew_with_keyring())

    def is_asking(self) -> bool:
        """Whether the keyring is being waited for at this moment."""
        return self.core is not None and self.core.keychain.is_asked

    def know_keys(self, kinds: frozenset[SlotKind], keyring: str) -> None:
        """This program itself has changed what opens the store."""
        self.slot_kinds, self.keyring = kinds, keyring
        self.changed.emit()

    def stop_waiting(self) -> None:
        """Gives up on a keyring that does not answer; the window goes on without it."""
        if self.core:
            self.core.keychain.stop_waiting()

    def _attempt(self, deed: Callable[["Vault"], None]) -> None:
        core = self.core
        if core is None:
            return
        self._round += 1
        mine = self._round

        def work() -> tuple[frozenset[SlotKind], str]:
            try:
                deed(core.vault)
                return core.vault.slot_kinds(), core.locksmith.holding().keyring
            finally:
                # Locked while the keyring was still asking; here, before a later attempt begins.
                if mine != self._round:
                    core.vault.close()

        def done(found: tuple[frozenset[SlotKind], str]) -> None:
            self.slot_kinds, self.keyring = found
            if mine == self._round:
                self._opened(Access.OPEN)
                self.look_again()  # the key may have been renewed once more while it was opened

        def failed(error: AppError) -> None:
            if mine == self._round:
                self._could_not_open(error)

        self._become(Access.OPENING)
        self._patience.start()
        self._background.run(self, work, done=done, failed=failed, lane=Lane.KEYRING)

    def lock(self) -> None:
        """Forgets the key and all access tokens, also those still on their way, until `open`.

        Nothing happens where no key was made yet, and where the store is locked already.
        """
        core = self.core
        if self.access in NOTHING_TO_LOCK:
            return
        self._round += 1
        if core is None:  # nothing is at hand yet, and nothing shall be
            self._opened(Access.LOCKED)
            return
        core.keychain.stop_waiting()
        core.vault.close()  # first, so that no exchange can begin behind what is forgotten
        core.broker.forget_all()
        self._opened(Access.LOCKED)

    def _opened(self, access: Access) -> None:
        self._may_begin = self._may_begin or access is Access.OPEN
        self._become(access)
        errands, self._errands = self._errands, []
        for errand in errands:
            if access is Access.OPEN and self.core:
                errand.deed(self.core)
            else:
                errand.failed(Locked())

    def _could_not_open(self, error: AppError) -> None:
        self._become(self._access_after(error), error)
        errands, self._errands = self._errands, []
        for errand in errands:
            errand.failed(error)

    def _access_after(self, error: AppError) -> Access:
        if not isinstance(error, SecretStorageError):
            return Access.FAILED
        if not self.slot_kinds:
            return Access.HOMELESS
        return Access.FAILED if SlotKind.KEYRING in self.slot_kinds else Access.LOCKED

    def _become(self, access: Access, error: AppError | None = None) -> None:
        if access is not Access.OPENING:
            self._patience.stop()
        self.access, self.error = access, error
        self.changed.emit()

    # ---- what others ask ----

    def when_open(self, deed: Callable[[Core], None], failed: Callable[[AppError], None]) -> None:
        """Does the deed at once if the vault is open, else when it has been opened.

        Where it can only be opened by the user, `failed` is told at once.
        """
        if self.access is Access.OPEN and self.core:
            deed(self.core)
        elif self.access is Access.LOCKED:
            failed(Locked())
        elif self.access is Access.HOMELESS:
            failed(self.error or NoKeyYet())
        else:
            self._errands.append(_Errand(deed, failed))
            if self.access in {Access.NEW, Access.FAILED}:
                self.open()

    def attempt_twice(self, deed: Callable[[Core, Failed], None], failed: Failed) -> None:
        """As `when_open`, for a deed that seals or opens a secret; it is handed whom to tell.

        Where another program has renewed the key, the vault is opened anew and the deed is done
        once more. That is safe: whatever raises KeyReplaced has stored and handed out nothing.
        """

        def again(error: AppError) -> None:
            if not isinstance(error, KeyReplaced):
                failed(error)
                return
            if self.access is Access.OPEN:
                self.open()
            self.when_open(lambda core: deed(core, failed), failed)

        self.when_open(lambda core: deed(core, again), failed)

    def at_hand(
        self, token: ApiToken, min_life: timedelta | None = timedelta(0)
    ) -> AccessToken | None:
        """The row's cached access token, without waiting; None where there is none, or not yet."""
        return self.core.broker.at_hand(token, min_life) if self.core else None

    def statement_at_hand(self, token: ApiToken) -> "Statement | None":
        """What the row's cached access token says of itself, unverified; never waits."""
        return self.core.broker.statement_at_hand(token) if self.core else None
