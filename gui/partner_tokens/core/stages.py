"""How far a conversation with the service came, and what was wrong there."""

from enum import StrEnum


class Stage(StrEnum):
    """How far a conversation with the service came before it failed."""

    PROXY = "proxy"
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    TIMEOUT = "timeout"
    HTTP = "http"
    REPLY = "reply"


class Flaw(StrEnum):
    """What was wrong at a stage, where that can be told; each is told in words of its own."""

    NO_ROUTE = "no route"
    SILENT = "silent"
    """Nobody takes the connection, and nobody refuses it."""
    CUT_OFF = "cut off"
    """The other side ends the connection before it has answered."""
    HALF = "half an answer"
    EXPIRED = "expired"
    NOT_YET = "not yet valid"
    WRONG_HOST = "wrong host"
    SELF_SIGNED = "self-signed"
    OLD_TLS = "old TLS"
    NOT_TLS = "not TLS"
    NOT_HTTP = "not HTTP"
    """A proxy of another kind, as SOCKS, which we do not speak."""
    TOO_LONG = "too long"
    PACKED = "packed"
    NOT_TEXT = "not text"
    NOT_JSON = "not JSON"
    TOO_DEEP = "too deep"
    TWICE = "twice"
    NO_TOKEN = "no token"
