"""The nouns: organization, API token, access token; and what a user may type for them."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.secret import Secret
from partner_tokens.core.stages import Stage

ENDPOINT_PRESETS = ("https://console.navigator.vmware.com", "https://console.cloud.vmware.com")
"""Hosts that serve /cphub today, by the vendor's documentation; the first is the default."""

LONGEST_NAME = 200
LONGEST_NOTE = 2_000
LONGEST_HOST, LONGEST_LABEL = 253, 63
LONGEST_API_TOKEN = 4_096
"""The vendor says 64 or 65 characters and is not sure of it; this only keeps out a pasted file."""

AROUND_TOKENS = "\"'“”‘’`\u200b\u2060\ufeff"
"""What mails, chats and spreadsheets put around a token."""

TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Signs that set the direction of all that follows: in a sentence, the words behind a name, too."""

PRODUCTION = "production"
"""What finds the tokens of organizations that are marked so; windows find it translated, too."""

ASK_AGAIN_AFTER = timedelta(days=1)
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class State(StrEnum):
    """What is known of an API token since it was last tried."""

    UNPROVEN = "unproven"
    READY = "ready"
    REFUSED = "refused"
    PASSCODE = "passcode"
    UNREACHABLE = "unreachable"
    UNREADABLE = "unreadable"
    HELD = "held"


class Kind(StrEnum):
    """What a stored secret is, and so how it is exchanged; chosen by the user, never by trial.

    A trial would hand the secret to a second address. For an OAuth app the secret is the text
    `client id:client secret`.
    """

    NAVIGATOR = "api-token"
    CLOUD_SERVICES = "cloud-services-token"
    OAUTH_APP_V1 = "oauth-app-v1"
    OAUTH_APP_V2 = "oauth-app-v2"

    @property
    def is_app(self) -> bool:
        """Whether it is an app's id and secret, not a user's API token."""
        return self in {Kind.OAUTH_APP_V1, Kind.OAUTH_APP_V2}

    @property
    def tells_dates(self) -> bool:
        """Whether its service documents how to ask when a token was made and when it ends."""
        return self is Kind.CLOUD_SERVICES


class Colour(StrEnum):
    """What an organization can be marked with; how it looks is the window's affair."""

    NONE = ""
    RED = "red"
    ORANGE = "orange"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"


@dataclass(frozen=True, slots=True)
class Organization:
    """A customer's organization; `service_id` is the id the service gave, once it is known."""

    name: str
    service_id: str = ""
    key: int = 0
    """The store's own number; 0 before it is stored."""
    colour: Colour = Colour.NONE
    production: bool = False
    """What is done with its tokens reaches customers who work."""
    note: str = ""
    paused_until: datetime | None = None
    """Until then the background exchanges none of its tokens."""

    def is_paused(self, now: datetime) -> bool:
        """Whether the background leaves its tokens alone."""
        return self.paused_until is not None and now < self.paused_until


@dataclass(frozen=True, slots=True)
class Result:
    """How the last attempt to use an API token ended."""

    state: State = State.UNPROVEN
    stage: Stage | None = None
    at: datetime | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the service said of an API token itself, when it was asked at `asked_at`."""

    asked_at: datetime
    name: str = ""
    made_at: datetime | None = None
    used_at: datetime | None = None
    """When any program last exchanged it, as far as the service knows."""

    def is_recent(self, now: datetime) -> bool:
        """Whether it was asked within the last day: no need to ask again, unless a user does."""
        return timedelta(0) <= now - self.asked_at < ASK_AGAIN_AFTER


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A stored API token without its secret: what the list shows."""

    id: str
    organization: Organization
    name: str
    endpoint: str
    added_at: datetime
    expiry: Expiry = field(default_factory=Expiry.unknown)
    user: str = ""
    note: str = ""
    pinned: bool = False
    interactive: bool = False
    """Its exchange wants a passcode, so the worker never tries it by itself."""
    result: Result = field(default_factory=Result)
    last_used_at: datetime | None = None
    key_id: str = ""
    """The data key its secret is sealed with."""
    nonce: bytes = b""
    """What its secret was sealed with: another one after each change of secret or endpoint."""
    kind: Kind = Kind.NAVIGATOR
    expiry_told: bool = False
    """The service told the expiry; else the user typed it."""
    particulars: Particulars | None = None
    use_weight: float = 0.0
    """How often it was used, late uses counting more, as of `last_used_at`: see core/ranking."""

    @property
    def version(self) -> tuple[bytes, str]:
        """What an exchange depends on: an access token belongs to the version it was made from."""
        return self.nonce, self.endpoint

    def was_moved(self, now: "ApiToken") -> bool:
        """Whether the same row, read `now`, belongs to another organization than it did here.

        An id of the service that became known meanwhile is no other organization, nor is a name
        that is written in other letters.
        """
        before, after = self.organization, now.organization
        if folded(before.name) != folded(after.name):
            return True
        return before.service_id not in {"", after.service_id}


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A short-lived token, as the header `csp-auth-token` takes it.

    `expires_at` is on this machine's clock; `life` is the whole life it was issued with;
    `assumed` says that the token could not be read and 30 minutes were taken for granted.
    Organization id and user come from unverified claims: for display and for warnings only.
    """

    value: Secret
    received_at: datetime
    expires_at: datetime
    life: timedelta
    endpoint: str
    """Who gave it: nobody else is to see it."""
    assumed: bool = False
    organization_id: str = ""
    user: str = ""
    clock_offset: timedelta | None = None
    """The service's clock minus this machine's, where its answer carried a date."""

    def left(self, now: datetime) -> timedelta:
        """How long it lives on; zero or less when it is over."""
        return self.expires_at - now

    def is_foreign_to(self, organization: Organization) -> bool:
        """Whether it was issued for another organization, as far as both ids are known."""
        told, known = self.organization_id, organization.service_id
        return bool(told and known) and told != known


def clean_api_token(text: str) -> Secret:
    """The API token in what was pasted: white space and quotes around it are taken off.

    Length and characters are not judged: the vendor's own pages disagree on both.
    Raises InputError where the text is plainly something else.
    """
    token = _bared(text)
    if not token:
        raise InputError(Problem.TOKEN_MISSING)
    if re.match(r"(?i)(authorization\s*:|csp-auth-token\s*:|bearer\s)", token):
        raise InputError(Problem.TOKEN_IS_HEADER)
    if re.fullmatch(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", token):
        raise InputError(Problem.TOKEN_IS_ACCESS_TOKEN)
    if len(token) > LONGEST_API_TOKEN:
        raise InputError(Problem.TOKEN_TOO_LONG)
    if re.search(r"\s", token) or not token.isprintable():
        raise InputError(Problem.TOKEN_HAS_SPACES)
    return Secret(token)


def _bared(text: str) -> str:
    """Without white space, quotes and invisible characters around it, however they are nested."""
    while (bare := text.strip().strip(AROUND_TOKENS)) != text:
        text = bare
    return text


def clean_endpoint(text: str) -> str:
    """The endpoint as `scheme://host[:port]`, lower case, without path.

    A bare host gets https. Plain http is taken for loopback alone. Raises InputError.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InputError(Problem.ENDPOINT_INVALID) from None
    if parts.username is not None or not _is_host(host):
        raise InputError(Problem.ENDPOINT_INVALID)
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK_HOSTS):
        raise InputError(Problem.ENDPOINT_NOT_HTTPS)
    shown = f"[{host}]" if ":" in host else host
    usual = port is None or port == {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{shown}" if usual else f"{parts.scheme}://{shown}:{port}"


def _is_host(name: str) -> bool:
    """Whether this can be a host: an IPv6 address, or labels within DNS's bounds (RFC 1035)."""
    if re.fullmatch(r"[0-9a-f:]*:[0-9a-f:]*", name):
        return True
    labels = name.removesuffix(".").split(".")
    return len(name) <= LONGEST_HOST and all(
        re.fullmatch(rf"[a-z0-9_-]{{1,{LONGEST_LABEL}}}", label) for label in labels
    )


def host_of(endpoint: str) -> str:
    """The endpoint without its scheme: what a user calls it."""
    return endpoint.partition("://")[2]


def clean_name(text: str, missing: Problem = Problem.NAME_MISSING) -> str:
    """A name in one line, white space folded, nothing in it that turns what stands beside it.

    Raises InputError.
    """
    name = " ".join(text.translate(TURNING).split())
    if not any(unicodedata.category(c)[0] in "LNPS" for c in name):  # nothing to be seen
        if any(unicodedata.category(c) == "Cc" for c in name):
            raise InputError(Problem.TEXT_UNPRINTABLE)
        raise InputError(missing)
    return _bounded(name, LONGEST_NAME)


def clean_note(text: str) -> str:
    """A note; line breaks stay. Raises InputError."""
    return _bounded(text.strip(), LONGEST_NOTE)


def clean_passcode(text: str) -> Secret:
    """Six digits, as the vendor's page on multi-factor authentication says. Raises InputError."""
    digits = "".join(text.split())
    if not re.fullmatch(r"[0-9]{6}", digits):
        raise InputError(Problem.PASSCODE_INVALID)
    return Secret(digits)


def _bounded(text: str, longest: int) -> str:
    if len(text) > longest:
        raise InputError(Problem.TEXT_TOO_LONG)
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise InputError(Problem.TEXT_UNPRINTABLE)
    return text


def folded(text: str) -> str:
    """The text for searching and sorting: without case and accents."""
    if text.isascii():  # nearly all are, and a list of thousands is folded at each start
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def naming_text(token: ApiToken) -> str:
    """What names it where nobody sees which was found, folded, a line each.

    Not its note and its user: both may speak of another organization.
    """
    home = token.organization
    mark = PRODUCTION if home.production else ""
    return folded(f"{home.name}\n{token.name}\n{home.service_id}\n{mark}")


def search_text(token: ApiToken) -> str:
    """What a search looks through, folded, a line each: its words must occur here."""
    organization = token.organization
    parts = [organization.name, token.name, token.note, organization.service_id, token.user]
    if organization.production:
        parts.append(PRODUCTION)
    return folded("\n".join(parts))
