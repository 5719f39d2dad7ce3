"""What is found out about the way to an endpoint: the rungs of a ladder, or one cheap check."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.service import ServiceError


class Step(StrEnum):
    """The rungs of the ladder; all but the last are stages a conversation can fail at."""

    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    HTTP = "http"
    CLOCK = "clock"


class Outcome(StrEnum):
    """How a rung held."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `fact` is plain data, the same in every language.

    proxy: its address, empty for none. dns: the addresses. tcp: the address that answered. tls:
    version, issuer, last day of the certificate. http: the status. clock: the offset in seconds.
    `host` is whom the rung was about: through a proxy, dns and tcp concern the proxy.
    """

    stage: Step
    outcome: Outcome
    fact: str = ""
    host: str = ""
    elapsed: timedelta = timedelta(0)
    error: AppError | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """All six rungs, in order."""

    endpoint: str
    at: datetime
    rungs: tuple[Rung, ...]

    @property
    def failed(self) -> Rung | None:
        """The rung that did not hold, if any."""
        return next((rung for rung in self.rungs if rung.outcome is Outcome.FAILED), None)


@dataclass(frozen=True, slots=True)
class Health:
    """The outcome of one cheap check; see `Reply` for the two durations."""

    endpoint: str
    at: datetime
    round_trip: timedelta | None = None
    clock_offset: timedelta | None = None
    failure: ServiceError | None = None
