"""Fresh access tokens: cached, one exchange at a time for each token, a refusal is final."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.backoff import pause_before_retry
from partner_tokens.core.claims import Statement, statement_of
from partner_tokens.core.clock import Clock
from partner_tokens.core.credentials import Credential, credential_of
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.organizations import OrganizationPaused
from partner_tokens.core.errors.service import PasscodeNeeded, Refused, ServiceError
from partner_tokens.core.errors.tokens import AnotherOrganization, EditedMeanwhile, NoSuchToken
from partner_tokens.core.events import Event
from partner_tokens.core.flight import Discarded, Flight
from partner_tokens.core.kept import NOTHING, Kept
from partner_tokens.core.secret import Secret
from partner_tokens.core.strangers import Stranger
from partner_tokens.core.tokens import AccessToken, ApiToken, Result, State, folded, host_of

if TYPE_CHECKING:
    from partner_tokens.core.service import Service
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault

DEFAULT_MIN_LIFE = timedelta(minutes=10)
"""How long a header that is handed out should live on; two thirds of its life if that is less."""

AHEAD = timedelta(minutes=2)

Wait = Callable[[threading.Event, timedelta], object]
"""Waits for an event, at most so long."""

FINAL = frozenset({State.REFUSED, State.PASSCODE, State.HELD})
"""Results after which only a person can go on."""


class Broker:
    """Hands out access tokens; from any thread, and `at_hand` from the GUI thread too.

    Access tokens are kept in memory only, until they end, `forget_all` or `close`. Each is kept
    with the version of the row it was made from, and is handed out for that version alone: another
    window or program may have edited the row meanwhile. Once the clock was set back nobody knows
    any more how long they live: all are forgotten then, see `Kept.now`.
    """

    def __init__(
        self,
        store: "Store",
        vault: "Vault",
        service: "Service",
        clock: Clock,
        *,
        min_life: Callable[[], timedelta] = lambda: DEFAULT_MIN_LIFE,
        wait: Wait = lambda event, pause: event.wait(pause.total_seconds()),
        chance: Callable[[], float] = random.random,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._vault = vault
        self._service = service
        self._clock = clock
        self._min_life = min_life
        self._wait = wait
        self._chance = chance
        self._lock = threading.Lock()  # never held while something is waited for
        self._kept = Kept(clock, steady)
        self._flights: dict[str, Flight] = {}
        self._is_closed = False

    # ---- asking -------------------------------------------------------------------------------

    def at_hand(self, token: ApiToken, min_life: timedelta | None = None) -> AccessToken | None:
        """The cached access token of the row as it is here, if it lives long enough; never blocks.

        Without `min_life`, what the user prefers, or two thirds of its whole life if that is less.
        None as well where a person must act first, and where it belongs to another organization.
        """
        with self._lock:
            kept = self._kept
            if token.id not in kept.cached:  # as most rows of a long list: nothing is reckoned
                return None
            now = kept.now()
            version, access = kept.cached.get(token.id, (None, None))
        if access is None or version != token.version or token.result.state in FINAL:
            return None
        if access.is_foreign_to(token.organization):
            return None
        wanted = self._default_min_life(access) if min_life is None else min_life
        left = access.left(now)
        return access if left >= wanted and left > NOTHING else None

    def stranger(self, token: ApiToken) -> AccessToken | None:
        """The access token of a row that is held for another organization, while it lives on.

        Only for whoever was told whose it is, and wants it all the same. Never blocks.
        """
        with self._lock:
            now = self._kept.now()
            stranger = self._kept.strangers.get(token.id)
        if stranger is None or stranger.version != token.version:
            return None
        access = stranger.access
        return access if access.left(now) >= self._default_min_life(access) else None

    def statement_at_hand(self, token: ApiToken) -> Statement | None:
        """What the row's cached access token says of itself, unverified; never blocks."""
        access = self.at_hand(token, NOTHING)
        return None if access is None else statement_of(access.value.reveal())

    def fresh(
        self,
        seen: ApiToken,
        min_life: timedelta | None = None,
        *,
        passcode: Secret | None = None,
        again: bool = False,
    ) -> AccessToken:
        """An access token that lives at least `min_life`, exchanged if none is at hand.

        `seen` is the row as the caller knows it: where it has another secret or endpoint by now,
        that one is used; where it belongs to another organization, EditedMeanwhile is raised.

        A new one is given even where its whole life is shorter than asked for. `again`, and a
        passcode, say that a person asks: then an exchange is made in any case, also for a token
        that was refused or held. What came of it is recorded in the store.

        Raises Refused, PasscodeNeeded and AnotherOrganization, also from memory, without asking
        the service; Throttled, Unreachable, BrokenReply after two retries at most, after none where
        a passcode may have been spent; Locked; NoSuchToken; SecretUnreadable; StoreUnreadable.
        """
        while True:
            token = self._store.token(seen.id)
            if seen.was_moved(token):
                raise EditedMeanwhile
            ready = self.at_hand(token, min_life)
            if ready is not None and not again and passcode is None:
                return ready
            self._stop_at_final(token, passcode, again=again)
            access = self._exchanged(token, passcode, in_background=False)
            if access is not None:
                if seen.was_moved(self._store.token(seen.id)):  # during the exchange
                    raise EditedMeanwhile
                return access

    def refresh(self, token_id: str) -> AccessToken:
        """As `fresh`, for the background: tried once, nothing waited for.

        Raises OrganizationPaused where the user wants no exchange in the background.
        """
        access = None
        while access is None:
            token = self._store.token(token_id)
            if token.organization.is_paused(self._clock()):
                raise OrganizationPaused(token.organization.name)
            self._stop_at_final(token, None, again=False)
            access = self._exchanged(token, None, in_background=True)
        return access

    def refresh_ahead(self) -> list[str]:
        """The tokens whose header somebody may want soon and that would have to wait for it.

        Those copied within the last 30 minutes, unless a person must act first, a failure is too
        recent, or the organization is paused. Reads the store: not on the GUI thread.
        """
        with self._lock:
            now = self._kept.now()
            self._kept.drop_ended(now)
            due = {
                id
                for id in self._kept.in_use(now)
                if id not in self._flights
                and not self._kept.is_resting(id, now)
                and self._ends_soon(self._kept.cached.get(id, (None, None))[1], now)
            }
        if not due or not self._vault.is_open:
            return []
        return [
            token.id
            for token in self._store.tokens()
            if token.id in due and not token.interactive and token.result.state not in FINAL
            if not token.organization.is_paused(now)
        ]

    @property
    def hangs_on_time(self) -> bool:
        """Whether an access token is kept that will end, or an API token is in use; never blocks.

        Else `refresh_ahead` has nothing to look after.
        """
        now = self._clock()
        with self._lock:
            return self._kept.hangs_on_time(now)

    # ---- telling ------------------------------------------------------------------------------

    def mark_used(self, token_id: str, event: Event, form: str) -> None:
        """A header of this token was copied or handed out just now, in the form of this name.

        Writes to the store.
        """
        now = self._clock()
        with self._lock:
            self._kept.note_use(token_id, now)
        with suppress(AppError):  # the header is handed out already
            self._store.mark_used(token_id, now, event, str(form))

    def put(self, token: ApiToken, access: AccessToken) -> None:
        """An access token that proving gave to the row as it is stored now."""
        with self._lock:
            self._forget(token.id)
            if not self._is_closed and self._vault.is_open:  # it may be locked meanwhile
                self._kept.hold(token, access)

    def forget(self, token_id: str) -> None:
        """The token was edited or removed: what is known of it no longer holds."""
        with self._lock:
            self._forget(token_id)

    def _forget(self, token_id: str) -> None:
        """With the lock held, so that no exchange lands between clearing and calling it off."""
        self._kept.forget(token_id)
        flight = self._flights.pop(token_id, None)
        if flight is not None:
            flight.discard(Discarded.EDITED)

    def forget_all(self) -> None:
        """The program is locked: nothing is cached any more, and nothing under way will be.

        No secret is sent any more either that waits to be: for a slow name, for a proxy.
        """
        with self._lock:
            self._forget_all()
        self._service.withdraw()

    def close(self) -> None:
        """As `forget_all`, for good: whoever asks from now on gets Locked."""
        with self._lock:
            self._is_closed = True
            self._forget_all()

    def _forget_all(self) -> None:
        self._kept.forget_all()
        for flight in self._flights.values():
            flight.discard(Discarded.LOCKED)
        self._flights.clear()

    # ---- one exchange -------------------------------------------------------------------------

    def _stop_at_final(self, token: ApiToken, passcode: Secret | None, *, again: bool) -> None:
        """Raises what the last attempt has settled, so that nothing is tried in vain."""
        state, host = token.result.state, host_of(token.endpoint)
        if passcode is not None:
            return
        if token.interactive or (state is State.PASSCODE and not again):
            raise PasscodeNeeded(host, request_id=token.result.request_id)
        if state is State.REFUSED and not again:
            is_app = token.kind.is_app
            raise Refused(host, is_app=is_app, request_id=token.result.request_id)
        if state is State.HELD and not again:
            with self._lock:
                stranger = self._kept.strangers.get(token.id)
            if stranger is None or stranger.version != token.version:
                raise AnotherOrganization(token.organization.name, "")
            raise stranger.error(token)

    def _exchanged(
        self, token: ApiToken, passcode: Secret | None, *, in_background: bool
    ) -> AccessToken | None:
        """The outcome of the exchange under way, or of a new one; None if the row was edited."""
        has_passcode = passcode is not None
        while True:
            with self._lock:
                if self._is_closed:
                    raise Locked
                flight = self._flights.get(token.id)
                if flight is not None and flight.token.version != token.version:
                    flight.discard(Discarded.EDITED)
                    flight = None
                leads = flight is None
                if flight is None:
                    flight = self._flights[token.id] = Flight(token, has_passcode, in_background)
            if leads:
                self._fly(flight, passcode)
            else:
                flight.landed.wait()
            if flight.discarded is Discarded.LOCKED:
                raise Locked
            if flight.discarded is Discarded.EDITED:
                return None
            if flight.access is not None:
                return flight.access
            if flight.error is not None and (
                leads or flight.answers(has_passcode=has_passcode, in_background=in_background)
            ):
                raise flight.error

    def _fly(self, flight: Flight, passcode: Secret | None) -> None:
        try:
            flight.access = self._exchange(flight, passcode)
        except AppError as error:  # raised anew for everyone who waits
            flight.error = error.with_traceback(None)  # its frames hold the API token, and itself
        except BaseException as error:  # noqa: BLE001  # a bug: where it came from is wanted
            flight.error = error
        finally:
            with self._lock:
                if self._flights.get(flight.token.id) is flight:
                    del self._flights[flight.token.id]
                if isinstance(flight.error, EditedMeanwhile) and flight.discarded is None:
                    flight.discard(Discarded.EDITED)
                flight.landed.set()

    def _exchange(self, flight: Flight, passcode: Secret | None) -> AccessToken:
        token = flight.token
        sealed = self._store.sealed(token.id)
        if sealed.nonce != token.nonce:
            raise EditedMeanwhile
        secret = self._vault.open(
            sealed, token_id=token.id, endpoint=token.endpoint, kind=token.kind
        )
        credential = credential_of(token, secret)
        try:
            access = self._try(credential, flight, passcode)
        except ServiceError as error:
            self._note_failure(flight, error)
            raise
        if flight.discarded is not None:
            raise Locked
        self._hold_stranger(flight, credential, access)
        self._record(
            token,
            Result(State.READY, None, self._clock()),
            access=access,
            interactive=True if passcode is not None else None,
        )
        with self._lock:
            if flight.discarded is not None:
                raise Locked
            self._kept.hold(token, access)
        return access

    def _try(self, credential: Credential, flight: Flight, passcode: Secret | None) -> AccessToken:
        """The exchange, with the retries that somebody who waits may be given."""
        attempt = 0
        while True:
            try:
                return self._service.exchange(credential, passcode)
            except ServiceError as error:
                pause = pause_before_retry(
                    error,
                    attempt,
                    self._clock(),
                    self._chance,
                    has_passcode=passcode is not None,
                )
                if pause is None or flight.in_background or flight.discarded is not None:
                    raise
            self._wait(flight.called_off, pause)
            if flight.discarded is not None:
                raise Locked
            attempt += 1

    # ---- what came of it ----------------------------------------------------------------------

    def _hold_stranger(self, flight: Flight, credential: Credential, access: AccessToken) -> None:
        """Holds a token whose claims name another organization than its row does by now.

        So too a row under a name of its own, where that organization is stored under another: else
        it would move there in silence, and its first header would bear the wrong name.
        Raises NoSuchToken and EditedMeanwhile where the row is no longer what was exchanged.
        """
        token = flight.token
        now = self._store.token(token.id)
        if now.version != token.version:
            raise EditedMeanwhile
        told, typed = access.organization_id, now.organization
        known = self._store.organization_of(told) if told else None
        is_known_otherwise = known is not None and folded(known.name) != folded(typed.name)
        if not (access.is_foreign_to(typed) or is_known_otherwise):
            return
        name = known.name if known else self._service.organization_name(credential, access)
        stranger = Stranger(token.version, access, name or told)
        self._record(token, Result(State.HELD, None, self._clock()))
        with self._lock:
            if flight.discarded is not None:
                raise Locked
            self._kept.hold_stranger(token.id, stranger)
        raise stranger.error(now)

    def _note_failure(self, flight: Flight, error: ServiceError) -> None:
        if flight.discarded is not None:
            return
        token, now, state = flight.token, self._clock(), State.UNREACHABLE
        interactive = None
        if isinstance(error, Refused):
            state = State.REFUSED
        elif isinstance(error, PasscodeNeeded):
            # With a passcode, a dead token is refused in the same words: it stays refused.
            dead = error.wrong and token.result.state is State.REFUSED
            state = State.REFUSED if dead and not token.interactive else State.PASSCODE
            interactive = None if error.wrong else True
        if state is not State.UNREACHABLE or token.result.state not in FINAL:
            # What only a person can settle is not settled by a network that is down.
            result = Result(state, error.stage, now, error.request_id)
            self._record(token, result, interactive=interactive)
        with self._lock:
            if state is State.UNREACHABLE:
                self._kept.rest(token.id, error, now, self._chance)
            else:
                self._kept.stop_refreshing(token.id)

    def _record(
        self,
        token: ApiToken,
        result: Result,
        *,
        access: AccessToken | None = None,
        interactive: bool | None = None,
    ) -> None:
        try:
            self._store.record(
                token,
                result,
                user=access.user if access else "",
                organization_id=access.organization_id if access else "",
                interactive=interactive,
            )
        except (EditedMeanwhile, NoSuchToken):
            raise
        except AppError:
            pass  # a disk that is full does not spoil what the service has given

    def _default_min_life(self, access: AccessToken) -> timedelta:
        return min(self._min_life(), access.life * 2 / 3)

    def _ends_soon(self, access: AccessToken | None, now: datetime) -> bool:
        if access is None:
            return True
        return access.left(now) < self._default_min_life(access) + min(AHEAD, access.life / 10)
