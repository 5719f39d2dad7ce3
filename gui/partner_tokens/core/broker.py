"""Fresh access tokens: cached, one exchange at a time for each token, a refusal is final."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.backoff import pause_before_retry, rest_until
from partner_tokens.core.clock import Clock
from partner_tokens.core.errors import (
    AnotherOrganization,
    AppError,
    Locked,
    PasscodeNeeded,
    Refused,
    ServiceError,
)
from partner_tokens.core.flight import Discarded, Flight
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AccessToken, ApiToken, Result, State, host_of

if TYPE_CHECKING:
    from partner_tokens.core.navigator import Navigator
    from partner_tokens.core.store import Store
    from partner_tokens.core.vault import Vault

DEFAULT_MIN_LIFE = timedelta(minutes=10)
"""How long a header that is handed out should live on; two thirds of its life if that is less."""

IN_USE_FOR = timedelta(minutes=30)
"""How long after a copy a token counts as in use, and is refreshed ahead of time."""

AHEAD = timedelta(minutes=2)
CLOCK_SLACK = timedelta(minutes=1)

Wait = Callable[[threading.Event, timedelta], object]
"""Waits for an event, at most so long."""

FINAL = frozenset({State.REFUSED, State.PASSCODE, State.HELD})
"""Results after which only a person can go on."""


class Broker:
    """Hands out access tokens; from any thread, and `at_hand` from the GUI thread too.

    Access tokens are kept in memory only, until they end, `forget_all` or `close`.
    """

    def __init__(
        self,
        store: "Store",
        vault: "Vault",
        navigator: "Navigator",
        clock: Clock,
        *,
        wait: Wait = lambda event, pause: event.wait(pause.total_seconds()),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._vault = vault
        self._navigator = navigator
        self._clock = clock
        self._wait = wait
        self._chance = chance
        self._lock = threading.Lock()  # never held while something is waited for
        self._cached: dict[str, AccessToken] = {}
        self._flights: dict[str, Flight] = {}
        self._used_at: dict[str, datetime] = {}
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, datetime] = {}
        self._found: dict[str, str] = {}
        self._is_closed = False

    # ---- asking -------------------------------------------------------------------------------

    def at_hand(self, token_id: str, min_life: timedelta | None = None) -> AccessToken | None:
        """The cached access token if it lives long enough; never blocks.

        Without `min_life`, ten minutes, or two thirds of its whole life if that is less.
        """
        with self._lock:
            access = self._cached.get(token_id)
        now = self._clock()
        if access is None or now < access.received_at - CLOCK_SLACK:  # the clock was set back
            return None
        wanted = _default_min_life(access) if min_life is None else min_life
        left = access.left(now)
        return access if left >= wanted and left > timedelta(0) else None

    def fresh(
        self,
        token_id: str,
        min_life: timedelta | None = None,
        *,
        passcode: Secret | None = None,
        again: bool = False,
    ) -> AccessToken:
        """An access token that lives at least `min_life`, exchanged if none is at hand.

        A new one is given even where its whole life is shorter than asked for. `again`, and a
        passcode, say that a person asks: then an exchange is made in any case, also for a token
        that was refused or held. What came of it is recorded in the store.

        Raises Refused, PasscodeNeeded and AnotherOrganization, also from memory, without asking
        the service; Throttled, Unreachable, BrokenReply after two retries at most; Locked;
        NoSuchToken; SecretUnreadable; StoreUnreadable.
        """
        if not again and passcode is None:
            ready = self.at_hand(token_id, min_life)
            if ready is not None:
                return ready
        self._stop_at_final(token_id, passcode, again=again)
        return self._exchanged(token_id, passcode, in_background=False)

    def refresh(self, token_id: str) -> AccessToken:
        """As `fresh`, for the background: tried once, nothing waited for."""
        self._stop_at_final(token_id, None, again=False)
        return self._exchanged(token_id, None, in_background=True)

    def refresh_ahead(self) -> list[str]:
        """The tokens whose header somebody may want soon and that would have to wait for it.

        Those copied within the last 30 minutes, unless a person must act first or a failure is
        too recent. Reads the store: not on the GUI thread.
        """
        now = self._clock()
        with self._lock:
            in_use = [id for id, at in self._used_at.items() if now - at <= IN_USE_FOR]
            due = {
                id
                for id in in_use
                if id not in self._flights
                and now >= self._rests_until.get(id, now)
                and _ends_soon(self._cached.get(id), now)
            }
        if not due or not self._vault.is_open:
            return []
        return [
            token.id
            for token in self._store.tokens()
            if token.id in due and not token.interactive and token.result.state not in FINAL
        ]

    # ---- telling ------------------------------------------------------------------------------

    def mark_used(self, token_id: str) -> None:
        """A header of this token was copied or handed out just now. Writes to the store."""
        now = self._clock()
        with self._lock:
            self._used_at[token_id] = now
        with suppress(AppError):  # the header is handed out already
            self._store.mark_used(token_id, now)

    def put(self, token_id: str, access: AccessToken) -> None:
        """An access token that proving a token has given."""
        with self._lock:
            if not self._is_closed:
                self._cached[token_id] = access

    def forget(self, token_id: str) -> None:
        """The token was edited or removed: what is known of it no longer holds."""
        with self._lock:
            for known in (self._cached, self._failures, self._rests_until, self._found):
                known.pop(token_id, None)
            flight = self._flights.pop(token_id, None)
        if flight is not None:
            flight.discard(Discarded.EDITED)

    def forget_all(self) -> None:
        """The program is locked: nothing is cached any more, and nothing under way will be."""
        with self._lock:
            for known in (self._cached, self._failures, self._rests_until, self._found):
                known.clear()
            flights = tuple(self._flights.values())
            self._flights.clear()
        for flight in flights:
            flight.discard(Discarded.LOCKED)

    def close(self) -> None:
        """As `forget_all`, for good: whoever asks from now on gets Locked."""
        with self._lock:
            self._is_closed = True
        self.forget_all()

    # ---- one exchange -------------------------------------------------------------------------

    def _stop_at_final(self, token_id: str, passcode: Secret | None, *, again: bool) -> None:
        """Raises what the last attempt has settled, so that nothing is tried in vain."""
        token = self._store.token(token_id)
        state, host = token.result.state, host_of(token.endpoint)
        if passcode is not None:
            return
        if token.interactive or (state is State.PASSCODE and not again):
            raise PasscodeNeeded(host, request_id=token.result.request_id)
        if state is State.REFUSED and not again:
            raise Refused(host, request_id=token.result.request_id)
        if state is State.HELD and not again:
            with self._lock:
                found = self._found.get(token_id, "")
            raise AnotherOrganization(token.organization.name, found)

    def _exchanged(
        self, token_id: str, passcode: Secret | None, *, in_background: bool
    ) -> AccessToken:
        """The outcome of the exchange under way, or of a new one."""
        has_passcode = passcode is not None
        while True:
            with self._lock:
                if self._is_closed:
                    raise Locked
                flight = self._flights.get(token_id)
                leads = flight is None
                if flight is None:
                    flight = self._flights[token_id] = Flight(has_passcode, in_background)
            if leads:
                self._fly(token_id, flight, passcode)
            else:
                flight.landed.wait()
            if flight.discarded is Discarded.LOCKED:
                raise Locked
            if flight.discarded is Discarded.EDITED:
                continue  # with what is stored now
            if flight.access is not None:
                return flight.access
            if flight.error is not None and (
                leads or flight.answers(has_passcode=has_passcode, in_background=in_background)
            ):
                raise flight.error

    def _fly(self, token_id: str, flight: Flight, passcode: Secret | None) -> None:
        try:
            flight.access = self._exchange(token_id, flight, passcode)
        except BaseException as error:  # noqa: BLE001  # raised anew for everyone who waits
            flight.error = error
        finally:
            with self._lock:
                if self._flights.get(token_id) is flight:
                    del self._flights[token_id]
            flight.landed.set()

    def _exchange(self, token_id: str, flight: Flight, passcode: Secret | None) -> AccessToken:
        token = self._store.token(token_id)
        secret = self._vault.open(
            self._store.sealed(token_id), token_id=token_id, endpoint=token.endpoint
        )
        try:
            access = self._try(token.endpoint, secret, flight, passcode)
        except ServiceError as error:
            self._note_failure(token, flight, error)
            raise
        self._hold_stranger(token, flight, access)
        with self._lock:
            if flight.discarded is not None:
                raise Locked
            self._cached[token_id] = access
            self._failures.pop(token_id, None)
            self._rests_until.pop(token_id, None)
        self._record(
            token_id,
            Result(State.READY, None, self._clock()),
            access=access,
            interactive=True if passcode is not None else None,
        )
        return access

    def _try(
        self, endpoint: str, secret: Secret, flight: Flight, passcode: Secret | None
    ) -> AccessToken:
        """The exchange, with the retries that somebody who waits may be given."""
        attempt = 0
        while True:
            try:
                return self._navigator.exchange(endpoint, secret, passcode)
            except ServiceError as error:
                pause = pause_before_retry(error, attempt, self._clock(), self._chance)
                if pause is None or flight.in_background or flight.discarded is not None:
                    raise
            self._wait(flight.called_off, pause)
            if flight.discarded is not None:
                raise Locked
            attempt += 1

    # ---- what came of it ----------------------------------------------------------------------

    def _hold_stranger(self, token: ApiToken, flight: Flight, access: AccessToken) -> None:
        """Holds a token whose claims name another organization than its row does."""
        known, told = token.organization.service_id, access.organization_id
        if flight.discarded is not None or not known or not told or known == told:
            return
        stored = {one.service_id: one.name for one in self._store.organizations()}
        found = stored.get(told) or self._navigator.organization_name(token.endpoint, access)
        with self._lock:
            self._cached.pop(token.id, None)
            self._found[token.id] = found or told
        self._record(token.id, Result(State.HELD, None, self._clock()))
        raise AnotherOrganization(token.organization.name, found or told)

    def _note_failure(self, token: ApiToken, flight: Flight, error: ServiceError) -> None:
        if flight.discarded is not None:
            return
        now, state = self._clock(), State.UNREACHABLE
        interactive = None
        if isinstance(error, Refused):
            state = State.REFUSED
        elif isinstance(error, PasscodeNeeded):
            # With a passcode, a dead token is refused in the same words: it stays refused.
            dead = error.wrong and token.result.state is State.REFUSED
            state = State.REFUSED if dead and not token.interactive else State.PASSCODE
            interactive = None if error.wrong else True
        with self._lock:
            if state is State.UNREACHABLE:
                count = self._failures[token.id] = self._failures.get(token.id, 0) + 1
                self._rests_until[token.id] = rest_until(error, count, now, self._chance)
            else:
                self._cached.pop(token.id, None)
        if state is not State.UNREACHABLE or token.result.state not in FINAL:
            # What only a person can settle is not settled by a network that is down.
            result = Result(state, error.stage, now, error.request_id)
            self._record(token.id, result, interactive=interactive)

    def _record(
        self,
        token_id: str,
        result: Result,
        *,
        access: AccessToken | None = None,
        interactive: bool | None = None,
    ) -> None:
        with suppress(AppError):  # a disk that is full does not spoil what the service has given
            self._store.record(
                token_id,
                result,
                user=access.user if access else "",
                organization_id=access.organization_id if access else "",
                interactive=interactive,
            )


def _default_min_life(access: AccessToken) -> timedelta:
    return min(DEFAULT_MIN_LIFE, access.life * 2 / 3)


def _ends_soon(access: AccessToken | None, now: datetime) -> bool:
    if access is None:
        return True
    return access.left(now) < _default_min_life(access) + min(AHEAD, access.life / 10)
