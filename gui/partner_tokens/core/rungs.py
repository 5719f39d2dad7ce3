"""The rungs of the connectivity ladder in words: for the window and for the terminal alike."""

from datetime import timedelta

from partner_tokens.core.ladder import Ladder, Outcome, Rung, Step
from partner_tokens.core.language import _
from partner_tokens.core.wording import span_words

AGREES_WITHIN = 2
"""Seconds: an HTTP date has whole ones, so less is no difference."""


def step_name(step: Step) -> str:
    """What a rung is called."""
    return {
        Step.PROXY: _("Proxy"),
        Step.DNS: _("Host name (DNS)"),
        Step.TCP: _("Connection (TCP)"),
        Step.TLS: _("Encryption (TLS)"),
        Step.HTTP: _("Service (HTTP)"),
        Step.CLOCK: _("Clock"),
    }[step]


def outcome_word(outcome: Outcome) -> str:
    """How a rung held."""
    return {
        Outcome.OK: _("ok"),
        Outcome.WARNING: _("warning"),
        Outcome.FAILED: _("failed"),
        Outcome.SKIPPED: _("not tried"),
    }[outcome]


def elapsed_words(elapsed: timedelta) -> str:
    """How long a rung took: `12 ms`; empty if no time was taken."""
    if not elapsed:
        return ""
    milliseconds = round(elapsed.total_seconds() * 1000)
    return _("{count} ms").format(count=milliseconds) if milliseconds else _("under 1 ms")


def fact_words(rung: Rung, ladder: Ladder) -> str:
    """What was found, or why nothing was."""
    if rung.outcome is Outcome.SKIPPED:
        return _skipped_words(rung, ladder)
    if rung.outcome is Outcome.FAILED:
        title = rung.error.title if rung.error else ""
        return " ".join(part for part in (title, _found(rung)) if part)
    return _found(rung)


def _found(rung: Rung) -> str:
    match rung.stage:
        case Step.PROXY if not rung.fact:
            return "" if rung.outcome is Outcome.FAILED else _("none, straight to the host")
        case Step.TLS:
            return _certificate_words(rung.fact)
        case Step.HTTP if rung.fact:
            return _("answered with status {status}").format(status=rung.fact)
        case Step.CLOCK:
            return offset_words(rung)
        case _:
            return rung.fact


def _skipped_words(rung: Rung, ladder: Ladder) -> str:
    failed = ladder.failed
    if failed is not None and list(Step).index(failed.stage) < list(Step).index(rung.stage):
        return ""
    match rung.stage:
        case Step.TLS if ladder.endpoint.startswith("http:"):
            return _("plain HTTP, which never leaves this computer")
        case Step.TLS:
            return _("made inside the connection to the proxy")
        case Step.CLOCK:
            return _("the answer did not tell the time")
        case _:
            return ""


def _certificate_words(fact: str) -> str:
    """The diagnosis gives `TLSv1.3, issuer, 2027-01-31`; an untrusted one has no version."""
    version, _comma, rest = fact.partition(", ") if fact.startswith("TLSv") else ("", "", fact)
    issuer, _comma, until = rest.rpartition(", ")
    if not until:
        return fact
    told = _("valid until {date}").format(date=until)
    if issuer:
        told = _("issued by {issuer}, valid until {date}").format(issuer=issuer, date=until)
    return f"{version}, {told}" if version else told


def offset_words(rung: Rung) -> str:
    """Our clock against the service's; the diagnosis gives `+90 s`, theirs less ours."""
    seconds = float(rung.fact.split()[0])
    if abs(seconds) < AGREES_WITHIN:
        return _("agrees with the service's")
    span = span_words(timedelta(seconds=abs(seconds)))
    if seconds > 0:
        return _("this computer's clock is {span} behind").format(span=span)
    return _("this computer's clock is {span} ahead").format(span=span)
