"""How far the way to an endpoint leads: proxy, DNS, TCP, TLS, HTTP, clock, rung by rung."""

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from partner_tokens.core.clock import Clock
from partner_tokens.core.connecting import (
    Route,
    addresses,
    connected,
    handshaken,
    offered_certificate,
    presented,
    tunnelled,
)
from partner_tokens.core.deadlines import Overdue, within
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import BrokenReply, Unreachable
from partner_tokens.core.failures import failure, is_untrusted
from partner_tokens.core.ladder import Health, Ladder, Outcome, Rung, Step
from partner_tokens.core.stages import Stage
from partner_tokens.core.tokens import host_of

if TYPE_CHECKING:
    from partner_tokens.core.certificates import Certificate
    from partner_tokens.core.transport import Reply, Transport

CLOCK_TOLERANCE = timedelta(seconds=60)
"""Beyond this the clock is worth a warning: certificates and lifetimes depend on it."""

RUNG_PATIENCE = timedelta(seconds=5)

Handed = TypeVar("Handed")


class Diagnosis:
    """Checks endpoints. Blocks, at most for the transport's deadline and some rungs' patience."""

    def __init__(self, transport: "Transport", clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    def check(self, endpoint: str) -> Health:
        """HEAD over a connection that is kept: any answer but 407 and 5xx is a sign of life.

        No health address is documented for the service.
        """
        try:
            reply = self._head(endpoint)
        except (Unreachable, BrokenReply) as error:
            return Health(endpoint, self._clock(), failure=error)
        return Health(endpoint, self._clock(), reply.round_trip, reply.clock_offset)

    def climb(self, endpoint: str) -> Ladder:
        """Tries each step by itself, up to the one that fails; those after it are skipped."""
        with ExitStack() as stack:
            climb = _Climb(endpoint, self._transport, self._clock, stack)
            climb.to_the_handshake()
        climb.on_top(lambda: self._head(endpoint))
        return Ladder(endpoint, self._clock(), tuple(climb.rungs[step] for step in Step))

    def _head(self, endpoint: str) -> "Reply":
        reply = self._transport.send("HEAD", f"{endpoint}/")
        status = reply.status
        if status == 407 or status >= 500:
            stage = Stage.PROXY if status == 407 else Stage.HTTP
            raise Unreachable(host_of(endpoint), stage, f"HTTP {status}", cause=str(status))
        return reply


class _Climb:
    """One way up, with what each rung hands to the next."""

    def __init__(
        self, endpoint: str, transport: "Transport", clock: Clock, stack: ExitStack
    ) -> None:
        self.rungs = {step: Rung(step, Outcome.SKIPPED) for step in Step}
        self._endpoint = endpoint
        self._host = host_of(endpoint)
        self._transport = transport
        self._clock = clock
        self._stack = stack
        self._started = 0.0

    def to_the_handshake(self) -> None:
        """Proxy, DNS, TCP and TLS."""
        route = self._rung(Step.PROXY, self._host, self._decide)
        if route is None:
            return
        hop, port = route.first_hop
        found = self._rung(Step.DNS, hop, lambda: self._resolve(route), route)
        if found is None:
            return
        sock = self._rung(Step.TCP, f"{hop}:{port}", lambda: self._connect(route, found), route)
        if sock is not None and route.secure and not route.proxy_is_secure:
            self._rung(Step.TLS, self._host, lambda: self._secure(route, sock), route)

    def on_top(self, head: Callable[[], "Reply"]) -> None:
        """HTTP and the clock, unless a rung below has failed."""
        if any(rung.outcome is Outcome.FAILED for rung in self.rungs.values()):
            return
        reply = self._rung(Step.HTTP, self._host, lambda: self._answer(head))
        if reply is None or reply.clock_offset is None:
            return
        offset = reply.clock_offset
        outcome = Outcome.WARNING if abs(offset) > CLOCK_TOLERANCE else Outcome.OK
        fact = f"{offset.total_seconds():+.0f} s"
        self.rungs[Step.CLOCK] = Rung(Step.CLOCK, outcome, fact, self._host)

    # ---- the steps ----------------------------------------------------------------------------

    def _decide(self) -> tuple[str, Route]:
        route = within(RUNG_PATIENCE, lambda: self._transport.route(self._endpoint))
        return route.proxy, route

    def _resolve(self, route: Route) -> tuple[str, tuple[str, ...]]:
        found = within(RUNG_PATIENCE, lambda: addresses(*route.first_hop))
        return ", ".join(found), found

    def _connect(self, route: Route, found: tuple[str, ...]) -> tuple[str, socket.socket]:
        sock = self._stack.enter_context(connected(found, route.first_hop[1], RUNG_PATIENCE))
        return str(sock.getpeername()[0]), sock

    def _secure(self, route: Route, sock: socket.socket) -> tuple[str, bool]:
        version, certificate = within(RUNG_PATIENCE, lambda: _handshake(route, sock))
        facts = [version, *_told(certificate)]
        return ", ".join(facts), True

    def _answer(self, head: Callable[[], "Reply"]) -> tuple[str, "Reply"]:
        reply = head()
        return str(reply.status), reply

    # ---- how they are written down ------------------------------------------------------------

    def _rung(
        self,
        step: Step,
        host: str,
        climb: Callable[[], tuple[str, Handed]],
        route: Route | None = None,
    ) -> Handed | None:
        """What the step hands on, written down with its fact; None if it fails."""
        started = time.perf_counter()
        fact, handed, error = "", None, None
        try:
            fact, handed = climb()
        except AppError as failed:
            error = failed
        except (OSError, Overdue) as failed:
            fact, error = self._read(failed, step, route)
        elapsed = timedelta(seconds=time.perf_counter() - started)
        outcome = Outcome.OK if error is None else Outcome.FAILED
        if error is not None and error.stage is Stage.PROXY and step is Step.TLS:
            was = self.rungs[Step.PROXY]  # the host was never spoken to
            step, host, fact = Step.PROXY, was.host, was.fact
        self.rungs[step] = Rung(step, outcome, fact, host, elapsed, error)
        return handed

    def _read(self, error: Exception, step: Step, route: Route | None) -> tuple[str, AppError]:
        """The fact and the error of ours for what a step has raised."""
        if isinstance(error, Overdue):
            return "", Unreachable(self._host, Stage.TIMEOUT, f"no answer in {RUNG_PATIENCE}")
        offered = None
        if route is not None and is_untrusted(error):
            with suppress(Overdue):
                offered = within(RUNG_PATIENCE, lambda: offered_certificate(route, RUNG_PATIENCE))
        named = failure(self._host, error, self._clock(), offered, Stage(step))
        if route is not None and route.proxy and named.stage in {Stage.DNS, Stage.TCP}:
            named = Unreachable(self._host, Stage.PROXY, named.details)
        return ", ".join(_told(offered)), named


def _handshake(route: Route, sock: socket.socket) -> tuple[str, "Certificate | None"]:
    with handshaken(route, tunnelled(route, sock)) as secured:
        return secured.version() or "", presented(secured)


def _told(certificate: "Certificate | None") -> list[str]:
    if certificate is None:
        return []
    return [certificate.issuer, f"{certificate.ends_at:%Y-%m-%d}"]
