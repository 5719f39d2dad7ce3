"""An answer of the service read safely: JSON or not, both families of errors, no secrets."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partner_tokens.core.instants import http_date
from partner_tokens.core.redaction import LONG, STRUCK, gives_away, redact
from partner_tokens.core.stages import Flaw

if TYPE_CHECKING:
    from partner_tokens.core.secret import Secret
    from partner_tokens.core.transport import Reply

LONGEST_RETRY = timedelta(hours=1)
"""Retry-After may say a year, by mistake or malice: it is heeded for so long."""

LONGEST_READ = 1000
LONGEST_DETAILS = 300

PASSCODE_WORDS = re.compile(
    r"pass[\s_-]?code|\bmfa\b|mfa_|_mfa|multi[\s_-]?factor|\bt?otp\b|one[\s_-]?time|2fa|two[\s_-]?factor",
    re.IGNORECASE,
)
"""How the service asks for a passcode is not documented; any of these words will do."""

FAMILY_FIELDS = ("cspErrorCode", "moduleCode", "majorErrorCode", "minorErrorCode")
"""CSP (vendor's page of api-tokens/authorize) and Navigator (page of orgs/orgId/users, DELETE)."""

MESSAGE_FIELDS = ("message", "error_description", "error_message", "error", "errorCode")
"""Where the two families, OAuth and the services behind the same token put their sentence."""

REQUEST_ID_FIELDS = ("requestId", "traceId")
REQUEST_ID_HEADERS = ("x-request-id", "x-b3-traceid", "x-trace-id")


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error says, raw: for classifying only, never to be shown as it stands."""

    fields: Mapping[str, object]

    @property
    def is_known(self) -> bool:
        """Whether it is an error of the service itself, not of something in between."""
        return any(name in self.fields for name in FAMILY_FIELDS)

    @property
    def has_reason(self) -> bool:
        """Whether it says anything at all."""
        return self.is_known or bool(self.message)

    @property
    def message(self) -> str:
        """The sentence, and the codes."""
        names = (*MESSAGE_FIELDS, *FAMILY_FIELDS)
        values = [self.fields.get(name) for name in names]
        return " ".join(dict.fromkeys(str(v) for v in values if isinstance(v, str | int) and v))

    @property
    def is_invalid_grant(self) -> bool:
        """Seen in public code for expired, revoked and deactivated tokens alike."""
        return "invalid_grant" in self.message.lower()

    @property
    def wants_passcode(self) -> bool:
        """A recognised signal; that there is none proves nothing."""
        return bool(PASSCODE_WORDS.search(self.message))


def json_object(reply: "Reply") -> dict[str, object] | None:
    """The body as a JSON object, whatever its Content-Type; None for anything else."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_object(reply: "Reply") -> dict[str, object] | Flaw:
    """As `json_object`, and strict: else what is wrong. A name that stands twice is a flaw, too."""
    try:
        text = reply.body.decode(json.detect_encoding(reply.body))
        found = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        return Flaw.NOT_TEXT
    except RecursionError:
        return Flaw.TOO_DEEP
    except _Twice:
        return Flaw.TWICE
    except ValueError:
        return Flaw.NOT_JSON
    return found if isinstance(found, dict) else Flaw.NOT_JSON


class _Twice(ValueError):
    """A name stands twice in one object: programs differ in which of the values holds."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _Twice
    return made


def is_web_page(reply: "Reply") -> bool:
    """Whether this is for people to look at: a portal's sign-in page, a proxy's excuse."""
    kind = reply.headers.get("Content-Type", "").lower()
    return "html" in kind or reply.body.lstrip()[:9].lower().startswith((b"<!doctype", b"<html"))


def request_id(reply: "Reply", fields: Mapping[str, object], *secrets: "Secret | None") -> str:
    """What support asks for; empty where it is missing or odd, or repeats a secret.

    A UUID, hexadecimal digits, or letters, digits and dashes: more is no id.
    """
    candidates = [fields.get(name) for name in REQUEST_ID_FIELDS]
    candidates += [reply.headers.get(name) for name in REQUEST_ID_HEADERS]
    for candidate in candidates:
        if isinstance(candidate, str) and re.fullmatch(r"[A-Za-z0-9-]{1,64}", candidate):
            is_clean = redact(candidate, *secrets) == candidate
            return candidate if is_clean and not gives_away(candidate, *secrets) else ""
    return ""


def retry_at(reply: "Reply") -> datetime | None:
    """When Retry-After allows the next try, in seconds or as an HTTP date; None if it is silent.

    At most LONGEST_RETRY ahead.
    """
    told = reply.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", told):
        return reply.received_at + min(timedelta(seconds=int(told)), LONGEST_RETRY)
    date = http_date(told)
    if date is None:
        return None
    return min(date - (reply.clock_offset or timedelta(0)), reply.received_at + LONGEST_RETRY)


def redacted(text: str, *secrets: "Secret | None") -> str:
    """The text in one short line, without these secrets, pieces of them, and all that looks alike.

    The service has been seen to repeat the last five characters of an API token. A long word may
    be one in a disguise nobody has thought of; sentences for people have none.
    """
    return LONG.sub(STRUCK, redact(_line(text), *secrets))[:LONGEST_DETAILS]


def redacted_target(text: str, *secrets: "Secret | None") -> str:
    """As `redacted`, for a host or path: a long one stays, unless it is a secret in disguise."""
    line = redact(_line(text), *secrets)[:LONGEST_DETAILS]
    return STRUCK if gives_away(line, *secrets) else line


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text[:LONGEST_READ]).split())
