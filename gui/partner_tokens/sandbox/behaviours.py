"""How the service in small answers: ways to behave, known tokens, switches of the whole."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from partner_tokens.core.tokens import Kind


class Behaviour(StrEnum):
    """What the service does with a request; one a token, or one for every request."""

    FINE = "fine"
    PASSCODE = "passcode"
    """Wants a passcode and says so."""
    PASSCODE_UNSAID = "passcode unsaid"
    """Wants a passcode, and without one just refuses."""
    REFUSED_CSP = "refused csp"
    """400 invalid_grant of the platform; its message repeats the API token's tail."""
    REFUSED_CSP_404 = "refused csp 404"
    REFUSED_CPN = "refused cpn"
    """401 with majorErrorCode and minorErrorCode."""
    FORBIDDEN = "forbidden"
    """403 with a reason but without invalid_grant."""
    THROTTLED = "throttled"
    """429 with Retry-After, see Switches.retry_after."""
    BAD_GATEWAY = "bad gateway"
    """502 with a web page."""
    UNAVAILABLE = "unavailable"
    """503 with JSON."""
    SLOW_REQUEST = "slow request"
    """408."""
    SIGN_IN_PAGE = "sign-in page"
    """200 with a web page, as a Wi-Fi portal sends it."""
    NOT_FOUND_PAGE = "not found page"
    """404 with a web page: a wrong endpoint."""
    GARBAGE = "garbage"
    """201 with a body that is not JSON, whatever its header says."""
    EMPTY_TOKEN = "empty token"
    """201 without an access token."""
    INJECTION = "injection"
    """201 with line breaks inside the access token."""
    OPAQUE = "opaque"
    """201 with an access token that is no JWT."""
    REDIRECT = "redirect"
    """See Switches.redirect_to and redirect_status."""
    OVERSIZE = "oversize"
    """201 with 64 MiB."""
    BOMB = "bomb"
    """201 with a small gzip body that unpacks to 64 MiB."""
    TRUNCATED = "truncated"
    """201 whose body ends before its announced length."""
    DRIP = "drip"
    """A body that comes byte by byte and never ends."""
    DRIP_HEADERS = "drip headers"
    HANG = "hang"
    """Nothing is ever answered."""
    HANG_UP = "hang up"
    """The connection is closed without an answer."""


@dataclass(frozen=True, slots=True)
class KnownToken:
    """An API token the service knows, and what it answers for it.

    An app's is the text `client id:client secret`. Other kinds are asked for at other addresses;
    what is sent to the wrong one is refused. The three instants and `name` are what the platform
    tells of an API token; 0 where there is no such instant.
    """

    api_token: str = field(repr=False)
    organization_id: str
    organization: str
    user: str = "ana@partner.example"
    behaviour: Behaviour = Behaviour.FINE
    life: timedelta = timedelta(minutes=30)
    roles: int = 3
    passcode: str = "123456"
    tells_organization: bool = True
    """Whether the organization's record may be read; else the role is too small: 403."""
    kind: Kind = Kind.NAVIGATOR
    name: str = ""
    made_at: datetime | None = None
    expires_at: datetime | None = None
    used_at: datetime | None = None
    tenants: tuple[tuple[str, str], ...] = ()
    """Ids and names of a provider's customers; without any, it is no provider: 403."""
    unlisted: tuple[str, ...] = ()
    """Ids of customers that only the organization's own record names."""
    tells_dates: bool = True
    """Whether the platform knows it: some API tokens of the Navigator it may not."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What holds for the whole service, whichever token is asked for."""

    everywhere: Behaviour | None = None
    """If set, every request gets this, HEAD / too."""
    heads: Behaviour | None = None
    """If set, each HEAD gets this: what stands before the service knows exchanges only."""
    clock_skew: timedelta = timedelta(0)
    """How far the service's clock runs ahead: in its Date header and its claims."""
    tells_date: bool = True
    retry_after: str = "2"
    redirect_to: str = "https://elsewhere.example/"
    redirect_status: int = 307
    delay_seconds: float = 0.0
    """How long each request is thought over."""
    counts_milliseconds: bool = False
    """Whether instants of API tokens are told in milliseconds: both have been seen."""
    drip_seconds: float = 0.05
    """The pause between two dripping bytes."""


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request as it came in; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime
